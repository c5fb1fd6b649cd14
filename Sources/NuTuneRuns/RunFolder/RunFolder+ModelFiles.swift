import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension RunFolder {
  /// Names of the files of a tuned model.
  static func modelFiles(_ label: String) -> (weights: String, card: String) {
    ("models/\(label).safetensors", "models/\(label).json")
  }

  /// Writes weights and card of a tuned model under a label, the study's own unless it was tuned differently.
  func write(_ result: TuningResult, of selection: PluginSelection, label: String? = nil) throws {
    let label = label ?? selection.label
    let files = Self.modelFiles(label)
    try AtomicFile.write(try SafeTensors.encode(result.state.tensors), to: file(files.weights))
    try write(
      ModelCard(
        label: label, model: selection.name, parameters: selection.parameters.effective,
        components: selection.components.isEmpty
          ? nil : Dictionary(uniqueKeysWithValues: selection.components.map { ($0.label, ModelCard.Component($0)) }),
        state: result.state.card, record: result.record), to: files.card)
  }

  /// Reads a tuned model back.
  func readModel(_ label: String, untuned: any TunableModel) throws -> (
    model: any CrossSectionModel, record: TuningRecord
  ) {
    try Self.readModel(label, untuned: untuned, in: path)
  }

  /// Reads a tuned model back from a folder that may belong to a running process: nothing is locked or written.
  static func readModel(_ label: String, untuned: any TunableModel, in folder: String) throws -> (
    model: any CrossSectionModel, record: TuningRecord
  ) {
    let files = modelFiles(label)
    let (weights, cardFile) = (FilePath.join(folder, files.weights), FilePath.join(folder, files.card))
    let card = try JSONFile.read(ModelCard.self, from: cardFile, expected: "a file that this version wrote")
    guard card.schema == ModelCard.schemaName, card.label == label else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: cardFile), key: "label",
        found: "“\(card.label)” of schema “\(card.schema)”", expected: "“\(label)” of schema “\(ModelCard.schemaName)”")
    }
    guard let data = FileManager.default.contents(atPath: weights) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: weights), found: "no such file", expected: "tuned weights")
    }
    let tensors = try SafeTensors.decode(data, path: weights)
    do {
      return (try untuned.restored(from: ModelState(tensors: tensors, card: card.state)), card.record)
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: weights))
    }
  }
}
