import NuTuneCore

/// A plugin chosen in a study, with its checked parameters; ``make(_:)`` makes it.
package struct PluginSelection: Sendable {
  /// Name within the study: the label of a model, `truth`, `oscillation`, the horn mode of a flux.
  package var label: String
  /// Its kind.
  package var kind: PluginKind
  /// Name of the plugin, `toy-sf`.
  package var name: String
  /// Its parameters, defaults included.
  package var parameters: ParameterValues
  /// Folder of the file in which `model:` stands.
  package var directory: String
  /// Folders that file names in its parameters are relative to, by parameter: those of the files in which they stand,
  /// the study's for the command line.
  package var directories: [String: String] = [:]
  /// The plugins it is made of, labels are the names of the components.
  package var components: [PluginSelection] = []
  /// The weights of a model that was trained before and stays as it is; nil for any other.
  package var trained: TrainedModel?
  /// The library it was loaded from, nil for a built-in plugin.
  package var library: PluginLibrary?
  /// The catalog entry it started from, nil when it is written out.
  package var base: String?
  /// Dotted path in the study, `models.neural`.
  package var path: String
  /// Where it was chosen.
  package var location: SourceLocation?

  /// A choice from its parts, for programs.
  package init(
    label: String, kind: PluginKind, name: String, parameters: ParameterValues, directory: String = ".",
    path: String? = nil, location: SourceLocation? = nil
  ) {
    self.label = label
    self.kind = kind
    self.name = name
    self.parameters = parameters
    self.directory = directory
    self.path = path ?? label
    self.location = location
  }

  /// Reads `{model: name, parameter: value, …}`, or the name of a trained model, `{trained: runs/x#neural}`.
  init(
    label: String, kind: PluginKind, from node: ConfigurationNode?, path: String, alsoAllowed: Set<String> = [],
    in context: ReadingContext
  ) throws {
    if kind == .crossSection, let name = Self.trainedName(in: node, in: context) {
      try self.init(label: label, trained: name, in: node, path: path, alsoAllowed: alsoAllowed, in: context)
      return
    }
    let names = context.registry.descriptors(of: kind).map(\.name)
    let modelKey = Self.key("model", in: path)
    _ = try node?.entries(of: path)
    guard let model = node?["model"], let name = model.text else {
      throw NuTuneError(
        .badData, at: node?["model"]?.location ?? node?.location, key: modelKey,
        found: node?["model"]?.summary ?? "nothing", expected: "one of \(names.joined(separator: ", "))")
    }
    let descriptor = try context.registry.descriptor(kind, named: name, at: model.location, key: modelKey)
    self.init(
      label: label, kind: kind, name: name,
      parameters: try descriptor.parameters.values(
        from: node, path: path, ignoring: alsoAllowed.union(["model"]).union(descriptor.components.map(\.name))),
      directory: context.folder(of: model.location), path: path, location: model.location)
    library = context.registry.library(of: kind, named: name)
    for declaration in descriptor.parameters.declarations {
      directories[declaration.name] = parameters.location(of: declaration.name).map { context.folder(of: $0) }
    }
    var problems = NuTuneErrors()
    for component in descriptor.components {
      guard let node = node?[component.name], !node.isNone else { continue }
      let selection = problems.attempt { try PluginSelection(component, from: node, of: path, in: context) }
      if let selection { components.append(selection) }
    }
    try problems.throwIfAny()
  }

  /// Reads a component: the name of a catalog entry or of a trained model, a plugin written out, or an entry with
  /// changes.
  private init(
    _ component: ComponentDeclaration, from node: ConfigurationNode, of path: String, in context: ReadingContext
  ) throws {
    let path = Self.key(component.name, in: path)
    if case .null = node.content {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "nothing",
        expected: "a catalog entry, a plugin written out, a trained model, or none")
    }
    if component.kind == .crossSection, let name = Self.trainedName(in: node, in: context),
      node["trained"] != nil || context.catalog.path(of: .priors, named: name.text ?? "") == nil
    {
      try self.init(label: component.name, trained: name, in: node, path: path, alsoAllowed: [], in: context)
      return
    }
    var node = node.namingBase()
    let base = node["base"]?.text
    if let base {
      if context.catalog.path(of: .priors, named: base) == nil,
        context.registry.descriptors(of: component.kind).contains(where: { $0.name == base })
      {
        throw NuTuneError(
          .badData, at: node["base"]?.location, key: path, found: "“\(base)”, a plugin",
          expected: "a catalog entry or a plugin written out", suggestion: "{model: \(base)}")
      }
      let entry = try context.catalog.entry(.priors, named: base, at: node["base"]?.location, key: path)
      node = node.merged(over: entry.values)
    }
    try self.init(
      label: component.name, kind: component.kind, from: node, path: path, alsoAllowed: ["base"], in: context)
    self.base = base
  }

  /// The file that it reads, or where it was chosen.
  package var place: SourceLocation? {
    guard parameters.schema.declaration(named: "file") != nil, let file = configuration.path(named: "file") else {
      return location
    }
    return SourceLocation(file: file)
  }

  /// What the plugin is made from.
  package var configuration: PluginConfiguration {
    PluginConfiguration(parameters: parameters, directory: directory, directories: directories)
  }

  /// Makes the plugin as the caller's type, `let truth: any CrossSectionModel = try selection.make(registry)`.
  ///
  /// An error about a parameter gets the parameter's place in the study.
  package func make<Result>(_ registry: Registry) throws -> Result {
    do {
      let configuration = try wholeConfiguration(registry)
      guard let trained else { return try registry.make(kind, named: name, configuration) }
      let untuned: any Plugin = try registry.make(kind, named: name, configuration)
      guard let model = try trained.restored(untuned, registry) as? Result else {
        throw NuTuneError(.internalError, key: name, found: "a trained model", expected: "\(Result.self)")
      }
      return model
    } catch let error as NuTuneError {
      throw located(error)
    } catch let several as NuTuneErrors {
      var problems = NuTuneErrors()
      for error in several.errors { problems.add(located(error)) }
      try problems.throwIfAny()
      throw several
    }
  }

  private func made(_ registry: Registry) throws -> any Plugin { try make(registry) }

  /// What the plugin is made from, its components included.
  private func wholeConfiguration(_ registry: Registry) throws -> PluginConfiguration {
    var configuration = configuration
    for component in components {
      configuration.components[component.label] = try component.made(registry)
      configuration.componentConfigurations[component.label] = try component.wholeConfiguration(registry)
    }
    return configuration
  }

  /// It and everything it is made of.
  package var withComponents: [PluginSelection] { [self] + components.flatMap(\.withComponents) }

  /// An error of this plugin with the place in the study that it concerns.
  func located(_ error: NuTuneError) -> NuTuneError {
    var located = error
    if let missing = missingFile(error) { return missing }
    if let key = error.key, parameters.schema.declaration(named: key) != nil {
      located.key = Self.key(key, in: path)
      return located.located(at: parameters.location(of: key) ?? location)
    }
    return located.located(at: location, key: path.isEmpty ? name : path)
  }

  /// A missing file that one of the parameters names: the place where it is named says more than the file itself.
  private func missingFile(_ error: NuTuneError) -> NuTuneError? {
    guard error.category == .missingInput, let file = error.location?.file else { return nil }
    let configuration = configuration
    let parameter = parameters.schema.declarations.map(\.name).first { configuration.path(named: $0) == file }
    guard let parameter else { return nil }
    var located = error
    located.location = parameters.location(of: parameter) ?? location
    located.key = Self.key(parameter, in: path)
    located.found = "\(error.found) (\(file))"
    located.suggestion = error.suggestion ?? Suggestion.nearestFile(to: file)
    return located
  }

  private static func key(_ name: String, in path: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// Its values by dotted path, defaults included.
  var effective: [String: ParameterValue] {
    var values: [String: ParameterValue] = ["\(path).model": .text(name)]
    for (key, value) in parameters.effective { values["\(path).\(key)"] = value }
    values["\(path).\(Self.trainedKey)"] = trained.map { .text($0.reference) }
    values["\(path).\(Self.trainedKey)_sha256"] = trained.map { .text($0.sha256) }
    for component in components {
      values.merge(component.effective) { $1 }
      values["\(component.path).base"] = component.base.map { .text($0) }
    }
    return values
  }
}

extension ConfigurationNode {
  /// Whether it is the word `none`.
  var isNone: Bool { text == "none" }
}
