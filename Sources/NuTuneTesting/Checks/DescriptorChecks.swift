import NuTuneCore

extension Checklist {
  /// Checks that help, validation and documentation can be made from the description of a plugin.
  mutating func checkDescriptor(_ descriptor: PluginDescriptor) {
    check("name and summary") {
      try FileSafeName.check(descriptor.name, at: nil, key: "name")
      guard !descriptor.summary.isBlank else {
        throw broken("summary", found: "nothing", expected: "one or two sentences that say what it is")
      }
    }
    check("parameters are declared well") { try Self.checkDeclarations(of: descriptor) }
    check("citations") {
      let keys = descriptor.citations.map(\.key)
      for citation in descriptor.citations
      where citation.key.isBlank || !citation.bibtex.hasPrefix("@") || !citation.bibtex.contains(citation.key) {
        throw broken(
          "citations", found: "“\(citation.bibtex.prefix(40))” under the key “\(citation.key)”",
          expected: "a BibTeX entry, @article{key, …}, under its own key")
      }
      guard Set(keys).count == keys.count else {
        throw broken("citations", found: "a key twice (\(keys.joined(separator: ", ")))", expected: "every key once")
      }
    }
  }

  /// Returns the keys of a study that cannot be parameters of its plugins.
  private static func reservedKeys(_ descriptor: PluginDescriptor) -> Set<String> {
    let section: Set<String> = descriptor.kind == .oscillation ? ["preset", "fit"] : []
    return section.union(["model", "base"]).union(descriptor.components.map(\.name))
  }

  private static func checkDeclarations(of descriptor: PluginDescriptor) throws {
    var problems = NuTuneErrors()
    let reserved = reservedKeys(descriptor)
    var seen: Set<String> = []
    let names = descriptor.parameters.declarations.map(\.name)
    for declaration in descriptor.parameters.declarations {
      let name = declaration.name
      problems.attempt {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for part in parts { try FileSafeName.check(part, at: nil, key: "parameter “\(name)”") }
        guard seen.insert(name).inserted else {
          throw broken(name, found: "a second parameter of this name", expected: "every name once")
        }
        if names.contains(where: { $0.hasPrefix("\(name).") }) {
          throw broken(name, found: "a parameter and a group of parameters", expected: "one of the two")
        }
        guard !reserved.contains(parts[0]) else {
          throw broken(name, found: "a name that studies use for something else", expected: "another name")
        }
        guard !declaration.meaning.isBlank else {
          throw broken(name, found: "no meaning", expected: "a line that says what the parameter is")
        }
        if let other = declaration.alternatives.first(where: { !names.contains($0) }) {
          throw broken(
            name, found: "the alternative “\(other)”, which is not declared", expected: "a declared parameter")
        }
        if let value = declaration.defaultValue { try check(value, of: declaration) }
      }
    }
    try problems.throwIfAny()
  }

  /// Reads a default value back as if a user had written it.
  private static func check(_ value: ParameterValue, of declaration: ParameterDeclaration) throws {
    let read = try? declaration.value(from: value.written, key: declaration.name)
    guard let read, value.isSame(as: read) else {
      throw broken(
        declaration.name, found: "the default \(value)", expected: "\(declaration.domain.description), as declared")
    }
  }
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension ParameterValue {
  /// The value as in a study file.
  fileprivate var written: ConfigurationNode {
    func scalar(_ text: String) -> ConfigurationNode {
      ConfigurationNode(.scalar(text, quoted: false), at: SourceLocation(file: "default"))
    }
    let place = SourceLocation(file: "default")
    switch self {
    case .number(let value): return scalar("\(value)")
    case .integer(let value): return scalar("\(value)")
    case .boolean(let value): return scalar(value ? "true" : "false")
    case .text(let value): return scalar(value)
    case .numbers(let values): return ConfigurationNode(.sequence(values.map { scalar("\($0)") }), at: place)
    case .texts(let values): return ConfigurationNode(.sequence(values.map { scalar($0) }), at: place)
    }
  }

  /// Whether two values are equal; a whole number may be of either type.
  fileprivate func isSame(as other: ParameterValue) -> Bool {
    switch (self, other) {
    case (.integer(let value), .number(let number)), (.number(let number), .integer(let value)):
      Double(value) == number
    default: self == other
    }
  }
}
