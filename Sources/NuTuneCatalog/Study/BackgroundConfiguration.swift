import NuTuneAnalysis
import NuTuneCore

/// Events of a far sample that no charged-current model predicts, `far.samples.NAME.backgrounds.NAME` of a study.
package struct BackgroundConfiguration: Sendable {
  /// How its events are shared out over the bins of the sample.
  package enum Shape: Sendable, Hashable {
    /// As many in every part of the observables as it is large.
    case flat
    /// In proportion to contents of the bins, in their order, shape [bins].
    case contents([Double])
  }

  /// Its name in the study.
  package var name: String
  /// Expected events; nil where the contents of the bins are events.
  package var events: Double?
  /// How they are shared out.
  package var shape: Shape
  /// Relative uncertainty of all its events together; 0 for none.
  package var norm: Double
  /// Dotted path in the study, `far.samples.NAME.backgrounds.NAME`.
  var path: String
  /// Where its shape stands.
  var shapeLocation: SourceLocation
}

extension BackgroundConfiguration {
  /// The word for a shape that is the same everywhere.
  static let flat = "flat"
  /// The column of a file that is read when several are there and none is named.
  static let column = "events"

  /// Its keys, but for the contents that `shape` may have in place of a word.
  static let schema = ParameterSchema([
    ParameterDeclaration(
      "events", required: false, .number(1e-6...StudySections.largestDraw),
      "expected events of the sample; when unset the contents of the bins are events"),
    ParameterDeclaration(
      "file", required: false, .text, "CSV file with a header and a row for each bin, in the order of the bins"
    ),
    ParameterDeclaration(
      "column", required: false, .text, "column of the file; when unset its only one, or “\(column)”"),
    ParameterDeclaration(
      "norm", default: .number(0), .number(0...1),
      "relative uncertainty of its events, profiled in the fit with those of the same name in other samples; 0 for none"
    ),
  ])

  /// Reads `backgrounds` of a sample; none when it is left out.
  static func all(from node: ConfigurationNode?, path: String, in context: ReadingContext) throws
    -> [BackgroundConfiguration]
  {
    guard let node else { return [] }
    var problems = NuTuneErrors()
    let backgrounds = try node.entries(of: path).compactMap { entry in
      problems.attempt { try BackgroundConfiguration(entry, path: "\(path).\(entry.key)", in: context) }
    }
    try problems.throwIfAny()
    return backgrounds
  }

  private init(_ entry: ConfigurationNode.Entry, path: String, in context: ReadingContext) throws {
    try FileSafeName.check(entry.key, at: entry.location, key: path)
    guard NormUncertainty.Kind(rawValue: entry.key) == nil,
      !["sample_", "experiment_"].contains(where: { entry.key.hasPrefix($0) })
    else {
      throw NuTuneError(
        .badData, at: entry.location, key: path, found: "the name of a norm of charged currents",
        expected: "a name of its own, neutral-current, because its pull is norm_\(entry.key)")
    }
    let values = try Self.schema.values(from: entry.value, path: path, ignoring: ["shape"])
    let written = entry.value["shape"]
    let place = written?.location ?? values.location(of: "file") ?? entry.location
    let shape: Shape
    if let name = values.optionalText("file") {
      guard written == nil else {
        throw NuTuneError(
          .badData, at: place, key: "\(path).shape", found: "shape beside file", expected: "only one of the two")
      }
      let file = FilePath.join(context.folder(of: place), name)
      shape = .contents(try Self.contents(of: file, column: values.optionalText("column")))
    } else {
      shape = try Self.shape(written, at: place, key: "\(path).shape")
    }
    guard shape != .flat || values.optionalNumber("events") != nil else {
      throw NuTuneError(
        .badData, at: place, key: "\(path).events", found: "nothing, beside a flat shape",
        expected: "expected events of the sample")
    }
    self.init(
      name: entry.key, events: values.optionalNumber("events"), shape: shape, norm: values.number("norm"), path: path,
      shapeLocation: place)
    try checkContents()
  }

  /// The shape as it is written: a word, or contents.
  private static func shape(_ node: ConfigurationNode?, at place: SourceLocation, key: String) throws -> Shape {
    if node?.text == flat { return .flat }
    guard let node, node.elements != nil else {
      throw NuTuneError(
        .badData, at: place, key: key, found: node?.summary ?? "nothing",
        expected: "a list of the contents of the bins, “\(flat)”, or `file: name.csv` in its place")
    }
    let declaration = ParameterDeclaration(
      "shape", required: true, .numbers(0...StudySections.events.upperBound, count: 1...1_000_000),
      "contents of the bins")
    guard case .numbers(let contents) = try declaration.value(from: node, key: key) else {
      throw NuTuneError(.badData, at: place, key: key, found: node.summary, expected: "a list of numbers")
    }
    return .contents(contents)
  }

  /// The numbers in a column of a CSV file with a header.
  private static func contents(of file: String, column: String?) throws -> [Double] {
    var lines = try DelimitedFile(file, content: "contents of bins in CSV, a header and a row for each bin").lines
    let header = lines.removeFirst()
    let names = header.fields.map(\.text)
    let wanted = column ?? (names.count == 1 ? names[0] : Self.column)
    guard let place = names.firstIndex(of: wanted), Double(wanted) == nil else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header",
        found: Double(wanted) == nil ? "no column \(wanted)" : "a number, “\(wanted)”",
        expected: "a header with the column \(column ?? Self.column)",
        suggestion: Suggestion.nearest(to: wanted, among: names))
    }
    return try lines.map { line in
      try line.requireFields(names.count, because: "as in the header")
      let value = try line.number(place, key: wanted)
      guard value >= 0 else {
        throw NuTuneError(
          .badData, at: line.location(of: place), key: wanted, found: "\(value)",
          expected: "a content that is not negative")
      }
      return value
    }
  }

  /// Contents say something, and as events they can be drawn.
  private func checkContents() throws {
    guard case .contents(let contents) = shape else { return }
    let total = contents.reduce(0, +)
    guard total > 0, events != nil || total <= StudySections.largestDraw else {
      throw NuTuneError(
        .badData, at: shapeLocation, key: "\(path).shape",
        found: total > 0 ? "contents of \(ParameterValue.number(total)) events in all" : "no content in any bin",
        expected: total > 0 ? "at most \(Int(StudySections.largestDraw)) events" : "at least one that is positive")
    }
  }

  /// Refuses contents of other bins than those of its sample.
  func check(_ binning: Binning) throws {
    guard case .contents(let contents) = shape, contents.count != binning.count else { return }
    throw NuTuneError(
      .badData, at: shapeLocation, key: "\(path).shape", found: "\(contents.count) contents",
      expected: "\(binning.count), one for each bin of the sample")
  }

  /// Expected events in the bins of its sample, shape [bins].
  package func contents(in binning: Binning) -> [Double] {
    let contents =
      switch shape {
      case .flat: (0..<binning.count).map { binning.volume(of: $0) }
      case .contents(let contents): contents
      }
    guard let events else { return contents }
    let total = contents.reduce(0, +)
    return contents.map { events * $0 / total }
  }

  /// Its values by dotted path, as they are run; contents of a file as a list.
  var effective: [String: ParameterValue] {
    var values: [String: ParameterValue] = ["\(path).norm": .number(norm)]
    values["\(path).events"] = events.map { .number($0) }
    switch shape {
    case .flat: values["\(path).shape"] = .text(Self.flat)
    case .contents(let contents): values["\(path).shape"] = .numbers(contents)
    }
    return values
  }

  /// JSON Schema of `backgrounds`.
  static var jsonSchema: JSONValue {
    [
      "description":
        "events that no charged-current model predicts, by name: `{events: 91, shape: flat, norm: 0.1}`",
      "type": "object", "propertyNames": ["pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"],
      "additionalProperties": schema.jsonSchema(fixed: [
        "shape": [
          "description": "contents of the bins in their order, or “flat” for the same everywhere",
          "anyOf": [
            ["const": .text(flat)],
            ["type": "array", "minItems": .integer(1), "items": ["type": "number", "minimum": .number(0)]],
          ],
        ]
      ]),
    ]
  }
}

extension Binning {
  /// The volume of a bin, in the units of its observables.
  fileprivate func volume(of bin: Int) -> Double {
    allRanges(of: bin).reduce(1) { $0 * ($1.upperBound - $1.lowerBound) }
  }
}
