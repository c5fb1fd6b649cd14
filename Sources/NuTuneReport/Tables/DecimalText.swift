import Foundation

/// Formats numbers for tables and figures: C locale, with a true minus sign only on pages.
enum DecimalText {
  /// Formats with a fixed number of decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// Formats with a fixed number of decimals, always with a sign.
  static func signed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%+.\(decimals)f", value)
  }

  /// Formats a probability; one that is as good as zero is below 10⁻⁹⁹, since none is zero.
  static func probability(_ value: Double) -> String { value < 1e-99 ? "< 1e-99" : general(value, 2) }

  /// Formats with some significant digits, `1.2e-05` for small values.
  static func general(_ value: Double, _ digits: Int = 3) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// Formats a number of events in groups of three, `30 000 000`, with narrow no-break spaces. Expectations have
  /// fractions; below a hundred one decimal is shown.
  static func count(_ value: Double) -> String {
    guard abs(value) < 1e15, value == value.rounded() || abs(value) >= 100 else { return general(value, 3) }
    let value = value.rounded()
    let digits = Array(String(Int(value.magnitude)))
    guard digits.count > 4 else { return String(Int(value)) }
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append("\u{202F}") }
      text.append(digit)
    }
    return text
  }

  /// Typesets a number's text for a page: `−0.33`, `6.2·10⁻⁶`; other texts stay.
  static func typeset(_ text: String) -> String {
    guard Double(text) != nil else { return text }
    let parts = text.split(separator: "e", maxSplits: 1)
    let mantissa = String(parts[0]).replacing("-", with: "−")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return mantissa }
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return mantissa + "·10" + String(String(exponent).map { raised[$0] ?? $0 })
  }

  /// Formats for gnuplot data: seven digits, enough for any page.
  static func plotted(_ value: Double) -> String {
    value.isFinite ? String(format: "%.7g", value) : "NaN"
  }
}
