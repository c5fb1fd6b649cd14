import NuTuneCore
import NuTuneFiles

/// A file that an export makes.
package struct ExportedFile: Sendable {
  /// Its content: bytes, or a procedure that writes to a temporary path.
  package enum Content: Sendable {
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
    /// Writes the file at the given path.
    case written(@Sendable (_ path: String) throws -> Void)
  }

  /// Path relative to the folder of the export.
  package var name: String
  /// What is in it, in a few words.
  package var note: String
  /// Its content.
  package var content: Content

  /// Writes it below a folder, whole or not at all.
  package func write(in folder: String) throws {
    let path = FilePath.join(folder, name)
    try AtomicFile.makeFolder(FilePath.folder(of: path))
    switch content {
    case .text(let text): try AtomicFile.write(text, to: path)
    case .bytes(let bytes): try AtomicFile.write(bytes, to: path)
    case .written(let body): try AtomicFile.write(to: path, body)
    }
  }

  /// Returns a text as a part of a file name: letters, digits, `-`, `_` and dots.
  static func name(of text: String) -> String {
    let kept = text.map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character)) ? character : "-"
    }
    let name = String(kept.drop { $0 == "." }.prefix(80))
    return name.isEmpty ? "unnamed" : name
  }
}
