import NuTuneCore

/// A run, or one model of it: `runs/dune-closure` or `runs/dune-closure#neural`.
package struct RunReference: Sendable, Equatable {
  /// Path of the run folder.
  package var folder: String
  /// Label of the model; nil for all models of the run.
  package var label: String?

  /// Splits the text at its last `#`, unless it is the path of a folder as it stands.
  package init(_ text: String) throws {
    (folder, label) = (text, nil)
    if !FilePath.isFolder(text), let mark = text.lastIndex(of: "#") {
      folder = String(text[..<mark])
      label = String(text[text.index(after: mark)...])
    }
    guard !folder.isEmpty, label?.isEmpty != true else {
      throw NuTuneError(.usage, key: "run", found: "“\(text)”", expected: "RUN or RUN#LABEL")
    }
    guard FilePath.isFolder(folder) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: folder), found: "no such folder", expected: "the folder of a run",
        suggestion: Suggestion.nearestFile(to: folder))
    }
  }
}
