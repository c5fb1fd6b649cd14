import Foundation
import NuTuneCore

/// Where models are evaluated for an export.
package struct ExportSettings: Sendable {
  /// Neutrino energies in GeV, increasing, at least four.
  package var energies: [Double]
  /// Number of lepton energies of a table for each neutrino energy.
  package var leptons = 80
  /// Number of cosines of a table for each lepton energy.
  package var cosines = 60
  /// Number of draws from the posterior of models that know theirs; 0 for none.
  package var members = 0
  /// Seed of these draws.
  package var seed: UInt64 = 1
  /// Steps in q₀ and |q| of hadron tensors in GeV, where they are smallest.
  package var spacing = 0.002
  /// Largest q₀ of hadron tensors in GeV.
  package var reach = 3.0
  /// Channels; nil for those of the study.
  package var channels: [NeutrinoSpecies]?
  /// The nucleus; nil for that of the study's experiment.
  package var target: Target?
  /// Number of threads; no number depends on it.
  package var threads = 1

  /// Creates settings with the default grids.
  package init(energies: [Double] = Self.defaultEnergies) { self.energies = energies }

  /// 0.3 to 20 GeV in equal ratios of about 5 %, shape [87].
  package static let defaultEnergies = (0...86).map { $0 == 86 ? 20 : 0.3 * pow(20 / 0.3, Double($0) / 86) }
}
