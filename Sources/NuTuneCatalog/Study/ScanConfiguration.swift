import NuTuneCore

/// Values of one key of a study, each of which makes a variant of it: `scan: {over: near.events, values: [1e6, 1e7]}`.
package struct ScanConfiguration: Sendable {
  /// The key by its dotted path.
  package let key: String
  /// What makes each variant.
  package let changes: [StudyOverride]

  static let keys = [
    EntryKey("over", "a key of the study by its dotted path", "what differs between the variants", required: true),
    EntryKey(
      "values", "a list of at least two values", "what stands there in each variant: a number, edges of bins, a word",
      required: true),
  ]

  /// Reads `scan:`; a study says nothing of what it is like at the key before it is scanned.
  init(from node: ConfigurationNode) throws {
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: Self.keys.names, path: "scan") { problems.add(error) }
    try problems.throwIfAny()
    guard let over = node["over"]?.text else {
      throw NuTuneError(
        .badData, at: node["over"]?.location ?? node.location, key: "scan.over",
        found: node["over"]?.summary ?? "nothing",
        expected: "a key of the study, as near.events")
    }
    guard let values = node["values"]?.elements else {
      throw NuTuneError(
        .badData, at: node["values"]?.location ?? node.location, key: "scan.values",
        found: node["values"]?.summary ?? "nothing", expected: "a list of values")
    }
    do {
      try self.init(over, try values.map { try StudyOverride(path: over, value: $0) }, at: node.location)
    } catch let error as NuTuneError {
      throw error.located(at: node.location, key: "scan")
    }
  }

  /// The variants that a command line asks for, each value as in YAML.
  package init(over key: String, values: [String]) throws {
    try self.init(key, try values.map { try StudyOverride("\(key)=\($0)") }, at: nil)
  }

  private init(_ key: String, _ changes: [StudyOverride], at location: SourceLocation?) throws {
    guard changes.count > 1 else {
      throw NuTuneError(
        .badData, at: location, key: "scan.values", found: "\(changes.count) of them", expected: "at least two")
    }
    self.key = key
    self.changes = changes
  }
}
