/// A value in a file together with the digest of its content, which reveals changes by hand, incomplete copies and
/// failing disks.
package struct Sealed<Value: Codable & Sendable>: Codable, Sendable {
  /// The value.
  package var value: Value

  private let isIntact: Bool

  private enum Key: String, CodingKey {
    case seal
  }

  /// Seals a value.
  ///
  /// - Parameter value: a value that JSON can hold.
  package init(_ value: Value) {
    self.value = value
    isIntact = true
  }

  /// Reads a value with its seal, which older versions did not write, or made with other names of keys
  /// (``FormerNames``). The check after reading compares the two, after it has checked the value.
  ///
  /// - Parameter decoder: decoder of the file.
  package init(from decoder: any Decoder) throws {
    value = try Value(from: decoder)
    let seal = try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .seal)
    var digests = [try Self.digest(of: value)]
    if let former = Value.self as? any FormerNames.Type {
      digests.append(try Self.digest(of: value, names: former.formerNames))
    }
    isIntact = seal.map { digests.contains($0) } ?? true
  }

  /// Writes the value with its seal.
  ///
  /// - Parameter encoder: encoder of the file.
  package func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(try Self.digest(of: value), forKey: .seal)
  }

  private static func digest(of value: Value, names: [String: String] = [:]) throws -> String {
    Digest.sha256(try JSONFile.bytes(of: value, isCompact: true, names: names))
  }
}

extension Sealed: ReadBack {
  package func check() throws {
    try (value as? any ReadBack)?.check()
    guard isIntact else { throw BrokenSeal() }
  }
}
