import Foundation
import NuTuneCore

/// The files that a measurement entry names, relative to it or in the folder of published data.
struct MeasurementFiles {
  /// Path of the entry.
  let entry: String
  /// Where the published tables are, for errors: `source.address` of the entry.
  let address: String?
  /// Where `NUTUNE_DATA` may be set.
  let environment: [String: String]
  /// The files that were asked for.
  private(set) var paths: [String] = []

  init(_ entry: CatalogEntry, environment: [String: String]) {
    self.entry = entry.path
    self.environment = environment
    address = entry.node["source"]?["address"]?.text
  }

  /// The path of a file, `name.csv` beside the entry or `$NUTUNE_DATA/name.csv`.
  mutating func path(_ node: ConfigurationNode, key: String) throws -> String {
    guard let name = node.text else {
      throw NuTuneError(
        .badData, at: node.location, key: key, found: node.summary, expected: "the name of a CSV file")
    }
    let path: String
    if name.hasPrefix(DataFolder.prefix) {
      do {
        path = try DataFolder.path(
          of: name, namedIn: entry, at: node.location, key: key, environment: environment)
      } catch var error as NuTuneError {
        if let address { error.expected += "; its tables are published at \(address)" }
        throw error
      }
    } else {
      path = FilePath.join(FilePath.folder(of: entry), name)
    }
    if !paths.contains(path) { paths.append(path) }
    return path
  }
}
