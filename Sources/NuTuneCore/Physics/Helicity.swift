/// The neutrino sign: neutrino or antineutrino.
public enum Helicity: String, Sendable, CaseIterable, Hashable {
  /// ν, left-handed.
  case neutrino
  /// ν̄, right-handed.
  case antineutrino

  /// Sign of the parity-violating term: + for ν, − for ν̄.
  public var sign: Double { self == .neutrino ? 1 : -1 }
}
