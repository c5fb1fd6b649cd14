import NuTuneCore

/// One `--set path.to.key=value` of the command line.
package struct StudyOverride: Sendable, Equatable {
  /// What stands for the file name in errors about an override.
  package static let file = "--set"

  /// Deeper than anything in a study.
  private static let deepestPath = 32

  /// The path, key by key.
  package let path: [String]
  /// The value, read as YAML.
  package let value: ConfigurationNode

  /// Reads `path.to.key=value`.
  package init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !path.contains(where: { $0.isEmpty || $0.contains(" ") }) else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: Self.file), found: "“\(text)”", expected: "path.to.key=value")
    }
    guard path.count <= Self.deepestPath else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: Self.file), found: "a path of \(path.count) keys",
        expected: "at most \(Self.deepestPath)")
    }
    self.path = path
    self.value = try ConfigurationFile.parseValue(String(parts[1]), file: Self.file)
  }
}
