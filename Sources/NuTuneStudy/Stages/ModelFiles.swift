import Foundation
import NuTuneCore

/// The card beside the weights of a tuned model.
struct ModelCard: Codable {
  /// `nutune.model/1`.
  var schema = "nutune.model/1"
  /// Label in the study.
  var label: String
  /// The plugin.
  var model: String
  /// Its parameters.
  var parameters: [String: ParameterValue]
  /// What belongs to the weights: scaling, order of the nets.
  var state: [String: ParameterValue]
  /// How the tuning went.
  var record: TuningRecord
}

extension RunFolder {
  /// Names of the files of a tuned model.
  static func modelFiles(_ label: String) -> (weights: String, card: String) {
    ("models/\(label).safetensors", "models/\(label).json")
  }

  /// Writes weights and card of a tuned model.
  func write(_ result: TuningResult, of selection: PluginSelection) throws {
    let files = Self.modelFiles(selection.label)
    try AtomicFile.write(try SafeTensors.encode(result.state.tensors), to: file(files.weights))
    try write(
      ModelCard(
        label: selection.label, model: selection.name, parameters: selection.parameters.effective,
        state: result.state.card, record: result.record), to: files.card)
  }

  /// Reads a tuned model back.
  func readModel(_ label: String, untuned: any TunableModel) throws -> (
    model: any CrossSectionModel, record: TuningRecord
  ) {
    let files = Self.modelFiles(label)
    let card = try read(ModelCard.self, from: files.card)
    guard let data = FileManager.default.contents(atPath: file(files.weights)) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: file(files.weights)), found: "no such file", expected: "tuned weights")
    }
    let tensors = try SafeTensors.decode(data, path: file(files.weights))
    return (try untuned.restored(from: ModelState(tensors: tensors, card: card.state)), card.record)
  }
}
