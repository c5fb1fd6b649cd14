import Foundation

/// Numbers with a fixed number of significant digits, C locale, as they stand in tables: `4.22e-09`, `0.25`, `1`.
public enum SignificantDigits {
  /// A number with at most `digits` significant digits, or with as many as it takes to read it back unchanged.
  public static func text(_ value: Double, _ digits: Int?) -> String {
    if let digits { return String(format: "%.\(digits)g", value) }
    // The shortest of those that read back as the same number.
    for digits in 1...17 {
      let text = String(format: "%.\(digits)g", value)
      if Double(text) == value { return text }
    }
    return "\(value)"
  }
}
