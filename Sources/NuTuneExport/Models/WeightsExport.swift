import Foundation
import NuTuneCore
import NuTuneRuns

/// Weights and card of a tuned model, as they stand in the run.
enum WeightsExport {
  /// Returns both files; throws for a model that has no weights.
  static func files(_ label: String, of run: ExportedRun) throws -> [ExportedFile] {
    let files = SavedModel.files(label)
    return try [(files.weights, "weights"), (files.card, "card: architecture, scaling, training")].map { file, note in
      let path = FilePath.join(run.folder, file)
      guard let data = FileManager.default.contents(atPath: path) else {
        throw NuTuneError(
          .missingInput, at: SourceLocation(file: path), found: "no such file",
          expected: "weights of “\(label)”; a model that was not tuned has none")
      }
      return ExportedFile(name: FilePath.name(of: file), note: note, content: .bytes([UInt8](data)))
    }
  }
}
