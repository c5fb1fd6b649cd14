import NuTuneCore

/// Particle numbers of the Particle Data Group's Monte Carlo scheme.
package enum ParticleCode {
  /// Number of a nuclear remnant that nobody computed, as NuHepMC has it (P.C.2).
  package static let remnant = 2_009_900_000
  /// Number that files of NuTune give to a target that is a mixture of nuclei, CH; declared in the file by its name.
  package static let mixture = 2_009_900_100

  /// The number of a neutrino.
  package static func neutrino(_ species: NeutrinoSpecies) -> Int {
    let flavor = species.flavor == .muon ? 14 : 12
    return species.helicity == .neutrino ? flavor : -flavor
  }

  /// The number of the charged lepton that a neutrino makes.
  package static func lepton(_ species: NeutrinoSpecies) -> Int {
    neutrino(species) > 0 ? neutrino(species) - 1 : neutrino(species) + 1
  }

  /// The numbers under which events on a target come: 10LZZZAAAI of its nucleus, or those of all nuclei of a mixture,
  /// with 2212 beside hydrogen.
  package static func nuclei(of target: Target) -> [Int] {
    func nucleus(_ protons: Int, _ nucleons: Int) -> Int { 1_000_000_000 + protons * 10_000 + nucleons * 10 }
    let hydrogen = [nucleus(1, 1), 2212]
    switch target.name {
    case "H1": return hydrogen
    case "CH", "CH2": return [nucleus(6, 12)] + hydrogen + [mixture]
    case "H2O": return [nucleus(8, 16)] + hydrogen + [mixture]
    default: return [nucleus(target.protons, target.nucleons)]
    }
  }

  /// The number that a file of NuTune gives to a target.
  package static func written(_ target: Target) -> Int {
    target.isFreeProton ? 2212 : nuclei(of: target).count > 1 ? mixture : nuclei(of: target)[0]
  }
}
