import Foundation
import NuTuneCore

/// The fields of a line of HepMC3's ASCII, separated by blanks.
struct LineFields {
  private let bytes: UnsafeBufferPointer<CChar>
  private let location: SourceLocation
  private var place: Int

  /// Begins behind the letter of a line.
  init(_ bytes: UnsafeBufferPointer<CChar>, at location: SourceLocation) {
    self.bytes = bytes
    self.location = location
    place = 1
  }

  /// The next field as text; nil at the end.
  mutating func word() -> String? {
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    let start = place
    while place < bytes.count, bytes[place] != 0x20 { place += 1 }
    guard place > start else { return nil }
    return String(decoding: bytes[start..<place].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What is left of the line.
  mutating func rest() -> String {
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    defer { place = bytes.count }
    return String(decoding: bytes[place...].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The next field as a finite number.
  mutating func number(_ key: String) throws -> Double {
    guard let start = bytes.baseAddress.map({ $0 + place }), place < bytes.count else { throw refusal(key, "nothing") }
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    let length = end.map { UnsafePointer($0) - start } ?? 0
    guard length > 0, value.isFinite, place + length >= bytes.count || bytes[place + length] == 0x20 else {
      throw refusal(key, "“\(word() ?? "")”")
    }
    place += length
    return value
  }

  /// The next field as a whole number.
  mutating func integer(_ key: String) throws -> Int {
    let value = try number(key)
    guard abs(value) < 1e15, let integer = Int(exactly: value) else { throw refusal(key, "\(value)", "a whole number") }
    return integer
  }

  private func refusal(_ key: String, _ found: String, _ expected: String = "a finite number") -> NuTuneError {
    NuTuneError(.badData, at: location, key: key, found: found, expected: expected)
  }
}
