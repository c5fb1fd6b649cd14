import ArgumentParser
import NuTuneCatalog
import NuTuneCore

/// `nutune show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows one plugin or catalog entry: what it is, its parameters, what to cite.",
    discussion: """
      Example:
        nutune show toy-sf
        nutune show dune --json
      """)

  @Argument(help: "A name that `nutune list` shows.")
  var name: String

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let (registry, catalog) = (try plugins.registry(), Catalog.find())
    let items = try Inventory(registry: registry, catalog: catalog).items(named: name)
    let positivity = { (item: Inventory.Item) -> PositivitySummary? in
      guard case .plugin(let descriptor, _) = item.source else { return nil }
      return try PositivitySummary(of: descriptor, registry: registry, catalog: catalog)
    }
    if json {
      let documents = try items.map { try $0.json(positivity($0)) }
      try StandardOutput.write(try (documents.count == 1 ? documents[0] : .list(documents)).rendered())
    } else {
      try StandardOutput.write(try items.map { try $0.page(positivity($0)) }.joined(separator: "\n"))
    }
  }
}

extension Inventory.Item {
  /// Returns the whole description, as text for readers.
  fileprivate func page(_ positivity: PositivitySummary?) throws -> String {
    var text = "\(name) · \(kind) · \(origin)\n\(PrintableText.line(title))\n"
    switch source {
    case .plugin(let descriptor, _):
      if !descriptor.parameters.declarations.isEmpty { text += "\n" + Self.table(descriptor.parameters) }
      for component in descriptor.components {
        text +=
          "\n  \(component.name): \(component.meaning); a catalog entry (priors), {model: \(component.kind.rawValue) "
          + "plugin, parameter: value, …}, {base: entry, parameter: value, …}, or none\n"
      }
      if let positivity { text += "\n\(positivity.text)" }
    case .entry(let entry):
      text += "\(entry.path)\n\n"
      for (key, value) in entry.values.flattened {
        text += "  \(PrintableText.line("\(key): \(value)", limit: 4000))\n"
      }
      if let source = entry.node["source"] {
        for (key, value) in source.flattened {
          text += "  source.\(PrintableText.line("\(key): \(value)", limit: 4000))\n"
        }
      }
      if let summary = try FluxCovarianceSummary(of: entry) { text += "\n\(summary.text)" }
      if entry.kind == .measurements {
        text += "\n" + (try MeasurementNumbers(of: entry).text)
      }
    }
    if !citations.isEmpty {
      text += "\nTo cite:\n" + citations.map { "\($0.bibtex)\n" }.joined(separator: "\n")
    }
    return text
  }

  private var origin: String {
    guard isPlugin else { return "catalog entry" }
    return library.map { "plugin of \($0.path)" } ?? "built-in plugin"
  }

  private static func table(_ schema: ParameterSchema) -> String {
    let rows = schema.declarations.map { declaration in
      [
        declaration.name, declaration.unit,
        declaration.defaultValue?.description ?? (declaration.isRequired ? "(required)" : "(unset)"),
        declaration.domain.description, declaration.meaning,
      ]
    }
    let all = [["parameter", "unit", "default", "allowed", "meaning"]] + rows
    let widths = (0..<5).map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      var line = "  " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Returns the whole description, as JSON for programs.
  fileprivate func json(_ positivity: PositivitySummary?) throws -> JSONValue {
    var object = summary
    object["citations"] = .list(citations.map { ["key": .text($0.key), "bibtex": .text($0.bibtex)] })
    if let library { object["sha256"] = .text(library.sha256) }
    if let positivity { object["positivity"] = positivity.json }
    switch source {
    case .plugin(let descriptor, _):
      object["parameters"] = .list(
        descriptor.parameters.declarations.map { declaration in
          var parameter: [String: JSONValue] = [
            "name": .text(declaration.name), "unit": .text(declaration.unit),
            "allowed": .text(declaration.domain.description), "meaning": .text(declaration.meaning),
            "required": .boolean(declaration.isRequired),
          ]
          parameter["default"] = declaration.defaultValue.map { JSONValue($0) }
          return .object(parameter)
        })
      object["components"] = .list(
        descriptor.components.map { component in
          ["name": .text(component.name), "kind": .text(component.kind.rawValue), "meaning": .text(component.meaning)]
        })
    case .entry(let entry):
      object["path"] = .text(entry.path)
      object["values"] = .object(
        Dictionary(entry.values.flattened.map { ($0.key, JSONValue.text($0.value)) }) { $1 })
      if let summary = try FluxCovarianceSummary(of: entry) { object["covariance"] = summary.json }
      if entry.kind == .measurements {
        object["measurement"] = try MeasurementNumbers(of: entry).json
      }
    }
    return .object(object)
  }
}

extension ConfigurationNode {
  /// Scalars and lists by dotted path, in the order of the file, unchanged.
  fileprivate var flattened: [(key: String, value: String)] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.flatMap { entry -> [(key: String, value: String)] in
      if case .mapping(let inner) = entry.value.content, !inner.isEmpty {
        return entry.value.flattened.map { ("\(entry.key).\($0.key)", $0.value) }
      }
      return [(entry.key, entry.value.written)]
    }
  }

  private var written: String {
    switch content {
    case .null: ""
    case .scalar(let text, _): text
    case .sequence(let elements): "[" + elements.map(\.written).joined(separator: ", ") + "]"
    case .mapping(let entries): "{" + entries.map { "\($0.key): \($0.value.written)" }.joined(separator: ", ") + "}"
    }
  }
}
