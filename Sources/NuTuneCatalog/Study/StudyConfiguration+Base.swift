import NuTuneCore

extension StudyConfiguration {
  static let baseKey = "base"

  /// Keys that a study does not take from the one it is a variant of: words about it, and code that it did not ask for.
  private static let ownKeys: Set<String> = ["name", "title", "description", "citations", pluginsKey]

  /// The content of a study file; that of a variant (`base:`) over the study it is a variant of, as an entry of an
  /// experiment stands over its base.
  ///
  /// File names in the base count from the folder of the variant.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - catalog: where bases are found by name.
  ///   - variants: files that lead here.
  static func content(of path: String, in catalog: Catalog, variants: [String] = []) throws -> ConfigurationNode {
    try content(of: try ConfigurationFile.read(path), path: path, in: catalog, variants: variants)
  }

  /// The content of a study that was read already; see ``content(of:in:variants:)``.
  static func content(
    of node: ConfigurationNode, path: String, in catalog: Catalog, variants: [String] = []
  ) throws -> ConfigurationNode {
    guard let base = node[baseKey] else {
      try checkLeftOut(node, of: nil)
      return node
    }
    guard let name = base.text, !name.isEmpty else {
      throw NuTuneError(
        .badData, at: base.location, key: baseKey, found: base.summary, expected: "a study of the catalog, or a file")
    }
    let isFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let known = catalog.names(of: .studies)
    guard let file = isFile ? FilePath.join(FilePath.folder(of: path), name) : catalog.path(of: .studies, named: name)
    else {
      throw NuTuneError(
        .missingInput, at: base.location, key: baseKey, found: "“\(name)”",
        expected: "a study file, or one of \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: known))
    }
    let chain = (variants + [path]).map { FilePath.absolute($0) }
    guard !chain.contains(FilePath.absolute(file)) else {
      throw NuTuneError(
        .badData, at: base.location, key: baseKey, found: "“\(name)”, which is a variant of this study",
        expected: "a study that does not lead back here")
    }
    let lower = try content(of: file, in: catalog, variants: variants + [path]).removing(ownKeys)
    try checkLeftOut(node, of: lower)
    return node.removing([baseKey]).merged(over: lower)
  }

  /// Refuses to leave out models (`label: none`) that the study below does not have.
  ///
  /// - Parameters:
  ///   - study: a study, or one after a change from the command line.
  ///   - below: its base, or the study before the change; nil for a study that builds on none.
  static func checkLeftOut(_ study: ConfigurationNode, of below: ConfigurationNode?) throws {
    // What is no mapping is said where models are read.
    func models(_ study: ConfigurationNode?) -> [ConfigurationNode.Entry] {
      (try? study?["models"]?.entries(of: "models")) ?? []
    }
    let known = models(below).map(\.key)
    var problems = NuTuneErrors()
    for entry in models(study) where entry.value.isNone && !known.contains(entry.key) {
      problems.add(
        NuTuneError(
          .badData, at: entry.location, key: "models.\(entry.key)", found: "none in place of a model that is not there",
          expected: known.isEmpty ? "{model: name}" : "one of \(known.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: entry.key, among: known)))
    }
    try problems.throwIfAny()
  }
}
