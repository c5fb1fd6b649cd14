import NuTuneCore

/// A relative uncertainty of the number of events in some far samples.
public struct NormUncertainty: Sendable, Hashable {
  /// The samples that it acts on.
  public enum Kind: String, Sendable, CaseIterable {
    /// All of them.
    case common
    /// Antineutrinos, relative to neutrinos.
    case antineutrino
    /// ν_e and ν̄_e, relative to ν_μ and ν̄_μ.
    case electron
    /// ν_e up and ν̄_e down.
    case electronAntisymmetric = "electron_antisymmetric"
    /// ν_e and ν̄_e that are in the beam before they oscillate.
    case beamElectron = "beam_electron"
    /// Antineutrinos in a neutrino beam and neutrinos in an antineutrino beam.
    case wrongSign = "wrong_sign"

    /// Sign with which it acts on the events of a far dataset; 0 for none.
    func sign(for dataset: Dataset) -> Double {
      let species = dataset.species
      let isElectron = species.flavor == .electron
      switch self {
      case .common: return 1
      case .antineutrino: return species.helicity == .antineutrino ? 1 : 0
      case .electron: return isElectron ? 1 : 0
      case .electronAntisymmetric: return isElectron ? species.helicity.sign : 0
      case .beamElectron: return dataset.initial == .electron ? 1 : 0
      case .wrongSign: return (species.helicity == .antineutrino) == (dataset.sample.mode == "rhc") ? 0 : 1
      }
    }
  }

  /// The samples that it acts on.
  public var kind: Kind
  /// Its standard deviation, relative.
  public var sigma: Double

  /// A relative standard deviation of some samples.
  public init(_ kind: Kind, sigma: Double) {
    self.kind = kind
    self.sigma = sigma
  }
}
