import Foundation

/// The identity that the linker gave to a program or library: a digest of what it linked, in the note `.note.gnu.build-id` of an
/// ELF file of 64 bits, lowest byte first.
///
/// It is a few bytes near the beginning of the file, where a digest of the file has to read all of it, debug information
/// included.
package enum BuildIdentity {
  private static let noteSegment: UInt64 = 4
  private static let identityNote: UInt64 = 3

  /// Returns the identity of a program or library in hexadecimal digits; nil when it was linked without one, and when the file
  /// is no such file or cannot be read.
  package static func ofFile(_ path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    func bytes(_ offset: UInt64, _ count: UInt64) -> [UInt8]? {
      guard count <= 1 << 20, (try? file.seek(toOffset: offset)) != nil else { return nil }
      return (try? file.read(upToCount: Int(count))).flatMap { $0.count == count ? [UInt8]($0) : nil }
    }
    guard let header = bytes(0, 64), header.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return nil }
    let size = word(header, 54, 2)
    guard size >= 56, let segments = bytes(word(header, 32, 8), size * word(header, 56, 2)) else { return nil }
    for segment in stride(from: 0, to: segments.count, by: Int(size)) where word(segments, segment, 4) == noteSegment {
      guard let notes = bytes(word(segments, segment + 8, 8), word(segments, segment + 32, 8)) else { return nil }
      if let found = identity(in: notes) { return found }
    }
    return nil
  }

  /// Returns the identity in the bytes of a segment of notes: sizes of the name and of the contents, type, and both of them
  /// padded to four bytes, one note after the other.
  package static func identity(in notes: [UInt8]) -> String? {
    var place = 0
    while place + 12 <= notes.count {
      let (name, size) = (Int(word(notes, place, 4)), Int(word(notes, place + 4, 4)))
      let contents = place + 12 + (name + 3) / 4 * 4
      guard contents + size <= notes.count else { return nil }
      if word(notes, place + 8, 4) == identityNote, notes[place + 12..<place + 12 + name].elementsEqual("GNU\0".utf8) {
        return notes[contents..<contents + size].map { String(format: "%02x", $0) }.joined()
      }
      place = contents + (size + 3) / 4 * 4
    }
    return nil
  }

  private static func word(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
  }
}
