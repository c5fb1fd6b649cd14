import NuTuneCore

extension PluginSelection {
  /// Reads a choice back from the values of a study as it was run, with everything it is made of.
  ///
  /// File names are relative to the folder of the catalog entry that a component started from, otherwise to the current
  /// folder: the effective study does not say where its file lay.
  /// - Parameters:
  ///   - label: name within the study.
  ///   - kind: kind of the plugin.
  ///   - values: values by dotted path.
  ///   - path: dotted path of the choice, `models.neural`.
  ///   - file: path of the file that holds the values, for errors.
  ///   - registry: where the plugins are.
  ///   - catalog: where the entries are from which components started.
  /// - Throws: `NuTuneError` for an unknown plugin, and for values that this version does not know.
  package init(
    label: String, kind: PluginKind, effective values: [String: ParameterValue], path: String, file: String,
    registry: Registry, catalog: Catalog
  ) throws {
    let place = SourceLocation(file: file)
    guard case .text(let name)? = values["\(path).model"] else {
      throw NuTuneError(.badData, at: place, key: "\(path).model", found: "nothing", expected: "the name of a plugin")
    }
    let descriptor = try registry.descriptor(kind, named: name, at: place, key: "\(path).model")
    let entries = descriptor.parameters.declarations.compactMap { declaration in
      // A default is as good as not given: some plugins refuse a value beside others, but never the default.
      values["\(path).\(declaration.name)"].flatMap { $0 == declaration.defaultValue ? nil : $0 }.map {
        ConfigurationNode.Entry(key: declaration.name, location: place, value: ConfigurationNode($0, at: place))
      }
    }
    var base: String?
    if case .text(let entry)? = values["\(path).base"] { base = entry }
    let entryFile = base.flatMap { catalog.path(of: .priors, named: $0) }
    self.init(
      label: label, kind: kind, name: name,
      parameters: try descriptor.parameters.values(from: ConfigurationNode(.mapping(entries), at: place), path: path),
      directory: entryFile.map { FilePath.folder(of: $0) } ?? ".", path: path, location: place)
    self.base = base
    library = registry.library(of: kind, named: name)
    components = try descriptor.components.filter { values["\(path).\($0.name).model"] != nil }.map {
      try PluginSelection(
        label: $0.name, kind: $0.kind, effective: values, path: "\(path).\($0.name)", file: file, registry: registry,
        catalog: catalog)
    }
  }
}

extension ConfigurationNode {
  /// Creates the node that a study file with this value would have.
  fileprivate init(_ value: ParameterValue, at place: SourceLocation) {
    func scalar(_ text: String) -> ConfigurationNode { ConfigurationNode(.scalar(text, quoted: false), at: place) }
    switch value {
    case .numbers(let numbers):
      self.init(.sequence(numbers.map { scalar(ParameterValue.number($0).description) }), at: place)
    case .texts(let texts): self.init(.sequence(texts.map(scalar)), at: place)
    case .number, .integer, .boolean, .text: self = scalar(value.description)
    }
  }
}
