import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

@Suite("Oscillation probabilities against closed forms")
struct ClosedFormTests {
  /// P(ν_α → ν_β) = |Σ U*_αi U_βi exp(−i Δm²_i1 L/2E)|², with complex arithmetic written out.
  private func vacuum(_ mixing: MixingParameters, phase: Double, energy: Double, helicity: Helicity) -> [Double] {
    let (s12, c12) = (mixing.sin2Theta12.squareRoot(), (1 - mixing.sin2Theta12).squareRoot())
    let (s13, c13) = (mixing.sin2Theta13.squareRoot(), (1 - mixing.sin2Theta13).squareRoot())
    let (s23, c23) = (mixing.sin2Theta23.squareRoot(), (1 - mixing.sin2Theta23).squareRoot())
    let delta = helicity.sign * mixing.deltaCP
    let (cd, sd) = (cos(delta), sin(delta))
    // Rows of U (PDG), real and imaginary parts.
    let re = [
      [c12 * c13, s12 * c13, s13 * cd],
      [-s12 * c23 - c12 * s23 * s13 * cd, c12 * c23 - s12 * s23 * s13 * cd, s23 * c13],
      [s12 * s23 - c12 * c23 * s13 * cd, -c12 * s23 - s12 * c23 * s13 * cd, c23 * c13],
    ]
    let im = [
      [0, 0, -s13 * sd],
      [-c12 * s23 * s13 * sd, -s12 * s23 * s13 * sd, 0],
      [-c12 * c23 * s13 * sd, -s12 * c23 * s13 * sd, 0],
    ]
    let angles = [0, mixing.deltaMassSquared21, mixing.deltaMassSquared31].map { 2 * phase * $0 / energy }
    return (0..<9).map { index in
      let (a, b) = (index / 3, index % 3)
      var (x, y) = (0.0, 0.0)
      for i in 0..<3 {
        let real = re[a][i] * re[b][i] + im[a][i] * im[b][i]
        let imaginary = re[a][i] * im[b][i] - im[a][i] * re[b][i]
        x += real * cos(angles[i]) + imaginary * sin(angles[i])
        y += imaginary * cos(angles[i]) - real * sin(angles[i])
      }
      return x * x + y * y
    }
  }

  @Test("vacuum, random parameters", arguments: [Helicity.neutrino, .antineutrino])
  func vacuum(helicity: Helicity) throws {
    var random = SplitMix(seed: 11)
    for _ in 0..<500 {
      let mixing = MixingParameters.random(&random)
      let energy = pow(10, Double.random(in: -1...1.5, using: &random))
      let model = ThreeFlavorModel(mixing: mixing)
      let expected = vacuum(mixing, phase: model.constants.phase * 1285, energy: energy, helicity: helicity)
      let computed = try model.probabilities(
        at: [energy], over: Baseline(length: 1285, density: 0), helicity: helicity)
      // Phases to 100 rad, each rounded to half a digit, on both sides: 4e-14.
      for (a, b) in zip(computed.values, expected) { #expect(abs(a - b) < 1e-13) }
    }
  }

  @Test("matter without the solar splitting is two-flavour MSW", arguments: [2.5e-3, -2.5e-3])
  func twoFlavors(splitting: Double) throws {
    let constants = OscillationConstants.codata
    let mixing = MixingParameters(
      sin2Theta12: 0.3, sin2Theta13: 0.022, sin2Theta23: 0.6, deltaCP: 1.1, deltaMassSquared21: 0,
      deltaMassSquared31: splitting)
    let baseline = Baseline(length: 7000, density: 4.5)
    let energies = stride(from: 0.5, through: 40, by: 0.25).map { $0 }
    for helicity in Helicity.allCases {
      let computed = try ThreeFlavorModel(mixing: mixing, constants: constants).probabilities(
        at: energies, over: baseline, helicity: helicity)
      for (index, energy) in energies.enumerated() {
        let ratio = helicity.sign * constants.potential * 0.5 * 4.5 * energy / splitting
        let sin2 = 4 * 0.022 * (1 - 0.022)
        let c2 = sin2 + pow(1 - 2 * 0.022 - ratio, 2)
        let half = constants.phase * splitting * 7000 / energy * c2.squareRoot()
        let conversion = sin2 / c2 * pow(sin(half), 2)
        #expect(abs(computed[.muon, .electron].first(index) - 0.6 * conversion) < 1e-12)
        #expect(abs(computed[.electron, .tau].first(index) - 0.4 * conversion) < 1e-12)
        #expect(abs(computed[.electron, .electron].first(index) - (1 - conversion)) < 1e-12)
      }
    }
  }

  @Test("a potential of one part in 1e13 is vacuum")
  func smallPotential() throws {
    let model = ThreeFlavorModel()
    let energies = (1...300).map { 0.05 * Double($0) }
    let matter = try model.probabilities(
      at: energies, over: Baseline(length: 1285, density: 1e-13), helicity: .neutrino)
    let vacuum = try model.probabilities(at: energies, over: Baseline(length: 1285, density: 0), helicity: .neutrino)
    for (a, b) in zip(matter.values, vacuum.values) { #expect(abs(a - b) < 2e-13) }
  }
}

extension ArraySlice<Double> {
  func first(_ offset: Int) -> Double { self[startIndex + offset] }
}
