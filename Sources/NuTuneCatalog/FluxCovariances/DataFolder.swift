import Foundation
import NuTuneCore

/// Published data that are no part of the catalogs: a catalog entry names them `$NUTUNE_DATA/file`.
///
/// `NUTUNE_DATA` is an environment variable with their folder. Without it they are looked for in `shared/data` beside
/// the folder that holds the catalogs folder of the entry.
enum DataFolder {
  /// What the name of a file in the data folder begins with.
  static let prefix = "$NUTUNE_DATA/"

  /// The file that a catalog entry names: absolute, below the data folder, or relative to the entry.
  /// - Parameters:
  ///   - name: as written.
  ///   - entry: path of the entry, `…/catalogs/flux-covariances/name.yaml`.
  ///   - location: where the name stands.
  static func path(
    of name: String, namedIn entry: String, at location: SourceLocation, key: String, environment: [String: String]
  ) throws -> String {
    func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    let path: String
    var hint = ""
    if name.hasPrefix(prefix) {
      let rest = String(name.dropFirst(prefix.count))
      let named = environment["NUTUNE_DATA"].flatMap { $0.isEmpty ? nil : $0 }
      let beside = FilePath.absolute("../../../shared/data", in: FilePath.folder(of: entry))
      guard let folder = named ?? (isThere(beside) ? beside : nil) else {
        throw NuTuneError(
          .missingInput, at: location, key: key, found: "no folder with \(rest) (NUTUNE_DATA is not set, no \(beside))",
          expected: "the environment variable NUTUNE_DATA set to the folder of the published data")
      }
      path = "\(folder)/\(rest)"
      hint = "; NUTUNE_DATA names the folder of the published data"
    } else {
      path = FilePath.join(FilePath.folder(of: entry), name)
    }
    guard isThere(path) else {
      throw NuTuneError(
        .missingInput, at: location, key: key, found: "no such file (\(path))", expected: "a CSV file\(hint)",
        suggestion: Suggestion.nearestFile(to: path))
    }
    return path
  }
}
