import Foundation

/// Formats numbers with significant digits, C locale, for tables: `4.22e-09`, `0.25`, `30`.
package enum SignificantDigits {
  /// Formats a number with at most `digits` significant digits, or with as many as it takes to read it back unchanged.
  package static func text(_ value: Double, _ digits: Int?) -> String {
    if let digits { return String(format: "%.\(digits)g", value) }
    // Whole numbers of a few digits stay whole: 30, not 3e+01.
    let whole = (1..<1e6).contains(abs(value)) ? String(Int(abs(value))).count : 1
    for digits in whole...17 {
      let text = String(format: "%.\(digits)g", value)
      if Double(text) == value { return text }
    }
    return "\(value)"
  }
}
