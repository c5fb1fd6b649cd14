/// The declared parameters of one plugin or one section of a study.
public struct ParameterSchema: Sendable, Hashable {
  /// In the order in which they are shown.
  public var declarations: [ParameterDeclaration]

  /// A schema of some declarations.
  public init(_ declarations: [ParameterDeclaration]) {
    self.declarations = declarations
  }

  /// Every value at its default.
  public func defaults() -> ParameterValues {
    ParameterValues(schema: self, values: [:], locations: [:])
  }

  /// Checks what a user wrote against the declarations.
  ///
  /// - Parameters:
  ///   - node: a mapping (nested mappings are dotted names); nil means nothing was written.
  ///   - path: dotted path of the mapping, for error messages.
  ///   - ignoring: keys at the top that belong to somebody else (`model`).
  public func values(from node: ConfigurationNode?, path: String, ignoring: Set<String> = []) throws -> ParameterValues
  {
    var values: [String: ParameterValue] = [:]
    var locations: [String: SourceLocation] = [:]
    func key(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func collect(_ node: ConfigurationNode, prefix: String) throws {
      for entry in try node.entries(of: prefix.isEmpty ? path : key(prefix)) {
        let name = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
        if prefix.isEmpty, ignoring.contains(entry.key) { continue }
        if let declaration = declarations.first(where: { $0.name == name }) {
          guard values[name] == nil else {
            throw NuTuneError(.badData, at: entry.location, key: key(name), found: "the key twice", expected: "it once")
          }
          values[name] = try declaration.value(from: entry.value, key: key(name))
          locations[name] = entry.value.location
        } else if declarations.contains(where: { $0.name.hasPrefix(name + ".") }) {
          try collect(entry.value, prefix: name)
        } else {
          let names = declarations.map(\.name) + ignoring
          throw NuTuneError(
            .badData, at: entry.location, key: key(name), found: "an unknown key",
            expected: names.isEmpty ? "no parameters here" : "one of \(names.sorted().joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: name, among: names))
        }
      }
    }
    if let node { try collect(node, prefix: "") }

    for declaration in declarations where declaration.isRequired && values[declaration.name] == nil {
      throw NuTuneError(
        .badData, at: node?.location, key: key(declaration.name), found: "nothing",
        expected: "\(declaration.domain.description) (\(declaration.meaning))")
    }
    return ParameterValues(schema: self, values: values, locations: locations)
  }
}
