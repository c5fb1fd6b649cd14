import NuTuneCore

/// The meaning of a column of a flux table.
package enum FluxColumn: Sendable, Equatable {
  /// Lower edge of the bin.
  case low
  /// Upper edge of the bin.
  case high
  /// An energy; the option `--points` gives its meaning.
  case center
  /// Off-axis position in m.
  case offaxis
  /// Flux of a species.
  case flux(NeutrinoSpecies)
  /// A column that is not imported.
  case ignored

  /// Names in options.
  static let names = ["low", "high", "center", "offaxis"] + NeutrinoSpecies.allCases.map(\.rawValue) + ["-"]

  /// Finds a column by its name.
  init(named name: String) throws {
    switch name {
    case "low": self = .low
    case "high": self = .high
    case "center": self = .center
    case "offaxis": self = .offaxis
    case "-": self = .ignored
    default:
      guard let species = NeutrinoSpecies(rawValue: name) else {
        throw refusal(
          name, "one of \(Self.names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: Self.names))
      }
      self = .flux(species)
    }
  }
}
