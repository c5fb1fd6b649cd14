/// A neutrino species; it determines a charged-current channel, since the charged lepton has the same flavour.
public enum NeutrinoSpecies: String, Sendable, CaseIterable, Hashable, Codable {
  /// ν_μ.
  case numu
  /// ν̄_μ.
  case numubar
  /// ν_e.
  case nue
  /// ν̄_e.
  case nuebar

  /// Flavour of the neutrino and of the outgoing charged lepton.
  public var flavor: LeptonFlavor { self == .numu || self == .numubar ? .muon : .electron }

  /// Neutrino sign: neutrino or antineutrino.
  public var helicity: Helicity { self == .numu || self == .nue ? .neutrino : .antineutrino }

  /// Mass of the outgoing charged lepton in GeV.
  public var leptonMass: Double {
    flavor == .muon ? PhysicalConstants.muonMass : PhysicalConstants.electronMass
  }

  /// Symbol for figures and tables.
  public var symbol: String {
    switch self {
    case .numu: "ν_μ"
    case .numubar: "ν̄_μ"
    case .nue: "ν_e"
    case .nuebar: "ν̄_e"
    }
  }

  /// Finds the species named `name`; throws an error that suggests the nearest.
  public init(named name: String, at location: SourceLocation? = nil, key: String? = nil) throws {
    guard let species = NeutrinoSpecies(rawValue: name) else {
      let names = NeutrinoSpecies.allCases.map(\.rawValue)
      throw NuTuneError(
        .badData, at: location, key: key, found: "the channel “\(name)”",
        expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: names))
    }
    self = species
  }
}
