import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

@Suite("Gradients of oscillation probabilities")
struct GradientTests {
  private static let names = ["sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp", "dm2_21", "dm2_31"]
  private static let names32 = names.dropLast() + ["dm2_32"]
  private static let dune = Baseline(length: 1284.9, density: 2.848)

  private static func models(_ count: Int, seed: UInt64) -> [ThreeFlavorModel] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { index in
      var mixing = MixingParameters.random(&random)
      mixing.sin2Theta12 = .random(in: 0.1...0.9, using: &random)
      mixing.sin2Theta13 = .random(in: 0.1...0.9, using: &random)
      mixing.sin2Theta23 = .random(in: 0.1...0.9, using: &random)
      mixing.deltaMassSquared31 = abs(mixing.deltaMassSquared31) * (index % 2 == 0 ? 1 : -1)
      return ThreeFlavorModel(mixing: mixing)
    }
  }

  private static let energies = (0..<70).map { 0.4 * pow(1.06, Double($0)) }

  /// Fourth-order central differences in one parameter, the other `names` held; shape [9][energies].
  ///
  /// Over steps of 10⁻⁴ of a phase of 2.6 to 25 rad, or of 10⁻⁴ in sin²θ ≥ 0.1, the fourth power of the step leaves
  /// 10⁻¹¹; rounding of probabilities, 10⁻¹⁵ over the step, 10⁻¹⁰.
  private func differences(
    _ model: ThreeFlavorModel, _ name: String, _ names: [String], _ baseline: Baseline, _ helicity: Helicity
  ) throws -> [Double] {
    var fixed: [String: Double] = [:]
    for name in names { fixed[name] = try model.value(of: name) }
    let value = try model.value(of: name)
    let step = 1e-4 * Self.size(name, value)
    func shifted(_ steps: Double) throws -> [Double] {
      var changes = fixed
      changes[name] = value + steps * step
      return try model.setting(changes).probabilities(at: Self.energies, over: baseline, helicity: helicity).values
    }
    let points = try [-2.0, -1, 1, 2].map(shifted)
    return points[0].indices.map {
      (8 * (points[2][$0] - points[1][$0]) - (points[3][$0] - points[0][$0])) / (12 * step)
    }
  }

  /// One for angles and the phase, the value of a splitting: derivatives times it are of order of the phase.
  private static func size(_ name: String, _ value: Double) -> Double { name.hasPrefix("dm2") ? abs(value) : 1 }

  @Test("against differences, both orderings", arguments: [0, 2.848, 11], Helicity.allCases)
  func finiteDifferences(density: Double, helicity: Helicity) throws {
    let baseline = Baseline(length: 1284.9, density: density)
    for (index, model) in Self.models(20, seed: 41).enumerated() {
      let names = index % 4 < 2 ? Self.names : Array(Self.names32)
      let gradients = try model.probabilityGradients(
        of: names, at: Self.energies, over: baseline, helicity: helicity)
      let plain = try model.probabilities(at: Self.energies, over: baseline, helicity: helicity)
      #expect(zip(gradients.probabilities.values, plain.values).allSatisfy { abs($0 - $1) < 1e-14 })
      let block = plain.values.count
      for (position, name) in names.enumerated() {
        let expected = try differences(model, name, names, baseline, helicity)
        let size = try Self.size(name, model.value(of: name))
        let computed = gradients.values[position * block..<(position + 1) * block]
        let largest = zip(computed, expected).map { abs($0 - $1) * size / (1 + abs($1) * size) }.max() ?? .infinity
        #expect(largest < 1e-9, "\(name) \(model.mixing)")
      }
    }
  }

  @Test("sums over final and initial flavours do not change", arguments: [0, 2.848])
  func unitarity(density: Double) throws {
    let baseline = Baseline(length: 1284.9, density: density)
    for model in Self.models(20, seed: 42) {
      let gradients = try model.probabilityGradients(
        of: Self.names, at: Self.energies, over: baseline, helicity: .neutrino)
      for (position, name) in Self.names.enumerated() {
        let size = try Self.size(name, model.value(of: name))
        for index in Self.energies.indices {
          for flavor in LeptonFlavor.allCases {
            let row = LeptonFlavor.allCases.reduce(0) { $0 + gradients[position, flavor, $1].first(index) }
            let column = LeptonFlavor.allCases.reduce(0) { $0 + gradients[position, $1, flavor].first(index) }
            #expect(abs(row * size) < 1e-13 && abs(column * size) < 1e-13)
          }
        }
      }
    }
  }

  /// P(ν_μ → ν_e) = sin²θ₂₃ sin²2θ₁₃/C² sin²(C Δ), C² = sin²2θ₁₃ + (cos 2θ₁₃ − a/Δm²₃₁)².
  @Test("without the solar splitting: two-flavour MSW", arguments: [2.5e-3, -2.5e-3], [0, 4.5])
  func twoFlavors(splitting: Double, density: Double) throws {
    let (s13, s23, length) = (0.022, 0.6, 7000.0)
    let model = ThreeFlavorModel(
      mixing: MixingParameters(
        sin2Theta12: 0.3, sin2Theta13: s13, sin2Theta23: s23, deltaCP: 1.1, deltaMassSquared21: 0,
        deltaMassSquared31: splitting))
    let energies = stride(from: 0.5, through: 40, by: 0.25).map { $0 }
    let names = ["sin2_theta13", "sin2_theta23", "delta_cp", "sin2_theta12", "dm2_31"]
    for helicity in Helicity.allCases {
      let gradients = try model.probabilityGradients(
        of: names, at: energies, over: Baseline(length: length, density: density), helicity: helicity)
      for (index, energy) in energies.enumerated() {
        let ratio = helicity.sign * model.constants.potential * 0.5 * density * energy / splitting
        let sin2 = 4 * s13 * (1 - s13)
        let cos2 = 1 - 2 * s13
        let c2 = sin2 + pow(cos2 - ratio, 2)
        let c = c2.squareRoot()
        let delta = model.constants.phase * splitting * length / energy
        let square = pow(sin(c * delta), 2)
        let conversion = sin2 / c2 * square
        // ∂/∂C² at fixed sin²2θ₁₃ and Δ.
        let byC2 = -conversion / c2 + sin2 / c2 * sin(2 * c * delta) * delta / (2 * c)
        let by13 = 4 * cos2 * square / c2 + byC2 * (4 * cos2 - 4 * (cos2 - ratio))
        let bySplitting = byC2 * 2 * (cos2 - ratio) * ratio + sin2 / c2 * sin(2 * c * delta) * c * delta
        let computed = names.indices.map { gradients[$0, .muon, .electron].first(index) }
        #expect(abs(computed[0] - s23 * by13) < 1e-10)
        #expect(abs(computed[1] - conversion) < 1e-12)
        #expect(abs(computed[2]) < 1e-12 && abs(computed[3]) < 1e-12)
        #expect(abs(computed[4] * splitting - s23 * bySplitting) < 1e-10)
        #expect(abs(gradients[0, .electron, .electron].first(index) + by13) < 1e-10)
      }
    }
  }

  @Test("a potential of one part in 1e13 is vacuum")
  func smallPotential() throws {
    for model in Self.models(10, seed: 43) {
      let matter = try model.probabilityGradients(
        of: Self.names, at: Self.energies, over: Baseline(length: 1284.9, density: 1e-13), helicity: .neutrino)
      let vacuum = try model.probabilityGradients(
        of: Self.names, at: Self.energies, over: Baseline(length: 1284.9, density: 0), helicity: .neutrino)
      let block = 9 * Self.energies.count
      for (position, name) in Self.names.enumerated() {
        let size = try Self.size(name, model.value(of: name))
        for index in position * block..<(position + 1) * block {
          #expect(abs(matter.values[index] - vacuum.values[index]) * size < 1e-11)
        }
      }
    }
  }

  @Test("where masses in matter meet, or nearly do, derivatives stay finite and steady")
  func degenerate() throws {
    let potential = OscillationConstants.codata.potential * 0.5 * 2.848
    for solar in [0, 1e-20, 1e-12, 7.5e-5] {
      for square in [1e-40, 1e-14, 1e-8, 0.022] {
        var mixing = MixingParameters.nufit60NormalOrdering
        mixing.deltaMassSquared21 = solar
        mixing.sin2Theta13 = square
        // The crossing of the second and third mass: closest at a = Δm²₃₁ cos 2θ₁₃.
        let crossing = mixing.deltaMassSquared31 * (1 - 2 * square) / potential
        let energies = [-1e-9, -1e-15, 0, 1e-15, 2e-15, 1e-9].map { crossing * (1 + $0) }
        let gradients = try ThreeFlavorModel(mixing: mixing).probabilityGradients(
          of: Self.names, at: energies, over: Self.dune, helicity: .neutrino)
        #expect(gradients.values.allSatisfy { $0.isFinite })
        for row in stride(from: 0, to: gradients.values.count, by: energies.count) {
          let values = gradients.values[row..<row + energies.count]
          let name = Self.names[row / (9 * energies.count)]
          let size = try Self.size(name, mixing.value(of: name))
          let magnitude = values.map { abs($0) }.max() ?? 0
          #expect(values.allSatisfy { abs($0 - values[row]) * size < 1e-12 + 1e-7 * magnitude * size }, "\(mixing)")
        }
      }
    }
  }

  @Test("the default of the protocol, finite differences, agrees")
  func defaultImplementation() throws {
    for model in Self.models(6, seed: 44) {
      for names in [Self.names, Array(Self.names32)] {
        let exact = try model.probabilityGradients(
          of: names, at: Self.energies, over: Self.dune, helicity: .antineutrino)
        let differences = try model.finiteDifferenceGradients(
          of: names, at: Self.energies, over: Self.dune, helicity: .antineutrino)
        let block = 9 * Self.energies.count
        for (position, name) in names.enumerated() {
          let size = try Self.size(name, model.value(of: name))
          for index in position * block..<(position + 1) * block {
            // The step is 10⁻⁵ of a splitting, up to 5·10⁻⁵ of an angle and 3·10⁻⁴ of the phase δ, over phases of 25.
            #expect(abs(exact.values[index] - differences.values[index]) * size < 1e-6)
          }
        }
      }
    }
  }

  @Test("a batch is its points, and every parameter is computed alone as beside others")
  func batches() throws {
    let model = ThreeFlavorModel()
    for density in [0, 2.848] {
      let baseline = Baseline(length: 810, density: density)
      for count in [0, 1, 63, 64, 65, 130] {
        let energies = (0..<count).map { 0.3 + 0.07 * Double($0) }
        let batch = try model.probabilityGradients(of: Self.names, at: energies, over: baseline, helicity: .neutrino)
        #expect(batch.values.count == 6 * 9 * count)
        for (index, energy) in energies.enumerated() {
          for (position, name) in Self.names.enumerated() {
            let one = try model.probabilityGradients(of: [name], at: [energy], over: baseline, helicity: .neutrino)
            #expect((0..<9).allSatisfy { batch.values[(9 * position + $0) * count + index] == one.values[$0] })
          }
        }
      }
    }
  }

  @Test("sin²θ of exactly zero or one has a one-sided derivative")
  func ends() throws {
    var mixing = MixingParameters.nufit60NormalOrdering
    mixing.sin2Theta13 = 0
    mixing.sin2Theta12 = 1
    let model = ThreeFlavorModel(mixing: mixing)
    let gradients = try model.probabilityGradients(
      of: Self.names, at: [0.8, 2.5], over: Self.dune, helicity: .neutrino)
    #expect(gradients.values.allSatisfy { $0.isFinite })
    // With sin²θ₁₂ = 1 nothing oscillates through θ₁₂, so that P(ν_e → ν_e) falls linearly with sin²θ₁₃.
    let near = try model.setting(["sin2_theta13": 1e-6]).probabilityGradients(
      of: ["sin2_theta13"], at: [0.8, 2.5], over: Self.dune, helicity: .neutrino)
    for index in 0..<2 {
      #expect(
        abs(gradients[1, .electron, .electron].first(index) - near[0, .electron, .electron].first(index)) < 1e-4)
    }
  }

  @Test("names that make no sense are refused")
  func refusals() throws {
    let model = ThreeFlavorModel()
    for names in [["dm2"], ["dm2_31", "dm2_32"], ["delta_cp", "delta_cp"], ["sin2_theta32"]] {
      #expect(throws: NuTuneError.self) {
        try model.probabilityGradients(of: names, at: [1], over: Self.dune, helicity: .neutrino)
      }
    }
    #expect(throws: NuTuneError.self) {
      try model.probabilityGradients(of: Self.names, at: [0], over: Self.dune, helicity: .neutrino)
    }
    #expect(try model.probabilityGradients(of: [], at: [1], over: Self.dune, helicity: .neutrino).values.isEmpty)
  }
}
