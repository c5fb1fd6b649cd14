import NuTuneCore
import NuTuneFiles

/// Under- and overflow of a histogram, for which no energies are known.
package struct HistogramFlow: Sendable, Equatable {
  /// Content below the first edge.
  package let under: Double
  /// Content above the last edge.
  package let over: Double
  /// Sum of the contents of the bins.
  package let inside: Double

  /// - Parameters:
  ///   - contents: under- and overflow; nil when both are zero.
  ///   - inside: sum of the contents of the bins.
  init?(_ contents: [Double], inside: Double) {
    guard contents.count == 2, contents.contains(where: { $0 != 0 }) else { return nil }
    (under, over, self.inside) = (contents[0], contents[1], inside)
  }

  /// Returns the warning for the user about a histogram.
  package func sentence(of name: String) -> String {
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 3) }
    let total = inside + under + over
    let share = total > 0 ? " (\(digits(100 * (under + over) / total)) % of all)" : ""
    return
      "\(name): \(digits(under)) in the underflow and \(digits(over)) in the overflow\(share) are left out: they have "
      + "no energies"
  }
}
