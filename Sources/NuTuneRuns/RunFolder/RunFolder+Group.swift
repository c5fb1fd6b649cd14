import Foundation
import NuTuneCore

extension RunFolder {
  /// Refuses a folder for several runs that holds a run, a coverage or an ensemble itself: their report would be written over.
  package static func requireNone(in path: String) throws {
    let marks = ["study.json", EnsembleFolder.planFile, CoverageRun.mark]
    guard let found = marks.first(where: { FileManager.default.fileExists(atPath: FilePath.join(path, $0)) }) else {
      return
    }
    throw NuTuneError(
      .cannotWrite, at: SourceLocation(file: path), found: "a run, coverage or ensemble (\(found))",
      expected: "a folder of its own (--out)")
  }
}
