import Foundation
import NuTuneCore

/// Something that is read back from a file of a folder. Whoever wrote the file, its content is checked like what a user
/// writes: lengths, ranges, names, so that nothing behind can fail on it.
package protocol ReadBack: Decodable {
  /// Refuses what cannot be, as an exit-65 error that names the key and not yet the file.
  func check() throws
}

/// A value in a file with the digest of its own content, which a change by hand, a copy gone wrong or a failing disk
/// does not keep.
package struct Sealed<Value: Codable & Sendable>: Codable, Sendable {
  /// The value.
  package var value: Value

  private let isIntact: Bool

  private enum Key: String, CodingKey {
    case seal
  }

  /// Seals a value.
  ///
  /// - Parameter value: anything that JSON can hold.
  package init(_ value: Value) {
    self.value = value
    isIntact = true
  }

  /// Reads a value with its seal, which older versions did not write; whether the two belong together is for the check of
  /// what was read to say, after it has looked at the value.
  ///
  /// - Parameter decoder: of the file.
  package init(from decoder: any Decoder) throws {
    value = try Value(from: decoder)
    let seal = try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .seal)
    let digest = try Self.digest(of: value)
    isIntact = seal.map { $0 == digest } ?? true
  }

  /// Writes the value with its seal.
  ///
  /// - Parameter encoder: of the file.
  package func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(try Self.digest(of: value), forKey: .seal)
  }

  private static func digest(of value: Value) throws -> String {
    Digest.sha256(try JSONFile.bytes(of: value, isCompact: true))
  }
}

extension Sealed: ReadBack {
  package func check() throws {
    try (value as? any ReadBack)?.check()
    guard isIntact else { throw BrokenSeal() }
  }
}

/// The content of a file is not what was written.
struct BrokenSeal: Error {}

/// Checks that several kinds of file share.
package enum ReadBackCheck {
  /// Refuses a value with key, found and expected.
  package static func require(
    _ holds: Bool, _ key: String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String
  )
    throws
  {
    guard holds else { throw NuTuneError(.badData, key: key, found: found(), expected: expected()) }
  }

  /// Refuses another number of values.
  package static func count(_ values: some Collection, _ count: Int, _ key: String, _ reason: String) throws {
    try require(values.count == count, key, "\(values.count) values", "\(count), \(reason)")
  }

  /// Refuses what is no SHA-256 in hexadecimal digits.
  package static func digest(_ text: String, _ key: String) throws {
    try require(
      text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }, key,
      "“\(text.prefix(80))”", "64 hexadecimal digits")
  }

  /// Refuses numbers that are not finite or negative.
  package static func probabilities(_ values: [Double], _ key: String) throws {
    for (index, value) in values.enumerated() {
      // Interpolation between nodes leaves empty bins −1e-14 or so.
      try require(
        value.isFinite && value >= -1e-9, "\(key).\(index)", "\(value)", "a content of a bin, finite and not negative")
    }
  }
}
