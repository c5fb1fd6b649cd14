import ArgumentParser
import NuTuneCatalog
import NuTuneCore

/// `nutune list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists plugins and catalog entries.",
    discussion: """
      Example:
        nutune list fluxes
        nutune list --json
      """)

  @Argument(
    help: ArgumentHelp(
      "cross-sections, fluxes, flux-covariances, measurements, detectors, oscillations, experiments, studies, priors "
        + "or stories; everything when left out."))
  var kind: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let (registry, catalog) = (try plugins.registry(), Catalog.find())
    let inventory = Inventory(registry: registry, catalog: catalog)
    let kind = try kind.map { try Inventory.kind(named: $0) }
    let items = inventory.items.filter { kind == nil || $0.kind == kind }
    for entry in inventory.broken where kind == nil || entry.kind == kind {
      for problem in entry.problems.errors { StandardError.warn("\(problem)") }
    }
    if kind == "experiments", !json {
      return try StandardOutput.write(
        ExperimentTable(items.map(\.name), registry: registry, catalog: catalog).text)
    }
    try StandardOutput.write(
      json ? try JSONValue.list(items.map { .object($0.summary) }).rendered() : Self.table(items))
  }

  private static func table(_ items: [Inventory.Item]) -> String {
    let width = items.map(\.name.count).max() ?? 0
    var text = ""
    for kind in Inventory.kinds {
      let rows = items.filter { $0.kind == kind }
      guard !rows.isEmpty else { continue }
      text += "\(kind)\n"
      for row in rows {
        let padding = String(repeating: " ", count: width - row.name.count)
        text +=
          "  \(row.name)\(padding)  \(row.isPlugin ? "plugin " : "catalog")  \(PrintableText.line(row.title, limit: 200))"
        text += row.library.map { " [\($0.path)]\n" } ?? "\n"
      }
    }
    return text
  }
}
