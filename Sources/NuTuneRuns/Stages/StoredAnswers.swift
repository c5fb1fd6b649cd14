import NuTuneAnalysis
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Answers of some pseudo-experiments of a sensitivity in a run folder, in a file whose name is the digest of what they depend on.
struct StoredAnswers {
  /// Of study, build, question, true values, model and numbers of the experiments.
  let digest: String

  private struct Answer: Codable, Sendable {
    var values: [String: Double]
    var converged: Bool
  }

  private struct Content: Codable, Sendable {
    var answers: [Answer]
  }

  private var file: String { "sensitivity/experiments/\(digest.prefix(32)).json" }

  /// Returns the answers that are there; nil where there are none, or something else.
  func read(from folder: RunFolder, count: Int) -> [Analysis.SensitivityAnswer]? {
    guard FilePath.exists(folder.file(file)), let known = try? folder.readSealed(Content.self, from: file).answers,
      known.count == count
    else { return nil }
    return known.map { Analysis.SensitivityAnswer(values: $0.values, converged: $0.converged) }
  }

  /// Writes answers.
  func write(_ answers: [Analysis.SensitivityAnswer], to folder: RunFolder) throws {
    try AtomicFile.makeFolder(folder.file("sensitivity/experiments"))
    try folder.writeSealed(
      Content(answers: answers.map { Answer(values: $0.values, converged: $0.converged) }), to: file, isCompact: true)
  }
}
