import NuTuneCatalog
import NuTuneCore

/// An oscillation model with its parameters.
final class Oscillation: Sendable {
  let model: any OscillationModel

  init(_ name: String, preset: String?, settings: [String], in context: CatalogContext) throws {
    let selection = try PluginSelection.oscillation(
      model: name, preset: preset, explicit: try settings.map { try StudyOverride($0) }, registry: context.registry,
      catalog: context.catalog)
    model = try selection.make(context.registry)
  }

  /// Parameters that a fit can vary, with value and unit.
  func description() throws -> JSONValue {
    [
      "parameters": .list(
        try model.fittableParameters.map { name in
          [
            "name": .text(name), "value": .number(try model.value(of: name)),
            "unit": .text(try model.fitDomain(of: name).unit),
          ]
        })
    ]
  }

  /// Writes probabilities of shape [9][energies].
  func write(
    _ helicity: Helicity, over baseline: Baseline, at energies: UnsafeBufferPointer<Double>,
    to result: UnsafeMutablePointer<Double>
  ) throws {
    if let model = model as? any InPlaceOscillationModel {
      try model.writeProbabilities(at: energies, over: baseline, helicity: helicity, to: result)
    } else {
      let found = try model.probabilities(at: Array(energies), over: baseline, helicity: helicity)
      result.update(from: found.values, count: found.values.count)
    }
  }
}
