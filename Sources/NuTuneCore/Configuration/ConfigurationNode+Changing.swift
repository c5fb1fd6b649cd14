extension ConfigurationNode {
  /// Returns a copy in which the value at a dotted path is replaced, or added if the path was missing. A mapping may write
  /// some keys of the path as one, `training.steps: 60`.
  public func setting(_ path: [String], to value: ConfigurationNode) throws -> ConfigurationNode {
    try setting(path[...], of: path, to: value)
  }

  private func setting(_ rest: ArraySlice<String>, of path: [String], to value: ConfigurationNode) throws
    -> ConfigurationNode
  {
    guard let first = rest.first else { return value }
    var entries: [Entry]
    switch content {
    case .mapping(let existing): entries = existing
    case .null: entries = []
    default:
      throw NuTuneError(
        .badData, at: value.location, key: path.joined(separator: "."),
        found: "\(summary) at \(path[..<rest.startIndex].joined(separator: "."))",
        expected: "a mapping above “\(first)”")
    }
    // What is replaced as a whole is replaced under every spelling.
    if rest.count == 1 { entries.removeAll { $0.key.hasPrefix("\(first).") } }
    let spellings = rest.indices.map { (key: rest[...$0].joined(separator: "."), below: rest[($0 + 1)...]) }
    let spelling = spellings.first { spelling in entries.contains { $0.key == spelling.key } } ?? spellings[0]
    let position = entries.lastIndex { $0.key == spelling.key }
    let child = position.map { entries[$0].value } ?? ConfigurationNode(.null, at: value.location)
    let changed = try child.setting(spelling.below, of: path, to: value)
    if let position {
      entries[position].value = changed
    } else {
      entries.append(Entry(key: first, location: value.location, value: changed))
    }
    return ConfigurationNode(.mapping(entries), at: location)
  }

  /// Merges this mapping over `base`: values given here replace values of the base, keys of the base alone stay, nested
  /// mappings are merged likewise. A mapping with another `model:` than the base replaces it whole, as does any value
  /// where one of the two is not a mapping. A value repeated with the same content keeps its source location in the
  /// base.
  public func merged(over base: ConfigurationNode) -> ConfigurationNode {
    guard case .mapping(let upper) = content, case .mapping(let lower) = base.content else {
      return hasSameContent(as: base) ? base : self
    }
    if let model = self["model"], let other = base["model"], !model.hasSameContent(as: other) { return self }
    if upper.contains(where: { one in lower.contains { one.isSpelledOtherwise($0) } }) {
      return nested.merged(over: base.nested)
    }
    var entries = lower
    for entry in upper {
      if let position = entries.firstIndex(where: { $0.key == entry.key }) {
        let value = entry.value.merged(over: entries[position].value)
        entries[position] = Entry(key: entry.key, location: entry.location, value: value)
      } else {
        entries.append(entry)
      }
    }
    return ConfigurationNode(.mapping(entries), at: location)
  }

  /// The same mapping with keys like `training.steps` as mappings in mappings.
  private var nested: ConfigurationNode {
    guard case .mapping(let entries) = content else { return self }
    return entries.reduce(ConfigurationNode(.mapping([]), at: location)) { result, entry in
      let path = entry.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let value = path.dropFirst().reversed().reduce(entry.value) { value, key in
        ConfigurationNode(.mapping([Entry(key: key, location: entry.location, value: value)]), at: entry.location)
      }
      return ConfigurationNode(
        .mapping([Entry(key: path[0], location: entry.location, value: value)]), at: location
      ).merged(over: result)
    }
  }

  /// Returns a mapping without some of its keys; anything else unchanged.
  public func removing(_ keys: Set<String>) -> ConfigurationNode {
    guard case .mapping(let entries) = content else { return self }
    return ConfigurationNode(.mapping(entries.filter { !keys.contains($0.key) }), at: location)
  }

  /// Whether two nodes have the same content, wherever they stand in files.
  public func hasSameContent(as other: ConfigurationNode) -> Bool {
    switch (content, other.content) {
    case (.null, .null): true
    case (.scalar(let text, let quoted), .scalar(let otherText, let otherQuoted)):
      text == otherText && quoted == otherQuoted
    case (.sequence(let elements), .sequence(let others)):
      elements.count == others.count && zip(elements, others).allSatisfy { $0.hasSameContent(as: $1) }
    case (.mapping(let entries), .mapping(let others)):
      entries.count == others.count
        && zip(entries, others).allSatisfy { $0.key == $1.key && $0.value.hasSameContent(as: $1.value) }
    default: false
    }
  }

  /// Returns an error for every key of a mapping that is not one of `known`, with the nearest of them as suggestion.
  public func unknownKeys(known: [String], path: String) -> [NuTuneError] {
    guard case .mapping(let entries) = content else { return [] }
    let unknown = entries.filter { !known.contains($0.key) }
    var errors = unknown.prefix(Self.mostUnknownKeys).map { entry in
      NuTuneError(
        .badData, at: entry.location, key: path.isEmpty ? entry.key : "\(path).\(entry.key)", found: "an unknown key",
        expected: "one of \(known.joined(separator: ", "))", suggestion: Suggestion.nearest(to: entry.key, among: known)
      )
    }
    if let next = unknown.dropFirst(Self.mostUnknownKeys).first {
      errors.append(
        NuTuneError(
          .badData, at: next.location, key: path.isEmpty ? nil : path,
          found: "\(unknown.count - Self.mostUnknownKeys) more unknown keys from here on",
          expected: "none beside \(known.joined(separator: ", "))"))
    }
    return errors
  }

  /// Largest number of unknown keys of one mapping that are named in errors.
  public static let mostUnknownKeys = 20
}

extension ConfigurationNode.Entry {
  /// Whether one of two keys holds the other, `training` and `training.steps`.
  fileprivate func isSpelledOtherwise(_ other: Self) -> Bool {
    key.hasPrefix("\(other.key).") || other.key.hasPrefix("\(key).")
  }
}
