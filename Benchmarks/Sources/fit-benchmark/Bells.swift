import Foundation
import NuTuneCore

/// Bells of four species with a tail, mostly neutrinos (`fhc`) or antineutrinos (`rhc`).
struct Bells: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "bells", summary: "Bells.", parameters: [], citations: [])

  private var mode = "fhc"

  init(_ configuration: PluginConfiguration) throws {}

  init(mode: String) { self.mode = mode }

  var species: [NeutrinoSpecies] { [.numu, .numubar, .nue, .nuebar] }

  var breakpoints: [Double] { [0.25, 1, 2, 3, 5, 8, 15] }

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    let isRight = (species.helicity == .neutrino) == (mode == "fhc")
    let share = (isRight ? 1 : 0.08) * (species.flavor == .electron ? 0.01 : 1)
    return energies.map { share * (exp(-0.5 * pow(($0 - 2.5) / 0.9, 2)) + 0.05 * exp(-$0 / 4)) }
  }
}
