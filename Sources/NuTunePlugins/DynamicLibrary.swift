import Foundation
import NuTuneCore

/// A shared library in this process. It stays loaded until the process ends: types that came from it are used everywhere.
struct DynamicLibrary {
  /// Path of the library's file.
  let path: String
  private let handle: UnsafeMutableRawPointer

  /// Loads a library with everything it needs; its symbols stay invisible to others.
  ///
  /// Code of the library may already run here. A failure to load is an exit-65 error.
  init(path: String) throws {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw Self.refusal(path) }
    self.path = path
    self.handle = handle
  }

  /// Returns a function of the library by its C name, as the caller's type; nil when there is none.
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    dlsym(handle, name).map { unsafeBitCast($0, to: type) }
  }

  /// Creates the error that says why the last library was not loaded.
  private static func refusal(_ path: String) -> NuTuneError {
    let place = SourceLocation(file: path)
    var reason = dlerror().map { String(cString: $0) } ?? "no reason given"
    if reason.hasPrefix("\(path): ") { reason.removeFirst(path.count + 2) }
    if let mark = reason.range(of: "undefined symbol: ") {
      let symbol = reason[mark.upperBound...].prefix { $0 != " " && $0 != "," }
      return NuTuneError(
        .badData, at: place, found: "a library that needs “\(symbol)”, which neither it nor this nutune has",
        expected: "a library built against this version of NuTune and linked with everything else that it uses")
    }
    return NuTuneError(
      .badData, at: place, found: "a file that cannot be loaded (\(reason))",
      expected: "a shared library, as `swift build` makes it of a plugin package")
  }
}
