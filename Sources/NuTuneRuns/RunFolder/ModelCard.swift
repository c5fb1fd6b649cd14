import NuTuneCatalog
import NuTuneCore

/// The card beside the weights of a tuned model.
struct ModelCard: Codable, Sendable {
  /// A plugin that a model is made of.
  struct Component: Codable, Sendable {
    var model: String
    var parameters: [String: ParameterValue]
    var components: [String: Component]?

    init(_ selection: PluginSelection) {
      model = selection.name
      parameters = selection.parameters.effective
      components =
        selection.components.isEmpty
        ? nil : Dictionary(uniqueKeysWithValues: selection.components.map { ($0.label, Component($0)) })
    }
  }

  static let schemaName = "nutune.model/1"

  /// `nutune.model/1`.
  var schema = schemaName
  /// Label in the study.
  var label: String
  /// The plugin.
  var model: String
  /// Its parameters.
  var parameters: [String: ParameterValue]
  /// The plugins it is made of, by the name of the component.
  var components: [String: Component]?
  /// What belongs to the weights: scaling, order of the nets.
  var state: [String: ParameterValue]
  /// How the tuning went.
  package var record: TuningRecord
}
