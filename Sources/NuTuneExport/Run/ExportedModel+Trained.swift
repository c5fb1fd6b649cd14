import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension ExportedModel {
  /// The model of an ensemble, or one that is installed in a catalog: channels, target and scale are those of its card.
  ///
  /// - Parameters:
  ///   - name: its name, `runs/many#neural` or `dune-ar40-v1`.
  ///   - registry: where the plugins are.
  ///   - catalog: where entries are looked up.
  ///   - settings: channels and target in place of the card's, and the number of members.
  package init(trained name: String, registry: Registry, catalog: Catalog, settings: ExportSettings) throws {
    let selection = try PluginSelection.trained(name, registry: registry, catalog: catalog)
    let model: any CrossSectionModel = try selection.make(registry)
    let origin = selection.trained?.origin
    func known(_ names: [String]?, _ key: String) throws -> [String] {
      guard let names, !names.isEmpty else {
        throw NuTuneError(
          .usage, key: "--\(key)", found: "a card of an older version, which does not say the \(key)", expected: "one")
      }
      return names
    }
    let channels =
      try settings.channels
      ?? known(origin?.channels, "channel").map { try NeutrinoSpecies(named: $0, key: "origin.channels") }
    let target =
      try settings.target ?? Target(named: try known(origin?.targets, "target")[0], key: "origin.targets")
    try model.check(channels.map { Reaction(species: $0, target: target) })
    let label = name.lastIndex(of: "#").map { String(name[name.index(after: $0)...]) } ?? name
    let scales = channels.map { ($0, Self.scale(origin, $0)) }
    self.init(
      label: label, run: origin?.study ?? name, model: model,
      members: try Self.draws(of: model, settings.members, seed: settings.seed), channels: channels, target: target,
      scales: Dictionary(uniqueKeysWithValues: scales))
  }

  /// What a card knows of the absolute scale in a channel.
  private static func scale(_ origin: ModelOrigin?, _ species: NeutrinoSpecies) -> ExportScale {
    guard let scale = origin?.scale else { return .arbitrary }
    guard !scale.isAbsolute else { return .measured }
    return scale.factors[species.helicity.rawValue].map { .nearRate($0.value) } ?? .arbitrary
  }

  /// Whether a text names a trained model outside of a finished run: of an ensemble, or installed in a catalog.
  package static func isTrained(_ text: String, catalog: Catalog) -> Bool {
    guard !FilePath.isFolder(text) else { return false }
    guard let mark = text.lastIndex(of: "#") else { return catalog.path(of: .crossSections, named: text) != nil }
    let folder = String(text[..<mark])
    return FilePath.isFolder("\(folder)/models") && !FilePath.exists("\(folder)/results.json")
  }
}
