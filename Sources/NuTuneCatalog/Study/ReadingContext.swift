import NuTuneCore

/// What reading a study needs besides the file.
struct ReadingContext: Sendable {
  /// The plugins.
  let registry: Registry
  /// The catalog entries.
  let catalog: Catalog
  /// Folder of the study.
  let directory: String

  /// The folder of the file at a place; that of the study for values from the command line.
  func folder(of location: SourceLocation) -> String {
    location.file == StudyOverride.file ? directory : FilePath.folder(of: location.file)
  }
}
