import Foundation
import NuTuneCore

extension StudyConfiguration {
  /// Reads a study and checks everything that can be known without making its plugins; every mistake is reported.
  ///
  /// - Parameters:
  ///   - path: a study file, or the name of one in the catalog.
  ///   - overrides: `path.to.key=value`, as on the command line.
  ///   - variant: the change that makes a variant of a scan; nil for the study itself.
  ///   - registry: the plugins.
  ///   - catalog: the catalog; found from the study's folder when nil.
  package static func load(
    _ path: String, overrides: [String] = [], variant: StudyOverride? = nil, registry: Registry, catalog: Catalog? = nil
  ) throws -> StudyConfiguration {
    let path = try file(of: path, catalog: catalog)
    let catalog = catalog ?? Catalog.find(near: FilePath.folder(of: path))
    return try load(
      try content(of: path, in: catalog), path: path, overrides: overrides, variant: variant, registry: registry,
      catalog: catalog)
  }

  /// Reads a study from text instead of a file; see ``load(_:overrides:registry:catalog:)``.
  ///
  /// - Parameters:
  ///   - text: YAML, of which JSON is a part.
  ///   - directory: folder that file names in the study are relative to.
  ///   - overrides: `path.to.key=value`, as on the command line.
  ///   - registry: the plugins.
  ///   - catalog: the catalog.
  package static func load(
    text: String, in directory: String, overrides: [String] = [], registry: Registry, catalog: Catalog
  ) throws -> StudyConfiguration {
    let path = FilePath.join(directory, textFile)
    return try load(
      try content(of: try ConfigurationFile.mapping(text, file: path), path: path, in: catalog), path: path,
      overrides: overrides, registry: registry, catalog: catalog)
  }

  /// What stands for the file name in errors about a study that is given as text.
  package static let textFile = "study-text"

  private static func load(
    _ content: ConfigurationNode, path: String, overrides: [String], variant: StudyOverride? = nil, registry: Registry,
    catalog: Catalog
  ) throws -> StudyConfiguration {
    var node = content
    var problems = NuTuneErrors()
    func apply(_ change: StudyOverride) throws {
      let changed = try node.namingBases(above: change.path, registry).setting(change.path, to: change.value)
      try checkLeftOut(changed, of: node)
      node = changed
    }
    for text in overrides { problems.attempt { try apply(StudyOverride(text)) } }
    if let variant { problems.attempt { try apply(variant) } }
    try problems.throwIfAny()
    let context = ReadingContext(
      registry: registry, catalog: catalog, directory: FilePath.folder(of: path))
    return try StudyConfiguration(node, path: path, in: context)
  }

  /// The file of a study that is given by its path or by its name in the catalog.
  static func file(of path: String, catalog: Catalog?) throws -> String {
    guard !path.contains("/"), !FileManager.default.fileExists(atPath: path) else { return path }
    let known = catalog ?? Catalog.find()
    if let file = known.path(of: .studies, named: path) { return file }
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "neither a file nor a study of the catalog",
        expected: "a study file, or one of \(known.names(of: .studies).joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: path, among: known.names(of: .studies)))
    }
    return path
  }
}

extension ConfigurationNode {
  /// A study in which what stands above a path by the name of a catalog entry alone (an experiment, a prior of a model)
  /// says `{base: name}`, so that something below can be set.
  fileprivate func namingBases(above path: [String], _ registry: Registry) throws -> ConfigurationNode {
    let place: [String]
    switch path.first {
    case "experiment" where path.count > 1: place = ["experiment"]
    case "joint" where path.count > 2: place = Array(path.prefix(2))
    case "predict" where path.count > 1:
      var node = self
      if let predict = self["predict"] { node = try node.setting(["predict"], to: predict.namingExperiment()) }
      guard path.count > 2, path[1] == "experiment", let experiment = node["predict"]?["experiment"] else {
        return node
      }
      return try node.setting(["predict", "experiment"], to: experiment.namingBase())
    case "models" where path.count > 3:
      place = Array(path.prefix(3))
      let model = self["models"]?[path[1]]?["model"]?.text
      let components = model.flatMap { try? registry.descriptor(.crossSection, named: $0) }?.components ?? []
      guard components.contains(where: { $0.name == path[2] }) else { return self }
    default: return self
    }
    guard let node = place.reduce(Optional(self), { $0?[$1] }), case .scalar = node.content else { return self }
    return try setting(place, to: node.namingBase())
  }
}
