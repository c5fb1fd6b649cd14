/// A place in a file a user can open.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// Path of the file as the user named it, or a name such as `--set`.
  public var file: String
  /// Line, counted from 1.
  public var line: Int?
  /// Column, counted from 1.
  public var column: Int?

  /// Creates a place in `file`.
  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, as editors understand it.
  public var description: String {
    ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
  }
}
