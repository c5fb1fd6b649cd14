import NuTuneCore
import NuTuneNumerics

/// A measurement of the catalog, read and checked.
///
/// Its keys are those of `entryKeys`, which the reference page shows.
package struct MeasurementConfiguration: Sendable {
  /// Name of the entry.
  package let name: String
  /// Neutrino species and nucleus.
  package let reaction: Reaction
  /// Name of the flux entry over which it is averaged.
  package let flux: String
  /// The numbers.
  package let measurement: CrossSectionMeasurement
  /// What to cite.
  package let citations: [Citation]

  /// Keys of an entry beside those that describe it.
  static let entryKeys = [
    EntryKey(
      "channel", "one of " + NeutrinoSpecies.allCases.map(\.rawValue).joined(separator: ", "), "neutrino species",
      required: true),
    EntryKey("target", "one of " + Target.known.keys.sorted().joined(separator: ", "), "nucleus", required: true),
    EntryKey("flux", "a flux entry", "the flux over which it is averaged", required: true),
    EntryKey(
      "observables", "two of " + Observable.allCases.map(\.rawValue).joined(separator: ", "), "what is binned",
      required: true),
    EntryKey("unit", "text, `1e-39 cm2/GeV/nucleon`", "unit of values and errors", required: true),
    EntryKey(
      "file", "a CSV file",
      "columns `<observable>_low`, `<observable>_high` for both, `value`, `error`", required: true),
    EntryKey("covariance", "a CSV file without header", "in the unit squared; left out where none was published"),
  ]

  /// Columns of the table of bins, in their order.
  package static func columns(of pair: ObservablePair) -> [String] {
    [pair.first, pair.second].flatMap { ["\($0.rawValue)_low", "\($0.rawValue)_high"] } + ["value", "error"]
  }

  /// Reads an entry and the files it names.
  package init(_ entry: CatalogEntry) throws {
    let node = entry.values
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: Self.entryKeys.names, path: "") { problems.add(error) }
    func text(_ key: String) throws -> (String, SourceLocation) {
      guard let value = node[key], let text = value.text else {
        throw NuTuneError(
          .badData, at: node[key]?.location ?? node.location, key: key, found: node[key]?.summary ?? "nothing",
          expected: "text")
      }
      return (text, value.location)
    }
    func path(_ key: String) throws -> String {
      let (file, _) = try text(key)
      return FilePath.join(FilePath.folder(of: entry.path), file)
    }
    let reaction = problems.attempt {
      let (channel, place) = try text("channel")
      let (target, other) = try text("target")
      return Reaction(
        species: try NeutrinoSpecies(named: channel, at: place, key: "channel"),
        target: try Target(named: target, at: other, key: "target"))
    }
    let flux = problems.attempt { try text("flux").0 }
    let pair = problems.attempt { try Self.observables(node["observables"], at: node.location) }
    let file = problems.attempt { try path("file") }
    try problems.throwIfAny()
    guard let reaction, let flux, let pair, let file else {
      throw NuTuneError(.internalError, key: entry.name, found: "no values", expected: "all, or an error")
    }
    let (unitText, unitPlace) = try text("unit")
    let unit = try CrossSectionUnit(unitText, of: pair, at: unitPlace, key: "unit")
    let table = try Self.table(file, pair)
    let covariance = try node["covariance"].map { _ in
      try MatrixFile.read(try path("covariance"), size: table.bins.count)
    }
    name = entry.name
    citations = entry.citations
    self.reaction = reaction
    self.flux = flux
    measurement = try CrossSectionMeasurement(
      observables: pair, bins: table.bins, unit: unit, values: table.values, errors: table.errors,
      covariance: covariance, at: SourceLocation(file: file),
      covarianceLocation: node["covariance"]?.text.map {
        SourceLocation(file: FilePath.join(FilePath.folder(of: entry.path), $0))
      })
  }

  private static func observables(_ node: ConfigurationNode?, at location: SourceLocation) throws -> ObservablePair {
    let names = Observable.allCases.map(\.rawValue)
    guard let elements = node?.elements, elements.count == 2 else {
      throw NuTuneError(
        .badData, at: node?.location ?? location, key: "observables", found: node?.summary ?? "nothing",
        expected: "a list of two out of \(names.joined(separator: ", "))")
    }
    let pair = try elements.map { element in
      guard let name = element.text, let observable = Observable(rawValue: name) else {
        throw NuTuneError(
          .badData, at: element.location, key: "observables", found: element.summary,
          expected: "one of \(names.joined(separator: ", "))",
          suggestion: element.text.flatMap { Suggestion.nearest(to: $0, among: names) })
      }
      return observable
    }
    return try ObservablePair(pair[0], pair[1], at: node?.location)
  }

  private static func table(_ file: String, _ pair: ObservablePair) throws
    -> (bins: [CrossSectionMeasurement.Bin], values: [Double], errors: [Double])
  {
    let columns = columns(of: pair)
    var lines = try DelimitedFile(file, content: "a table of bins in CSV, \(columns.joined(separator: ","))").lines
    let header = lines.removeFirst()
    guard header.fields.map(\.text) == columns else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header",
        found: header.fields.map(\.text).joined(separator: ","), expected: columns.joined(separator: ","))
    }
    let rows = try lines.map { line in
      try line.requireFields(columns.count, because: "as in the header")
      let row = try columns.indices.map { try line.number($0, key: columns[$0]) }
      for (low, high) in [(0, 1), (2, 3)] where row[low] > row[high] {
        throw NuTuneError(
          .badData, at: line.location(of: high), key: columns[high], found: "\(row[high]) below \(row[low])",
          expected: "low < high")
      }
      return row
    }
    return (
      rows.map { CrossSectionMeasurement.Bin(first: $0[0]...$0[1], second: $0[2]...$0[3]) }, rows.map { $0[4] },
      rows.map { $0[5] }
    )
  }
}
