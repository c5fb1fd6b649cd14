import NuTuneCore
import NuTuneFiles

extension PluginSelection {
  /// The key of a trained model in place of `model`.
  package static let trainedKey = "trained"

  /// The node of the name of a trained model, if a cross section is given by one: `{trained: runs/x#neural}`, or the
  /// name alone.
  static func trainedName(in node: ConfigurationNode?, in context: ReadingContext) -> ConfigurationNode? {
    if let name = node?[trainedKey] { return name }
    guard let node, let text = node.text, TrainedModelFiles.isNamed(text, in: context.catalog) else { return nil }
    return node
  }

  /// Reads a trained model: plugin, parameters and components are those of its card.
  ///
  /// - Parameters:
  ///   - name: where its name stands.
  ///   - node: what the name stands in; nothing else may.
  init(
    label: String, trained name: ConfigurationNode, in node: ConfigurationNode?, path: String, alsoAllowed: Set<String>,
    in context: ReadingContext
  ) throws {
    let key = path.isEmpty ? Self.trainedKey : "\(path).\(Self.trainedKey)"
    guard let text = name.text, !text.isEmpty else {
      throw NuTuneError(
        .badData, at: name.location, key: key, found: name.summary,
        expected: "RUN#LABEL, or the name of a trained model of the catalog")
    }
    if case .mapping(let entries)? = node?.content,
      let other = entries.first(where: { $0.key != Self.trainedKey && !alsoAllowed.contains($0.key) })
    {
      throw NuTuneError(
        .badData, at: other.location, key: path.isEmpty ? other.key : "\(path).\(other.key)",
        found: "\(other.key) beside \(Self.trainedKey)",
        expected: "one of both: a trained model keeps plugin and parameters that it was trained with")
    }
    let files = try TrainedModelFiles(
      of: text, in: context.folder(of: name.location), catalog: context.catalog, at: name.location, key: key)
    let (read, card) = try TrainedModel.read(files, reference: text)
    try Self.checkLibrary(of: card, in: context.registry, at: SourceLocation(file: files.card))
    try self.init(
      label: label, kind: .crossSection,
      from: try ModelCardNode(path: files.card).node(
        model: card.model, parameters: card.parameters, components: card.components, files: nil, context.registry),
      path: path, in: context)
    let place = MemberPlace(card: files.card, path: path, context: context)
    var model = read
    try place.select(&model)
    trained = model
    location = name.location
    try addTrained(model, card.components, place)
  }

  /// Gives components that are trained models their weights.
  fileprivate mutating func addTrained(
    _ model: TrainedModel, _ cards: [String: ModelCardComponent]?, _ place: MemberPlace
  ) throws {
    for index in components.indices {
      guard let card = cards?[components[index].label] else { continue }
      guard var own = model.component(components[index].label, card) else { continue }
      try place.select(&own)
      components[index].trained = own
      try components[index].addTrained(own, card.components, place)
    }
  }

  /// Throws when the plugin of a model comes from another library than the one that trained it.
  private static func checkLibrary(of card: ModelCard, in registry: Registry, at location: SourceLocation) throws {
    guard let origin = card.origin else { return }
    let isKnown = registry.descriptors(of: .crossSection).contains { $0.name == card.model }
    let library = registry.library(of: .crossSection, named: card.model)
    guard isKnown else {
      guard let needed = origin.library else { return }
      throw NuTuneError(
        .badData, at: location, key: "model", found: "“\(card.model)”, a plugin of a library that is not loaded",
        expected: "--plugin \(needed.path), if you trust it: plugins run with your rights")
    }
    guard library?.sha256 != origin.library?.sha256 else { return }
    func name(_ library: PluginLibrary?) -> String {
      library.map { "the library \($0.path) with SHA-256 \($0.sha256.prefix(16))…" } ?? "this program"
    }
    throw NuTuneError(
      .badData, at: location, key: "model", found: "“\(card.model)” of \(name(library))",
      expected: "that of \(name(origin.library)), which trained the model: another version may read weights otherwise")
  }

  /// A trained model for a command, by `RUN#LABEL` relative to the current folder or by its name in a catalog.
  package static func trained(_ name: String, registry: Registry, catalog: Catalog) throws -> PluginSelection {
    let location = SourceLocation(file: StudyOverride.file)
    let node = ConfigurationNode(.scalar(name, quoted: true), at: location)
    return try PluginSelection(
      label: name, trained: node, in: nil, path: "", alsoAllowed: [],
      in: ReadingContext(registry: registry, catalog: catalog, directory: ""))
  }

  /// What it is called in messages: the name of a trained model with its plugin, or the plugin.
  package var title: String { trained.map { "\($0.reference) (\(name))" } ?? name }
}

/// Where the members of ensembles are described: what the plugins of those of other architectures are read from.
private struct MemberPlace {
  /// Path of the card.
  let card: String
  /// Dotted path in the study.
  let path: String
  let context: ReadingContext

  /// Selects the plugins of members that have an architecture of their own.
  func select(_ model: inout TrainedModel) throws {
    for (index, member) in model.members.enumerated() {
      guard let architecture = member.card.architecture else { continue }
      let node = try ModelCardNode(path: card).node(
        model: architecture.model, parameters: architecture.parameters, components: architecture.components,
        files: architecture.files, context.registry)
      var selection = try PluginSelection(
        label: member.card.name, kind: .crossSection, from: node, path: path, in: context)
      try selection.addTrained(model.standingAlone(member), architecture.components, self)
      model.members[index].selection = selection
    }
  }
}
