import NuTuneCore
import NuTuneFiles

/// `scan.json`, schema `nutune.scan/1`: in what the variants of a scan differ, and where they are.
package struct ScanRecord: Sendable, Codable, ReadBack {
  /// Schema name of this version.
  package static let schemaName = "nutune.scan/1"
  /// Name of the file in the folder of a scan.
  package static let fileName = "scan.json"

  /// `nutune.scan/1`.
  package var schema: String
  /// The key whose value differs, by its dotted path.
  package var key: String
  /// Folders of the variants' runs, relative to that of the scan, in the order of the study.
  package var variants: [String]

  /// The record of a scan with a number of variants, in `variants/1`, `variants/2`, ….
  package init(key: String, count: Int) {
    schema = Self.schemaName
    self.key = key
    variants = (0..<count).map { "variants/\($0 + 1)" }
  }

  /// Writes the record into the folder of the scan.
  package func write(to folder: String) throws {
    try AtomicFile.write(try JSONFile.bytes(of: self), to: FilePath.join(folder, Self.fileName))
  }

  /// Throws for a record of fewer than two variants.
  package func check() throws {
    try ReadBackCheck.require(variants.count > 1, "variants", "\(variants.count) of them", "at least two")
  }
}
