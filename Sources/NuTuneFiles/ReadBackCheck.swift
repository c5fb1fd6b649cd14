import NuTuneCore

/// Checks shared by several kinds of file.
package enum ReadBackCheck {
  /// Throws an error with key, found and expected unless a condition holds.
  package static func require(
    _ holds: Bool, _ key: String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String
  )
    throws
  {
    guard holds else { throw NuTuneError(.badData, key: key, found: found(), expected: expected()) }
  }

  /// Throws unless the number of values is right.
  package static func count(_ values: some Collection, _ count: Int, _ key: String, _ reason: String) throws {
    try require(values.count == count, key, "\(values.count) values", "\(count), \(reason)")
  }

  /// Throws unless a text is a SHA-256 in hexadecimal digits.
  package static func digest(_ text: String, _ key: String) throws {
    try require(
      text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }, key,
      "“\(text.prefix(80))”", "64 hexadecimal digits")
  }

  /// Throws for numbers that are not finite or are negative.
  package static func probabilities(_ values: [Double], _ key: String) throws {
    for (index, value) in values.enumerated() {
      // Interpolation between nodes leaves empty bins −1e-14 or so.
      try require(
        value.isFinite && value >= -1e-9, "\(key).\(index)", "\(value)", "a content of a bin, finite and not negative")
    }
  }
}
