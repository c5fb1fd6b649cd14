import NuTuneCore

/// `oscillation:` of a study, checked: the model, where its parameters come from, and which of them are fitted.
package struct OscillationConfiguration: Sendable {
  /// The plugin with its parameters: explicit ones over those of the preset.
  package var selection: PluginSelection
  /// The catalog entry the parameters come from.
  package var preset: String?
  /// Names of the fitted parameters, in order; nothing is fitted when empty.
  package var fit: [String]
  /// What to cite for the preset.
  package var citations: [Citation]
  /// Where the fitted parameters stand.
  var fitLocation: SourceLocation?
}

extension OscillationConfiguration {
  /// Keys beside `model` that are not the plugin's.
  static let schema = ParameterSchema([
    ParameterDeclaration("preset", required: false, .text, "catalog entry with oscillation parameters"),
    ParameterDeclaration("fit", default: .texts([]), .texts(choices: []), "parameters to fit at the far detector"),
  ])

  /// Keys of a catalog entry beside those that describe it.
  static let entryKeys = [
    EntryKey("model", "the name of an oscillation plugin", "the model of studies that name none"),
    EntryKey("parameters", "a mapping", "parameters of the model", required: true),
  ]

  /// Reads the section; without one there is no oscillation.
  init(
    from node: ConfigurationNode?, at location: SourceLocation, path: String = "oscillation",
    in context: ReadingContext
  ) throws {
    let node = node ?? ConfigurationNode.plugin("no-oscillation", at: location)
    let entries = try node.entries(of: path)
    let own = Set(Self.schema.declarations.map(\.name))
    var problems = NuTuneErrors()
    let values = problems.attempt {
      let kept = ConfigurationNode(.mapping(entries.filter { own.contains($0.key) }), at: node.location)
      return try Self.schema.values(from: kept, path: path)
    }
    var citations: [Citation] = []
    let merged = problems.attempt {
      guard let name = values?.optionalText("preset") else { return node }
      let entry = try context.catalog.entry(
        .oscillations, named: name, at: values?.location(of: "preset"), key: "\(path).preset")
      citations = entry.citations
      return try node.over(preset: entry, in: context)
    }
    let selection = merged.flatMap { merged in
      problems.attempt {
        try PluginSelection(
          label: path, kind: .oscillation, from: merged, path: path, alsoAllowed: own, in: context)
      }
    }
    try problems.throwIfAny()
    guard let selection, let values else {
      throw NuTuneError(.internalError, key: path, found: "no oscillation", expected: "one, or an error")
    }
    self.init(
      selection: selection, preset: values.optionalText("preset"), fit: values.texts("fit"), citations: citations,
      fitLocation: values.location(of: "fit"))
  }
}

extension PluginSelection {
  /// An oscillation model for a command: explicit parameters (`name=value`, read as YAML) over those of a preset.
  package static func oscillation(
    model: String, preset: String?, explicit: [StudyOverride], registry: Registry, catalog: Catalog
  ) throws -> PluginSelection {
    let place = SourceLocation(file: StudyOverride.file)
    let context = ReadingContext(registry: registry, catalog: catalog, directory: ".")
    var node = ConfigurationNode.plugin(model, at: place)
    for change in explicit { node = try node.setting(change.path, to: change.value) }
    if let preset {
      node = try node.over(preset: try catalog.entry(.oscillations, named: preset, key: "--preset"), in: context)
    }
    return try PluginSelection(label: model, kind: .oscillation, from: node, path: "", in: context)
  }

  /// A plugin for a command, with explicit parameters (`name=value`, read as YAML).
  ///
  /// - Parameter catalog: where trained models are found by name; the one that is found from the current folder when nil.
  package static func plugin(
    _ kind: PluginKind, named name: String, explicit: [StudyOverride], registry: Registry, catalog: Catalog? = nil
  ) throws -> PluginSelection {
    let context = ReadingContext(registry: registry, catalog: catalog ?? Catalog.find(), directory: ".")
    let isPlugin = registry.descriptors(of: kind).contains { $0.name == name }
    let isTrained = kind == .crossSection && !isPlugin && TrainedModelFiles.isNamed(name, in: context.catalog)
    var node = ConfigurationNode.plugin(
      name, as: isTrained ? PluginSelection.trainedKey : "model", at: SourceLocation(file: StudyOverride.file))
    for change in explicit { node = try node.setting(change.path, to: change.value) }
    return try PluginSelection(label: name, kind: kind, from: node, path: "", in: context)
  }

  /// The flux of a catalog entry, for a command.
  package static func flux(
    _ name: String, registry: Registry, catalog: Catalog, key: String = "--flux"
  ) throws -> PluginSelection {
    let context = ReadingContext(registry: registry, catalog: catalog, directory: ".")
    let entry = try catalog.entry(.fluxes, named: name, key: key)
    return try PluginSelection(label: name, kind: .flux, from: entry.values, path: "", in: context)
  }
}

extension ConfigurationNode {
  /// `{model: name}`, or the name under another key.
  static func plugin(_ name: String, as key: String = "model", at location: SourceLocation) -> ConfigurationNode {
    let value = ConfigurationNode(.scalar(name, quoted: false), at: location)
    return ConfigurationNode(.mapping([Entry(key: key, location: location, value: value)]), at: location)
  }

  /// An oscillation section laid over a preset, which may also name the model. A parameter given here also replaces
  /// those of the preset that say the same in another way.
  fileprivate func over(preset entry: CatalogEntry, in context: ReadingContext) throws -> ConfigurationNode {
    var problems = NuTuneErrors()
    for error in entry.values.unknownKeys(
      known: OscillationConfiguration.entryKeys.names + CatalogEntry.descriptiveKeys, path: "")
    {
      problems.add(error)
    }
    try problems.throwIfAny()
    guard let parameters = entry.node["parameters"], case .mapping = parameters.content else {
      throw NuTuneError(
        .badData, at: entry.node["parameters"]?.location ?? entry.node.location, key: "parameters",
        found: entry.node["parameters"]?.summary ?? "nothing", expected: "a mapping of oscillation parameters")
    }
    let given = try entries(of: "oscillation").map(\.key)
    let model = self["model"] ?? entry.node["model"]
    let schema = try model?.text.map {
      try context.registry.descriptor(.oscillation, named: $0, at: model?.location, key: "oscillation.model").parameters
    }
    let replaced = given.flatMap { schema?.declaration(named: $0)?.alternatives ?? [] }
    let merged = merged(over: parameters.removing(Set(replaced)))
    guard self["model"] == nil, let model else { return merged }
    return try merged.setting(["model"], to: model)
  }
}
