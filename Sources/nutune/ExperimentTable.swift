import NuTuneCatalog
import NuTuneCore
import NuTuneReport

/// `nutune list experiments`: all experiments of the catalog, side by side.
struct ExperimentTable {
  private var table = TextTable(
    header: ["name", "title", "L [km]", "ρ [g/cm³]", "target", "near", "far", "modes", "bins", "far events"],
    leftColumns: 2)

  /// Creates the table of some experiments; unreadable ones are left out with a warning.
  init(_ names: [String], registry: Registry, catalog: Catalog) {
    for name in names {
      do {
        append(try ExperimentConfiguration.load(name, registry: registry, catalog: catalog))
      } catch {
        StandardError.warn("\(error)")
      }
    }
  }

  private mutating func append(_ experiment: ExperimentConfiguration) {
    let near = experiment.near[0]
    let positions = experiment.near.count == 1 ? "" : ", \(experiment.near.count) positions"
    table.append([
      experiment.name, experiment.title,
      experiment.baseline.map { Self.text($0.length) } ?? "–", experiment.baseline.map { Self.text($0.density) } ?? "–",
      experiment.target.name, Self.summary(near.detector) + positions,
      experiment.far.map { Self.summary($0.detector) } ?? "–", experiment.modes.joined(separator: ", "),
      near.binning.grid.map { "\($0.first.count) × \($0.second.count)" } ?? "\(near.binning.count)",
      experiment.far.map { $0.events.map(Self.text) ?? "–" } ?? "–",
    ])
  }

  /// Describes a detector by its values that differ from the defaults: `smearing 0.07, 2 deg`.
  private static func summary(_ detector: PluginSelection) -> String {
    let values = detector.parameters.schema.declarations.compactMap { declaration -> String? in
      guard let value = detector.parameters.effective[declaration.name], value != declaration.defaultValue else {
        return nil
      }
      return "\(value)" + (declaration.unit.isEmpty ? "" : " \(declaration.unit)")
    }
    return values.isEmpty ? detector.name : "\(detector.name) \(values.joined(separator: ", "))"
  }

  private static func text(_ number: Double) -> String { "\(ParameterValue.number(number))" }

  /// The table, ending in a newline.
  var text: String { table.text }
}
