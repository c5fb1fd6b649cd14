import Foundation

/// A PDF from cairo without its only part that differs from run to run, the date.
enum PortableDocument {
  /// Returns the same document dated by the start of the study (ISO 8601), so that a rebuilt figure has the same bytes;
  /// 1970 if that is not a date. The length stays, so the table of offsets in the file stays valid.
  static func dated(_ bytes: [UInt8], started: String) -> [UInt8] {
    guard let key = Data(bytes).range(of: Data("/CreationDate (D:".utf8)) else { return bytes }
    let digits = started.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let date = digits.count >= 14 ? Array(digits.prefix(14)) : Array("19700101000000".utf8)
    let place = key.upperBound..<(key.upperBound + date.count)
    guard place.upperBound <= bytes.count else { return bytes }
    var dated = bytes
    dated.replaceSubrange(place, with: date)
    return dated
  }
}
