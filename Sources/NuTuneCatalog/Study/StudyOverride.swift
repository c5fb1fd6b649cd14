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
    guard parts.count == 2, Self.isPath(parts[0]) else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: Self.file), found: "“\(text)”", expected: "path.to.key=value")
    }
    try self.init(
      path: String(parts[0]), value: try ConfigurationFile.parseValue(String(parts[1]), file: Self.file))
  }

  private static func isPath(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && !$0.contains(" ") }
  }

  /// A value for a dotted path.
  init(path text: String, value: ConfigurationNode) throws {
    let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard Self.isPath(text[...]) else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: Self.file), found: "“\(text)”", expected: "path.to.key")
    }
    guard path.count <= Self.deepestPath else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: Self.file), found: "a path of \(path.count) keys",
        expected: "at most \(Self.deepestPath)")
    }
    self.path = path
    self.value = value
  }
}
