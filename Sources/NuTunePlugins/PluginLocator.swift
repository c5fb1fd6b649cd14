import Foundation
import NuTuneCatalog
import NuTuneCore

/// Finds the file of a library that a user named.
///
/// - a path (it has a `/` or ends in `.so`) is the file itself, or the folder of a plugin package: then the newer of
///   the libraries under `.build/release` and `.build/debug` is taken;
/// - a bare name, `Superscaling`, is `libSuperscaling.so` in the first folder of `NUTUNE_PLUGIN_PATH` that has it.
package struct PluginLocator: Sendable {
  /// Environment variable with the folders in which bare names are looked up, separated by colons.
  package static let searchVariable = "NUTUNE_PLUGIN_PATH"

  /// Folders in which bare names are looked up.
  package let folders: [String]

  /// Creates a locator with the search folders of an environment.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    folders = (environment[Self.searchVariable] ?? "").split(separator: ":").map(String.init)
  }

  /// Returns the absolute path of the library; a missing file is an exit-66 error.
  package func path(of reference: PluginReference) throws -> String {
    let path = reference.isPath ? reference.path : try found(reference)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      let folder = FilePath.folder(of: path)
      throw missing(
        reference, found: "no such file (\(path))",
        expected: "a library of plugins, lib….so, or a plugin package's folder",
        suggestion: Suggestion.nearest(to: FilePath.name(of: path), among: Self.libraries(in: folder)))
    }
    return isFolder.boolValue ? try built(in: path, reference) : path
  }

  /// Finds the file of a bare name.
  private func found(_ reference: PluginReference) throws -> String {
    let file = "lib\(reference.name).so"
    let candidates = folders.map { FilePath.absolute(file, in: $0) }
    if let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) { return path }
    let isFolder = FileManager.default.fileExists(atPath: reference.path)
    let known = folders.flatMap { Self.libraries(in: $0) }.map { $0.dropFirst(3).dropLast(3) }.map(String.init)
    throw missing(
      reference, found: "no \(file) in the search path (\(folders.isEmpty ? "empty" : folders.joined(separator: ":")))",
      expected: "a path with a /, or a name that is found in the folders of \(Self.searchVariable)",
      suggestion: isFolder ? "./\(reference.name)" : Suggestion.nearest(to: reference.name, among: known))
  }

  /// Finds the library that SwiftPM made of the package in a folder.
  private func built(in package: String, _ reference: PluginReference) throws -> String {
    var built: [(path: String, made: Date)] = []
    for kind in ["release", "debug"] {
      let folder = "\(package)/.build/\(kind)"
      let libraries = Self.libraries(in: folder)
      guard libraries.count <= 1 else {
        throw missing(
          reference, found: "several libraries in \(folder) (\(libraries.joined(separator: ", ")))",
          expected: "the path of one of them", suggestion: nil)
      }
      for path in libraries.map({ "\(folder)/\($0)" }) {
        let made = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        built.append((path, made ?? .distantPast))
      }
    }
    if let newest = built.max(by: { $0.made < $1.made }) { return newest.path }
    throw missing(
      reference, found: "a folder without a built library (\(package))",
      expected: "a plugin package, built: swift build -c release --package-path \(package)", suggestion: nil)
  }

  private func missing(_ reference: PluginReference, found: String, expected: String, suggestion: String?)
    -> NuTuneError
  {
    NuTuneError(
      .missingInput, at: reference.location, key: reference.key, found: found, expected: expected,
      suggestion: suggestion)
  }

  /// Returns the names of the libraries in a folder, sorted, without NuTune's own, which SwiftPM puts next to a
  /// plugin's.
  private static func libraries(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasPrefix("lib") && $0.hasSuffix(".so") && !$0.hasPrefix("libNuTune") }.sorted()
  }
}
