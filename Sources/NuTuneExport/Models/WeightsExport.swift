import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneRuns

/// Weights and card of a tuned model, as they stand in the run.
enum WeightsExport {
  /// Returns both files; throws for a model that has no weights.
  static func files(_ label: String, of run: ExportedRun) throws -> [ExportedFile] {
    let (weights, card) = SavedModel.files(label)
    return try files(
      TrainedModelFiles(card: FilePath.join(run.folder, card), weights: FilePath.join(run.folder, weights)),
      label: label)
  }

  /// Returns both files of a trained model.
  static func files(_ files: TrainedModelFiles, label: String) throws -> [ExportedFile] {
    try [(files.weights, "weights"), (files.card, "card: architecture, scaling, training")].map { path, note in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw NuTuneError(
          .missingInput, at: SourceLocation(file: path), found: "no such file",
          expected: "weights of “\(label)”; a model that was not tuned has none")
      }
      return ExportedFile(name: FilePath.name(of: path), note: note, content: .bytes([UInt8](data)))
    }
  }
}
