import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension RunFolder {
  /// Names of the files of a tuned model.
  static func modelFiles(_ label: String) -> (weights: String, card: String) {
    ("models/\(label).safetensors", "models/\(label).json")
  }

  /// Writes weights and card of a tuned model under a label, the study's own unless it was tuned differently; returns the
  /// SHA-256 of the weights.
  @discardableResult
  func write(
    _ result: TuningResult, of selection: PluginSelection, label: String? = nil, origin: ModelOrigin? = nil
  ) throws -> String {
    let label = label ?? selection.label
    let files = Self.modelFiles(label)
    let weights = try SafeTensors.encode(TrainedModel.tensors(result.state.tensors, of: selection))
    try AtomicFile.write(weights, to: file(files.weights))
    var card = ModelCard(label, of: selection, result, origin: origin)
    let digest = Digest.sha256(weights)
    card.weightsDigest = digest
    try write(card, to: files.card)
    return digest
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
    let names = modelFiles(label)
    let files = TrainedModelFiles(
      card: FilePath.join(folder, names.card), weights: FilePath.join(folder, names.weights))
    let (trained, card) = try TrainedModel.read(files, reference: label)
    guard card.label == label else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: files.card), key: "label", found: "“\(card.label)”", expected: "“\(label)”")
    }
    do {
      return (try untuned.restored(from: trained.state), card.record)
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: files.weights))
    }
  }
}
