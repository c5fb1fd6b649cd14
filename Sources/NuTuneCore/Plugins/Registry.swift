/// Plugins by kind and name. The registry is a value: a copy cannot change under its owner.
public struct Registry: Sendable {
  private var types: [PluginKind: [String: any Plugin.Type]] = [:]
  private var origins: [PluginKind: [String: PluginLibrary]] = [:]
  /// The libraries of plugins that were loaded at run time, in the order of loading.
  public private(set) var libraries: [PluginLibrary] = []

  /// Creates an empty registry.
  public init() {}

  /// Adds a plugin; throws for a name that is taken, or a type that is not of the kind it claims.
  ///
  /// - Parameters:
  ///   - type: the plugin.
  ///   - library: the library that contains it; nil for a built-in plugin.
  public mutating func register(_ type: any Plugin.Type, from library: PluginLibrary? = nil) throws {
    let descriptor = type.descriptor
    let honest =
      switch descriptor.kind {
      case .crossSection: type is any CrossSectionModel.Type
      case .flux: type is any FluxProvider.Type
      case .detector: type is any Detector.Type
      case .oscillation: type is any OscillationModel.Type
      }
    guard honest else {
      throw NuTuneError(
        .badData, key: descriptor.name, found: "the type \(type)",
        expected: "a plugin of kind \(descriptor.kind.rawValue)")
    }
    guard types[descriptor.kind]?[descriptor.name] == nil else {
      throw NuTuneError(
        .badData, key: descriptor.name, found: "a second \(descriptor.kind.rawValue) plugin of this name",
        expected: "a name that is not taken")
    }
    types[descriptor.kind, default: [:]][descriptor.name] = type
    guard let library else { return }
    origins[descriptor.kind, default: [:]][descriptor.name] = library
    if !libraries.contains(library) { libraries.append(library) }
  }

  /// Descriptions of one kind, sorted by name.
  public func descriptors(of kind: PluginKind) -> [PluginDescriptor] {
    (types[kind] ?? [:]).values.map { $0.descriptor }.sorted { $0.name < $1.name }
  }

  /// Returns the library that contains a plugin; nil for a built-in one.
  public func library(of kind: PluginKind, named name: String) -> PluginLibrary? { origins[kind]?[name] }

  /// The types of one kind, sorted by name.
  public func types(of kind: PluginKind) -> [any Plugin.Type] {
    (types[kind] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
  }

  /// Returns the description of a plugin; throws an error that suggests the nearest name.
  public func descriptor(_ kind: PluginKind, named name: String, at location: SourceLocation? = nil, key: String? = nil)
    throws -> PluginDescriptor
  {
    try type(kind, named: name, at: location, key: key).descriptor
  }

  /// Makes a plugin from the user's input: a mapping with its parameters, and keys that other code reads.
  public func make(
    _ kind: PluginKind, named name: String, from node: ConfigurationNode?, path: String,
    ignoring: Set<String> = ["model"],
    directory: String
  ) throws -> any Plugin {
    let type = try type(kind, named: name, at: node?["model"]?.location ?? node?.location, key: "\(path).model")
    let values = try type.descriptor.parameters.values(from: node, path: path, ignoring: ignoring)
    do {
      return try type.init(PluginConfiguration(parameters: values, directory: directory))
    } catch let error as NuTuneError {
      throw error.located(at: node?.location, key: path)
    }
  }

  /// Makes a plugin as the caller's kind, with checked parameter values.
  public func make<Result>(_ kind: PluginKind, named name: String, _ configuration: PluginConfiguration) throws
    -> Result
  {
    guard let plugin = try type(kind, named: name, at: nil, key: nil).init(configuration) as? Result else {
      throw NuTuneError(.internalError, key: name, found: "another type", expected: "\(Result.self)")
    }
    return plugin
  }

  private func type(_ kind: PluginKind, named name: String, at location: SourceLocation?, key: String?) throws
    -> any Plugin.Type
  {
    let known = types[kind] ?? [:]
    guard let type = known[name] else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "the unknown \(kind.rawValue) “\(name)”",
        expected: "one of \(known.keys.sorted().joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: known.keys))
    }
    return type
  }
}
