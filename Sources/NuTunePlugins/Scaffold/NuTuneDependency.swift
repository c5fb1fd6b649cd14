import Foundation
import NuTuneCore

/// The location of NuTune for a plugin package.
package enum NuTuneDependency: Sendable, Hashable {
  /// The absolute path of its package's folder.
  case folder(String)
  /// The address of its repository.
  case repository(String)

  /// Parses `--nutune`: a folder or an address; nil for the package from which the running program was built. A folder
  /// without NuTune is an exit-66 error, no package to be found an exit-64 one.
  package init(_ text: String?, executable: String = PluginProbe.runningExecutable) throws {
    guard let text else {
      self = .folder(try Self.package(of: executable))
      return
    }
    guard !text.contains("://"), !text.hasPrefix("git@") else {
      self = .repository(text)
      return
    }
    let folder = FilePath.absolute(text)
    guard Self.isPackage(folder) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: folder), key: "--nutune", found: "no Package.swift of NuTune",
        expected: "the folder of NuTune's package, or the address of its repository")
    }
    self = .folder(folder)
  }

  /// The line of a package's dependencies.
  var declaration: String {
    switch self {
    case .folder(let path): ".package(name: \"NuTune\", path: \(path.debugDescription))"
    case .repository(let address): ".package(url: \(address.debugDescription), branch: \"main\")"
    }
  }

  /// Name of the package in dependencies on its products.
  var package: String {
    switch self {
    case .folder: return "NuTune"
    case .repository(let address):
      let last = address.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? "nutune"
      return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }
  }

  /// Returns the package above the build folder of an executable.
  private static func package(of executable: String) throws -> String {
    var folder = FilePath.folder(of: executable)
    while folder != "/", folder != "." {
      if isPackage(folder) { return folder }
      folder = FilePath.folder(of: folder)
    }
    throw NuTuneError(
      .usage, key: "--nutune", found: "a nutune that does not lie in the package it was built from",
      expected: "the folder of NuTune's package, or the address of its repository")
  }

  private static func isPackage(_ folder: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: "\(folder)/Package.swift") else { return false }
    return String(decoding: data, as: UTF8.self).contains("name: \"NuTune\"")
  }
}
