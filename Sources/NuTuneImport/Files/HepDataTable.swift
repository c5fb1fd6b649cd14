import NuTuneCore

/// The parts of a HEPData table.
struct HepDataTable {
  /// One variable.
  struct Variable {
    /// Name without unit.
    var title: String
    /// Unit, nil if the table has none.
    var unit: String?
    var values: [Entry]

    /// Name with unit.
    var name: String { title + (unit.map { " [\($0)]" } ?? "") }

    /// Labels of errors, in the order in which they first occur.
    var errorLabels: [String] {
      var labels: [String] = []
      for error in values.flatMap(\.errors) where !labels.contains(error.label) { labels.append(error.label) }
      return labels
    }
  }

  /// One value of a variable.
  struct Entry {
    var node: ConfigurationNode
  }

  var independent: [Variable]
  var dependent: [Variable]

  init(_ node: ConfigurationNode) throws {
    independent = try Self.variables("independent_variables", of: node)
    dependent = try Self.variables("dependent_variables", of: node)
  }

  private static func variables(_ key: String, of node: ConfigurationNode) throws -> [Variable] {
    guard let elements = node[key]?.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: node[key]?.location ?? node.location, key: key, found: node[key]?.summary ?? "nothing",
        expected: "a list of variables, as in a table of a HEPData submission")
    }
    return try elements.map { element in
      guard let values = element["values"]?.elements else {
        throw NuTuneError(
          .badData, at: element.location, key: key, found: element.summary, expected: "a variable with header, values")
      }
      let name = element["header"]?["name"]?.text ?? "unnamed"
      let unit = element["header"]?["units"]?.text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
      return Variable(title: name, unit: unit, values: values.map(Entry.init))
    }
  }
}
