import Foundation

/// Paths as texts, cut and joined by the rules of POSIX; the only place that does so.
///
/// Foundation's `NSString.deletingLastPathComponent` stops the process at a path of one character, and a `Character` may
/// join a slash with the mark after it; bytes do neither.
public enum FilePath {
  private static let slash = UInt8(ascii: "/")

  /// Returns the folder that contains a path: `.` for a bare name, `/` for entries of the root and for the root itself.
  ///
  /// - Parameter path: any text; slashes at its end do not count.
  public static func folder(of path: String) -> String {
    let whole = trimmed(path.utf8[...])
    guard let last = whole.lastIndex(of: slash) else { return "." }
    let folder = trimmed(whole[..<last])
    return folder.isEmpty ? "/" : String(Substring(folder))
  }

  /// Returns the last component of a path: `/` for the root, the empty text for the empty text.
  ///
  /// - Parameter path: any text; slashes at its end do not count.
  public static func name(of path: String) -> String {
    let whole = trimmed(path.utf8[...])
    guard let last = whole.lastIndex(of: slash), whole.count > 1 else { return String(Substring(whole)) }
    return String(Substring(whole[whole.index(after: last)...]))
  }

  /// Joins a folder and a path below it; a path that begins with a slash is returned unchanged.
  ///
  /// - Parameters:
  ///   - path: the path relative to the folder.
  ///   - folder: the folder; empty for the current one.
  public static func join(_ folder: String, _ path: String) -> String {
    if path.utf8.first == slash || folder.isEmpty { return path }
    return folder.utf8.last == slash ? folder + path : "\(folder)/\(path)"
  }

  /// The components of a path without empty ones and `.`; a `..` takes away the one before it.
  ///
  /// - Parameter path: any text; the root has no components.
  public static func components(of path: String) -> [String] {
    var components: [String] = []
    for part in path.utf8.split(separator: slash) {
      let name = String(Substring(part))
      switch name {
      case ".": continue
      case ".." where components.last.map { $0 != ".." } ?? (path.utf8.first == slash): _ = components.popLast()
      default: components.append(name)
      }
    }
    return components
  }

  /// The absolute path without `.`, `..` and doubled slashes; links are not followed.
  ///
  /// - Parameters:
  ///   - path: any text.
  ///   - folder: the folder it is relative to; the current folder by default.
  public static func absolute(_ path: String, in folder: String = FileManager.default.currentDirectoryPath) -> String {
    let whole = path.utf8.first == slash ? path : join(absoluteFolder(folder), path)
    return "/" + components(of: whole).joined(separator: "/")
  }

  /// The absolute path with every link followed, as far as it exists.
  ///
  /// - Parameter path: any text.
  public static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return absolute(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The file of the running program.
  public static var runningProgram: String { resolved("/proc/self/exe") }

  /// A URL for those parts of Foundation that take no path.
  ///
  /// - Parameter path: any text.
  public static func url(of path: String) -> URL { URL(fileURLWithPath: absolute(path)) }

  /// Whether a file or folder exists at a path.
  ///
  /// - Parameter path: any text.
  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether a folder exists at a path.
  ///
  /// - Parameter path: any text.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func absoluteFolder(_ folder: String) -> String {
    folder.utf8.first == slash ? folder : join(FileManager.default.currentDirectoryPath, folder)
  }

  /// Removes slashes at the end; the root stays.
  private static func trimmed(_ path: Substring.UTF8View) -> Substring.UTF8View {
    var path = path
    while path.count > 1, path.last == slash { path.removeLast() }
    return path
  }
}
