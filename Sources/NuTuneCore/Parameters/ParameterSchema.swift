/// The declared parameters of one plugin or one section of a study.
public struct ParameterSchema: Sendable, Hashable {
  /// The declarations, in the order in which they are shown.
  public var declarations: [ParameterDeclaration]
  /// Parameters of earlier versions.
  public var retired: [RetiredParameter]

  /// Creates a schema of some declarations.
  public init(_ declarations: [ParameterDeclaration], retired: [RetiredParameter] = []) {
    self.declarations = declarations
    self.retired = retired
  }

  /// Returns every value at its default.
  public func defaults() -> ParameterValues {
    ParameterValues(schema: self, values: [:], locations: [:])
  }

  /// Returns the declaration of a name, if there is one.
  public func declaration(named name: String) -> ParameterDeclaration? {
    declarations.first { $0.name == name }
  }

  /// Returns the keys of a group whose values may be lists, see ``ParameterDomain/numberOrList(_:count:)``.
  public func listKeys(of group: String) -> [String] {
    declarations.compactMap { declaration -> String? in
      guard case .numberOrList = declaration.domain, declaration.name.hasPrefix("\(group).") else { return nil }
      return String(declaration.name.dropFirst(group.count + 1))
    }
  }

  /// Checks the user's input against the declarations; every mistake is reported, see ``NuTuneErrors``.
  ///
  /// - Parameters:
  ///   - node: a mapping (nested mappings are dotted names, a list of them see
  ///     ``ParameterDomain/numberOrList(_:count:)``); nil for missing input.
  ///   - path: dotted path of the mapping, for error messages.
  ///   - ignoring: dotted names that other code reads, with all below them (`model`).
  public func values(from node: ConfigurationNode?, path: String, ignoring: Set<String> = []) throws -> ParameterValues
  {
    var reading = Reading(schema: self, path: path, ignoring: ignoring)
    if let node { try reading.collect(node, prefix: "") }
    reading.checkCompleteness(at: node?.location)
    try reading.problems.throwIfAny()
    return ParameterValues(schema: self, values: reading.values, locations: reading.locations)
  }
}

/// State while one mapping is read against a schema.
private struct Reading {
  let schema: ParameterSchema
  let path: String
  let ignoring: Set<String>
  var values: [String: ParameterValue] = [:]
  var locations: [String: SourceLocation] = [:]
  var seen: Set<String> = []
  var problems = NuTuneErrors()
  /// Unknown keys so far.
  var unknown = 0

  func key(_ name: String) -> String {
    name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)"
  }

  mutating func collect(_ node: ConfigurationNode, prefix: String) throws {
    for entry in try node.entries(of: key(prefix)) {
      let name = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
      if ignoring.contains(name) { continue }
      if let declaration = schema.declaration(named: name) {
        read(entry, as: declaration)
      } else if schema.declarations.contains(where: { $0.name.hasPrefix(name + ".") }) {
        do {
          try collect(try columns(of: entry.value, group: name), prefix: name)
        } catch {
          problems.add(error)
        }
      } else {
        refuse(entry, named: name)
      }
    }
  }

  /// Returns a list of mappings as one mapping with a list for each key, where a group has numbers that may be lists; any
  /// other node as it is.
  func columns(of node: ConfigurationNode, group: String) throws -> ConfigurationNode {
    let allowed = schema.listKeys(of: group)
    guard !allowed.isEmpty, let elements = node.elements, !elements.isEmpty else { return node }
    let rows = try elements.map { try $0.entries(of: key(group)) }
    let keys = rows[0].map(\.key).sorted()
    for (element, row) in zip(elements, rows) {
      if let other = row.first(where: { !allowed.contains($0.key) }) {
        throw NuTuneError(
          .badData, at: other.location, key: key(group), found: "“\(other.key)” in an element of a list",
          expected: "one of \(allowed.joined(separator: ", ")), or a mapping with a list for each of them",
          suggestion: Suggestion.nearest(to: other.key, among: allowed))
      }
      guard !keys.isEmpty, row.map(\.key).sorted() == keys else {
        throw NuTuneError(
          .badData, at: element.location, key: key(group), found: element.summary,
          expected: keys.isEmpty
            ? "at least one of \(allowed.joined(separator: ", ")) in every element"
            : "\(keys.joined(separator: ", ")), which the first element of the list has")
      }
    }
    return ConfigurationNode(
      .mapping(
        rows[0].map { first in
          ConfigurationNode.Entry(
            key: first.key, location: first.location,
            value: ConfigurationNode(
              .sequence(rows.flatMap { $0.filter { $0.key == first.key }.map(\.value) }), at: first.value.location))
        }), at: node.location)
  }

  mutating func read(_ entry: ConfigurationNode.Entry, as declaration: ParameterDeclaration) {
    let key = key(declaration.name)
    guard seen.insert(declaration.name).inserted else {
      problems.add(NuTuneError(.badData, at: entry.location, key: key, found: "the key twice", expected: "it once"))
      return
    }
    values[declaration.name] = problems.attempt { try declaration.value(from: entry.value, key: key) }
    locations[declaration.name] = entry.value.location
  }

  mutating func refuse(_ entry: ConfigurationNode.Entry, named name: String) {
    unknown += 1
    guard unknown <= ConfigurationNode.mostUnknownKeys else {
      if unknown == ConfigurationNode.mostUnknownKeys + 1 {
        problems.add(
          NuTuneError(
            .badData, at: entry.location, key: path.isEmpty ? nil : path, found: "more unknown keys from here on",
            expected: "none beside \(schema.declarations.map(\.name).joined(separator: ", "))"))
      }
      return
    }
    if let former = schema.retired.first(where: { $0.name == name }) {
      problems.add(
        NuTuneError(
          .badData, at: entry.location, key: key(name), found: "a parameter of an earlier version",
          expected: former.replacement))
      return
    }
    let names = schema.declarations.map(\.name) + ignoring.sorted()
    let longer = names.filter { $0.hasPrefix("\(name)_") }
    if let last = longer.last, longer.count > 1 {
      // A name without its index (`dm2`) fits several names equally well.
      problems.add(
        NuTuneError(
          .badData, at: entry.location, key: key(name), found: "an unknown key",
          expected: "\(longer.dropLast().joined(separator: ", ")) or \(last)"))
      return
    }
    problems.add(
      NuTuneError(
        .badData, at: entry.location, key: key(name), found: "an unknown key",
        expected: names.isEmpty ? "no parameters here" : "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: names)))
  }

  mutating func checkCompleteness(at location: SourceLocation?) {
    for declaration in schema.declarations {
      if let other = declaration.alternatives.first(where: { seen.contains($0) && seen.contains(declaration.name) }) {
        problems.add(
          NuTuneError(
            .badData, at: locations[declaration.name], key: key(declaration.name),
            found: "\(declaration.name) beside \(other)", expected: "only one of the two"))
      }
      if declaration.isRequired, !seen.contains(declaration.name) {
        problems.add(
          NuTuneError(
            .badData, at: location, key: key(declaration.name), found: "nothing",
            expected: "\(declaration.domain.description)\(declaration.unit.isEmpty ? "" : " in \(declaration.unit)") "
              + "(\(declaration.meaning))"))
      }
    }
  }
}
