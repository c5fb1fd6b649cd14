import BuiltInPlugins
import NuTuneCatalog
import NuTuneCore

/// Catalogs and plugins, which everything else is made from.
final class CatalogContext: Sendable {
  let registry: Registry
  let catalog: Catalog

  init(folders: [String]) throws {
    registry = try BuiltInPlugins.registry()
    catalog = Catalog(folders: folders)
  }

  /// Reads a study: the path of a file, its name in a catalog, or text.
  ///
  /// - Parameters:
  ///   - source: path, name or text.
  ///   - directory: what file names in a text are relative to; nil for a path or name.
  ///   - changes: texts `path.to.key=value`.
  func study(_ source: String, in directory: String?, changes: [String]) throws -> StudyConfiguration {
    guard let directory else {
      return try .load(source, overrides: changes, registry: registry, catalog: catalog)
    }
    return try .load(
      text: source, in: FilePath.absolute(directory), overrides: changes, registry: registry, catalog: catalog)
  }

  /// Names of plugins and entries of all kinds, plugins with their parameters.
  var description: JSONValue {
    var plugins: [String: JSONValue] = [:]
    for kind in PluginKind.allCases {
      plugins[kind.rawValue] = .list(registry.descriptors(of: kind).map(Self.description))
    }
    var entries: [String: JSONValue] = [:]
    for kind in CatalogKind.allCases {
      entries[kind.rawValue] = .list(catalog.names(of: kind).map { .text($0) })
    }
    return [
      "plugins": .object(plugins), "entries": .object(entries), "folders": .list(catalog.folders.map { .text($0) }),
    ]
  }

  private static func description(of descriptor: PluginDescriptor) -> JSONValue {
    [
      "name": .text(descriptor.name), "summary": .text(descriptor.summary),
      "parameters": .list(
        descriptor.parameters.declarations.map { declaration in
          var values: [String: JSONValue] = [
            "name": .text(declaration.name), "unit": .text(declaration.unit), "meaning": .text(declaration.meaning),
          ]
          values["default"] = declaration.defaultValue.map { JSONValue($0) }
          return .object(values)
        }),
    ]
  }
}
