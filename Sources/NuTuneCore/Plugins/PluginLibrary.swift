/// A library of plugins that was loaded at run time.
public struct PluginLibrary: Sendable, Hashable, Codable {
  /// Absolute path of its file.
  public var path: String
  /// SHA-256 of the file, 64 hexadecimal digits.
  public var sha256: String

  /// Creates a library by path and digest of its file.
  public init(path: String, sha256: String) {
    self.path = path
    self.sha256 = sha256
  }
}
