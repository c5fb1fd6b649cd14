/// Makes text from outside (names, titles, paths, contents of files) safe to print in a message or a table.
///
/// A title can hold escape sequences that move the cursor of a terminal, marks that turn the direction of reading, or a
/// newline and then text that looks like another message; all of these are written out, `\u{1B}` and `\n`.
public enum PrintableText {
  /// Returns the text on one line, cut in the middle if it is long.
  ///
  /// - Parameters:
  ///   - text: from anywhere.
  ///   - limit: largest number of characters that are kept.
  public static func line(_ text: String, limit: Int = 2000) -> String {
    let isHarmless = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    if isHarmless, text.utf8.count <= limit { return text }
    return shortened(isHarmless ? text : written(text, keeping: []), to: limit)
  }

  /// Returns text of several lines; newlines and tabs stay.
  ///
  /// - Parameter text: text of this program with quoted words from outside.
  public static func lines(_ text: String) -> String {
    let isHarmless = text.utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x09 }
    return isHarmless ? text : written(text, keeping: ["\n", "\t"])
  }

  private static func written(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if kept.contains(scalar) || !isHidden(scalar) {
        result.append(scalar)
      } else {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      }
    }
    return String(result)
  }

  /// Whether a scalar is invisible itself but changes how the text around it is shown.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  /// Shortens a long text to both its ends, with its length between them.
  private static func shortened(_ text: String, to limit: Int) -> String {
    let count = text.count
    guard count > limit else { return text }
    let head = max(1, limit * 2 / 3)
    return "\(text.prefix(head))…(\(count) characters)…\(text.suffix(max(0, limit - head)))"
  }
}
