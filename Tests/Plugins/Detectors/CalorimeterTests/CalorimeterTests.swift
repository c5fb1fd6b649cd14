import Calorimeter
import Foundation
import NuTuneCore
import NuTuneNumerics
import Smearing
import Testing

@Suite("calorimeter")
struct CalorimeterTests {
  static func detector(_ changes: [String: Double] = [:]) throws -> CalorimeterDetector {
    let values = CalorimeterDetector.descriptor.parameters.defaults()
    return try CalorimeterDetector(
      PluginConfiguration(parameters: values.setting(changes.mapValues { .number($0) })))
  }

  private func probabilities(_ changes: [String: Double], _ edges: [Double], _ transfers: [Double]) throws -> [[Double]]
  {
    try Self.detector(changes).hadronicResponse(for: Axis(.hadronicEnergy, edges: edges)).probabilities(at: transfers)
  }

  @Test("without spread, differences of a Gaussian distribution function")
  func gaussian() throws {
    let edges = [0, 0.1, 0.3, 0.7, 1.5, 4]
    let transfers = [0, 0.03, 0.2, 0.8, 2.5, 9]
    let found = try probabilities(["scale": 1.1], edges, transfers)
    for (index, omega) in transfers.enumerated() {
      let width = (0.09 * omega + 0.01 * omega * omega + 1e-4).squareRoot()
      let below = edges.map { 0.5 * (1 + SpecialFunctions.erf(($0 - 1.1 * 0.85 * omega) / (width * 2.0.squareRoot()))) }
      for bin in 0..<5 {
        let expected = (bin == 4 ? 1 : below[bin + 1]) - (bin == 0 ? 0 : below[bin])
        #expect(abs(found[bin][index] - expected) < 3e-12, "bin \(bin) at \(omega)")
      }
    }
    // Below zero as at zero.
    #expect(try probabilities([:], edges, [-0.2]) == probabilities([:], edges, [0]))
  }

  /// Mean, variance and third moment of x ω plus a Gaussian, the last of the beta distribution alone. Bins of 4 MeV move
  /// the variance by their width squared over twelve.
  @Test("moments are those of a beta distribution and a Gaussian", arguments: [(0.85, 0.1), (0.7, 0.2), (0.9, 0.02)])
  func moments(_ mean: Double, _ spread: Double) throws {
    let (omega, step) = (1.5, 0.004)
    let edges = (0...700).map { step * Double($0) }
    let changes = [
      "visible": mean, "spread": spread, "scale": 1.2, "stochastic": 0.05, "constant": 0.05, "noise": 0.03,
    ]
    let found = try probabilities(changes, edges, [omega]).map { $0[0] }
    let centers = edges.dropLast().map { $0 + step / 2 }
    let first = zip(found, centers).reduce(0) { $0 + $1.0 * $1.1 }
    func central(_ order: Double) -> Double { zip(found, centers).reduce(0) { $0 + $1.0 * pow($1.1 - first, order) } }
    let width2 = 0.0025 * omega + 0.0025 * omega * omega + 0.0009
    let scale = 1.2 * omega
    #expect(abs(first - scale * mean) < 1e-4)
    let variance = scale * scale * spread * spread + width2
    #expect(abs(central(2) - step * step / 12 - variance) < 2e-3 * variance)
    let concentration = mean * (1 - mean) / (spread * spread) - 1
    let skewness =
      2 * (1 - 2 * mean) * (concentration + 1).squareRoot()
      / ((concentration + 2) * (mean * (1 - mean)).squareRoot())
    let third = skewness * pow(scale * spread, 3)
    #expect(abs(central(3) - third) < 0.03 * abs(third) + 1e-6, "\(central(3)) and \(third)")
  }

  @Test("probabilities sum to one, whatever the numbers, and one bin holds everything")
  func sums() throws {
    let edges = [0, 0.05, 0.2, 0.6, 1.4, 3, 8]
    let transfers = (0...60).map { 0.2 * Double($0) - 0.1 }
    let extremes: [[String: Double]] = [
      [:], ["spread": 0.3], ["stochastic": 0, "constant": 0, "noise": 0],
      ["stochastic": 0, "constant": 0, "noise": 0, "spread": 0.2], ["threshold": 0.5, "spread": 0.1],
      ["threshold": 20], ["visible": 1, "scale": 2, "constant": 1],
    ]
    for changes in extremes {
      let found = try probabilities(changes, edges, transfers)
      for index in transfers.indices {
        #expect(found.allSatisfy { $0[index] >= 0 && $0[index] <= 1 })
        #expect(abs(found.reduce(0) { $0 + $1[index] } - 1) < 1e-14, "\(changes) at \(transfers[index])")
      }
      #expect(try probabilities(changes, [0, 1], transfers) == [transfers.map { _ in 1 }])
    }
  }

  @Test("what is measured below the threshold is in the lowest bin")
  func threshold() throws {
    let edges = [0, 0.1, 0.2, 0.3, 1]
    let without = try probabilities(["spread": 0.1], [0, 0.25, 0.3, 1], [0.5]).map { $0[0] }
    let found = try probabilities(["spread": 0.1, "threshold": 0.25], edges, [0.5]).map { $0[0] }
    #expect(abs(found[0] - without[0]) < 1e-15 && found[0] > 0.1)
    #expect(found[1] == 0 && abs(found[2] - without[1]) < 1e-15 && abs(found[3] - without[2]) < 1e-15)
  }

  @Test("the lepton is measured by another detector")
  func lepton() throws {
    let defaults = SmearingDetector.descriptor.parameters.defaults()
    let smearing = try SmearingDetector(PluginConfiguration(parameters: defaults))
    var configuration = PluginConfiguration(parameters: CalorimeterDetector.descriptor.parameters.defaults())
    try configuration.addComponent("lepton", SmearingDetector.self, from: PluginConfiguration(parameters: defaults))
    let detector = try CalorimeterDetector(configuration)
    let binning = try Binning(Axis(.leptonEnergy, edges: [0.5, 1, 2]), Axis(.cosTheta, edges: [0, 0.8, 1]))
    #expect(try detector.trueBinning(for: binning) == smearing.trueBinning(for: binning))
    let content = [Double](repeating: 1, count: try smearing.trueBinning(for: binning).count)
    for factor in [1, 1.03] {
      let (one, other) = (detector.scaled(energyBy: factor), smearing.scaled(energyBy: factor))
      #expect(try one.response(for: binning).apply(content) == other.response(for: binning).apply(content))
    }
    #expect(detector.hasEnergyScale)
    let ideal = try Self.detector()
    #expect(try !ideal.hasEnergyScale && ideal.trueBinning(for: binning) == binning)
    guard case .identity = try ideal.response(for: binning) else {
      Issue.record("a smeared lepton")
      return
    }
  }

  @Test("numbers of the response can be varied, within their ranges")
  func varied() throws {
    let axis = try Axis(.hadronicEnergy, edges: [0, 0.2, 0.5, 1, 3])
    let transfers = [0.1, 0.6, 1.8]
    let made = try Self.detector(["scale": 1.02, "stochastic": 0.4])
    let varied = try Self.detector().settingHadronicParameters(["scale": 1.02, "stochastic": 0.4])
    #expect(
      try varied.hadronicResponse(for: axis).probabilities(at: transfers)
        == made.hadronicResponse(for: axis).probabilities(at: transfers))
    #expect(varied.hadronicParameters["scale"] == 1.02 && varied.hadronicParameters["visible"] == 0.85)
    func sentence(_ values: [String: Double]) -> String {
      do {
        _ = try Self.detector().settingHadronicParameters(values)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      sentence(["scal": 1]).contains("expected one of visible, spread, scale, stochastic, constant, noise, threshold"))
    #expect(sentence(["scale": 3]).hasPrefix("scale: found 3.0; expected"))
    #expect(sentence(["spread": 0.44]).hasPrefix("spread: found 0.44; expected less than 0.357"))
  }

  @Test("antineutrinos may show less of their hadrons than neutrinos")
  func antineutrinos() throws {
    let axis = try Axis(.hadronicEnergy, edges: [0, 0.2, 0.5, 1, 3])
    let transfers = [0.1, 0.6, 1.8]
    func probabilities(_ changes: [String: Double], _ species: NeutrinoSpecies) throws -> [[Double]] {
      try Self.detector(changes).hadronicResponse(for: axis, of: species).probabilities(at: transfers)
    }
    let own = ["antineutrino_visible": 0.7, "spread": 0.1]
    #expect(try probabilities(own, .numubar) == probabilities(["visible": 0.7, "spread": 0.1], .numu))
    #expect(try probabilities(own, .numu) == probabilities(["spread": 0.1], .numu))
    #expect(try probabilities(own, .nuebar) != probabilities(own, .nue))
    #expect(try probabilities(["spread": 0.1], .numubar) == probabilities(["spread": 0.1], .numu))
    // A number that is not given is none that could be fitted.
    #expect(try Self.detector().hadronicParameters["antineutrino_visible"] == nil)
    #expect(throws: NuTuneError.self) { try Self.detector(["antineutrino_visible": 0.01, "spread": 0.2]) }
    let varied = try Self.detector(own).settingHadronicParameters(["antineutrino_visible": 0.8])
    #expect(
      try varied.hadronicResponse(for: axis, of: .numubar).probabilities(at: transfers)
        == probabilities(["visible": 0.8, "spread": 0.1], .numu))
  }

  @Test("a dependence on Q² is a scale of its own at every Q²")
  func momentumTransfer() throws {
    let axis = try Axis(.hadronicEnergy, edges: [0, 0.2, 0.5, 1, 3])
    let (transfers, squares) = ([0.3, 0.9, 0.9, 2.0], [0.0, 0.25, 4.0, -0.01])
    let found = try Self.detector(["q2_dependence": 0.2, "spread": 0.1]).hadronicResponse(for: axis)
    let probabilities = try found.probabilities(at: transfers, q2: squares)
    #expect(found.dependsOnQ2)
    for (point, factor) in [1, 1.04, 1.16, 1].enumerated() {
      let scaled = try Self.detector(["scale": factor, "spread": 0.1]).hadronicResponse(for: axis)
      let expected = try scaled.probabilities(at: [transfers[point]])
      for bin in 0..<4 { #expect(abs(probabilities[bin][point] - expected[bin][0]) < 1e-14) }
    }
    let plain = try Self.detector().hadronicResponse(for: axis)
    #expect(!plain.dependsOnQ2)
    #expect(try plain.probabilities(at: transfers, q2: squares) == plain.probabilities(at: transfers))
  }
}
