import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// A catalog entry that is ready to be written.
package struct EntryDraft: Sendable {
  /// Kind of the entry.
  package let kind: CatalogKind
  /// Name of the entry.
  package let name: String
  /// Names and texts of its files; the last one is the entry, which names the others.
  let files: [(name: String, text: String)]
  /// Summary of the input, for the user to confirm.
  package let summary: String
  /// Warnings about suspicious input.
  package let hints: [String]
  let check: any EntryCheck

  /// The entry's path below a catalogs folder.
  package func path(in catalog: String) -> String { "\(catalog)/\(kind.rawValue)/\(name).yaml" }

  /// Throws if one of the files exists.
  package func refuseExisting(in catalog: String) throws {
    for file in files.map(\.name) + ["\(name).yml"] {
      let path = "\(catalog)/\(kind.rawValue)/\(file)"
      guard !FileManager.default.fileExists(atPath: path) else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: path), found: "a file that is there already",
          expected: "another --name, or --force to replace it")
      }
    }
  }

  /// Writes the files into a catalogs folder: first into a staging folder next to the entries, from which the entry is
  /// read back and checked, then to their places, the entry last.
  package func write(in catalog: String, registry: Registry) throws {
    let folder = "\(catalog)/\(kind.rawValue)"
    let staging = "\(folder)/.import-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: staging) }
    try AtomicFile.makeFolder(staging)
    for file in files { try AtomicFile.write(file.text, to: "\(staging)/\(file.name)") }
    try check.check(try CatalogEntry(kind, path: "\(staging)/\(name).yaml"), registry: registry)
    for file in files {
      guard rename("\(staging)/\(file.name)", "\(folder)/\(file.name)") == 0 else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: "\(folder)/\(file.name)"),
          found: "rename failed (\(String(cString: strerror(errno))))", expected: "a writable folder")
      }
    }
  }
}
