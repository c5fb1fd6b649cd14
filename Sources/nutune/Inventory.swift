import NuTuneCatalog
import NuTuneCore

/// Everything with a name: plugins and catalog entries.
struct Inventory {
  /// One plugin or entry.
  struct Item {
    enum Source {
      /// A plugin, and the library that contains it; nil for a built-in one.
      case plugin(PluginDescriptor, PluginLibrary?)
      case entry(CatalogEntry)
    }

    /// Plural of its kind, `fluxes`.
    let kind: String
    let source: Source

    var name: String {
      switch source {
      case .plugin(let descriptor, _): descriptor.name
      case .entry(let entry): entry.name
      }
    }

    var title: String {
      switch source {
      case .plugin(let descriptor, _): descriptor.summary
      case .entry(let entry): entry.title
      }
    }

    var isPlugin: Bool {
      if case .plugin = source { return true }
      return false
    }

    /// The library that contains the plugin.
    var library: PluginLibrary? {
      if case .plugin(_, let library) = source { return library }
      return nil
    }

    var citations: [Citation] {
      switch source {
      case .plugin(let descriptor, _): descriptor.citations
      case .entry(let entry): entry.citations
      }
    }

    var summary: [String: JSONValue] {
      var object: [String: JSONValue] = [
        "kind": .text(kind), "name": .text(name), "title": .text(title), "source": isPlugin ? "plugin" : "catalog",
      ]
      if isPlugin { object["origin"] = .text(library?.path ?? "built-in") }
      return object
    }
  }

  /// Plurals, in the order of the list.
  static let kinds = [
    "cross-sections", "fluxes", "flux-covariances", "measurements", "detectors", "oscillations", "experiments",
    "studies", "priors", "stories",
  ]

  /// A catalog entry that cannot be read.
  struct BrokenEntry {
    let kind: String
    let name: String
    let problems: NuTuneErrors
  }

  let items: [Item]
  let broken: [BrokenEntry]

  init(registry: Registry, catalog: Catalog) {
    var items: [Item] = []
    var broken: [BrokenEntry] = []
    for kind in Self.kinds {
      if let plugins = PluginKind.allCases.first(where: { $0.plural == kind }) {
        items += registry.descriptors(of: plugins).map { descriptor in
          Item(kind: kind, source: .plugin(descriptor, registry.library(of: plugins, named: descriptor.name)))
        }
      }
      if let entries = CatalogKind(rawValue: kind) {
        for name in catalog.names(of: entries) {
          var problems = NuTuneErrors()
          if let entry = problems.attempt({ try catalog.entry(entries, named: name) }) {
            items.append(Item(kind: kind, source: .entry(entry)))
          } else {
            broken.append(BrokenEntry(kind: kind, name: name, problems: problems))
          }
        }
      }
    }
    self.items = items
    self.broken = broken
  }

  /// Returns the plural of a kind that is given in singular or plural.
  static func kind(named name: String) throws -> String {
    let singulars = Dictionary(
      uniqueKeysWithValues: PluginKind.allCases.map { ($0.rawValue, $0.plural) }
        + CatalogKind.allCases.filter { kind in !PluginKind.allCases.contains { $0.plural == kind.rawValue } }
        .map { ($0.singular, $0.rawValue) })
    guard let kind = kinds.contains(name) ? name : singulars[name] else {
      throw NuTuneError(
        .usage, found: "the unknown kind “\(name)”", expected: "one of \(kinds.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: kinds + singulars.keys.sorted()))
    }
    return kind
  }

  /// Returns the items of a name; a broken one is an error, and an unknown one suggests the nearest.
  func items(named name: String) throws -> [Item] {
    for entry in broken where entry.name == name { try entry.problems.throwIfAny() }
    let found = items.filter { $0.name == name }
    guard !found.isEmpty else {
      throw NuTuneError(
        .usage, found: "the unknown name “\(name)”", expected: "a name that `nutune list` shows",
        suggestion: Suggestion.nearest(to: name, among: items.map(\.name)))
    }
    return found
  }
}
