import Foundation

/// Paths as texts, cut and joined by the rules of POSIX; the only place that does so.
///
/// Foundation's `NSString.deletingLastPathComponent` stops the process at a path of one character, and a `Character` may
/// join a slash with the mark after it; bytes do neither.
public enum FilePath {
  private static let slash = UInt8(ascii: "/")

  /// The folder a path is in: `.` when it names none, `/` for what is in the root and for the root itself.
  ///
  /// - Parameter path: any text; slashes at its end do not count.
  public static func folder(of path: String) -> String {
    let whole = trimmed(path.utf8[...])
    guard let last = whole.lastIndex(of: slash) else { return "." }
    let folder = trimmed(whole[..<last])
    return folder.isEmpty ? "/" : String(Substring(folder))
  }

  /// The last component of a path: `/` for the root, nothing for nothing.
  ///
  /// - Parameter path: any text; slashes at its end do not count.
  public static func name(of path: String) -> String {
    let whole = trimmed(path.utf8[...])
    guard let last = whole.lastIndex(of: slash), whole.count > 1 else { return String(Substring(whole)) }
    return String(Substring(whole[whole.index(after: last)...]))
  }

  /// A path below a folder; one that begins with a slash stays as it is.
  ///
  /// - Parameters:
  ///   - path: what is named.
  ///   - folder: the folder it is relative to; nothing for the current one.
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
  ///   - folder: what it is relative to; the current folder by default.
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

  /// A path for those parts of Foundation that take nothing else.
  ///
  /// - Parameter path: any text.
  public static func url(of path: String) -> URL { URL(fileURLWithPath: absolute(path)) }

  /// Whether something is there, a file or a folder.
  ///
  /// - Parameter path: any text.
  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether a folder is there.
  ///
  /// - Parameter path: any text.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func absoluteFolder(_ folder: String) -> String {
    folder.utf8.first == slash ? folder : join(FileManager.default.currentDirectoryPath, folder)
  }

  /// Without slashes at its end; the root stays.
  private static func trimmed(_ path: Substring.UTF8View) -> Substring.UTF8View {
    var path = path
    while path.count > 1, path.last == slash { path.removeLast() }
    return path
  }
}
