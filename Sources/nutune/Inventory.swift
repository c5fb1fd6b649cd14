import NuTuneCore
import NuTuneStudy

/// Everything that has a name: plugins and catalog entries.
struct Inventory {
  /// One plugin or entry.
  struct Item {
    enum Source {
      case plugin(PluginDescriptor)
      case entry(CatalogEntry)
    }

    /// Plural of its kind, `fluxes`.
    let kind: String
    let source: Source

    var name: String {
      switch source {
      case .plugin(let descriptor): descriptor.name
      case .entry(let entry): entry.name
      }
    }

    var title: String {
      switch source {
      case .plugin(let descriptor): descriptor.summary
      case .entry(let entry): entry.title
      }
    }

    var isPlugin: Bool {
      if case .plugin = source { return true }
      return false
    }

    var citations: [Citation] {
      switch source {
      case .plugin(let descriptor): descriptor.citations
      case .entry(let entry): entry.citations
      }
    }

    var summaryJSON: JSONValue {
      [
        "kind": .text(kind), "name": .text(name), "title": .text(title),
        "source": isPlugin ? "plugin" : "catalog",
      ]
    }
  }

  /// Plurals, in the order of the list.
  static let kinds = [
    "cross-sections", "fluxes", "detectors", "oscillations", "experiments", "studies", "priors",
  ]

  let items: [Item]

  init(registry: Registry, catalog: Catalog) throws {
    items = try Self.kinds.flatMap { kind in
      var items: [Item] = []
      if let plugins = PluginKind.allCases.first(where: { $0.plural == kind }) {
        items += registry.descriptors(of: plugins).map { Item(kind: kind, source: .plugin($0)) }
      }
      if let entries = CatalogKind(rawValue: kind) {
        items += try catalog.entries(of: entries).map { Item(kind: kind, source: .entry($0)) }
      }
      return items
    }
  }

  /// Items of a kind, given in singular or plural.
  func items(ofKind name: String) throws -> [Item] {
    let singulars = Dictionary(
      uniqueKeysWithValues: PluginKind.allCases.map { ($0.rawValue, $0.plural) }
        + CatalogKind.allCases.filter { kind in !PluginKind.allCases.contains { $0.plural == kind.rawValue } }
        .map { ($0.singular, $0.rawValue) })
    guard let kind = Self.kinds.contains(name) ? name : singulars[name] else {
      throw NuTuneError(
        .usage, found: "the unknown kind “\(name)”", expected: "one of \(Self.kinds.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: Self.kinds + singulars.keys.sorted()))
    }
    return items.filter { $0.kind == kind }
  }

  /// Items of a name; an error suggests the nearest.
  func items(named name: String) throws -> [Item] {
    let found = items.filter { $0.name == name }
    guard !found.isEmpty else {
      throw NuTuneError(
        .usage, found: "the unknown name “\(name)”", expected: "a name that `nutune list` shows",
        suggestion: Suggestion.nearest(to: name, among: items.map(\.name)))
    }
    return found
  }
}
