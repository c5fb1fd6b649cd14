/// A PDF from cairo without its only part that differs from run to run, the date.
enum PortableDocument {
  /// Returns the same document dated by the start of the study (ISO 8601), so that a rebuilt figure has the same bytes;
  /// 1970 if that is not a date. The length stays, so the table of offsets in the file stays valid.
  static func dated(_ bytes: [UInt8], started: String) -> [UInt8] {
    let key = Array("/CreationDate (D:".utf8)
    guard let start = firstIndex(of: key, in: bytes) else { return bytes }
    let digits = started.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let date = digits.count >= 14 ? Array(digits.prefix(14)) : Array("19700101000000".utf8)
    let place = (start + key.count)..<(start + key.count + date.count)
    guard place.upperBound <= bytes.count else { return bytes }
    var dated = bytes
    dated.replaceSubrange(place, with: date)
    return dated
  }

  private static func firstIndex(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    return (0...(bytes.count - pattern.count)).first { start in
      bytes[start] == pattern[0] && bytes[start..<(start + pattern.count)].elementsEqual(pattern)
    }
  }
}
