import Foundation
import NuTuneResults

/// Coverage of intervals as text for a terminal.
package enum CoverageTable {
  /// Returns one row per model and parameter: how often intervals of 68.27 and 95.45 % contained the truth, with the
  /// binomial error of a correct interval, the mean shift and the spread of the best fits.
  package static func text(_ results: CoverageResults) -> String { table(results).text }

  /// Returns the table as rows and columns.
  static func table(_ results: CoverageResults) -> TextTable {
    var table = TextTable(
      header: ["model", "parameter", "68.27 %", "95.45 %", "mean shift", "spread", "experiments", "failed"],
      leftColumns: 2)
    for (label, _, model) in results.orderedModels {
      for (index, parameter) in results.counted.enumerated() {
        table.append([
          index == 0 ? label : "", parameter, share(model.coverage68[parameter]), share(model.coverage95[parameter]),
          number(model.shift[parameter]), number(model.spread[parameter]), index == 0 ? "\(model.experiments)" : "",
          index == 0 ? "\(model.failed)" : "",
        ])
      }
    }
    return table
  }

  private static func share(_ fraction: CoverageResults.Fraction?) -> String {
    fraction.map { String(format: "%.3f ± %.3f", $0.fraction, $0.error) } ?? "–"
  }

  private static func number(_ value: Double?) -> String { value.map { String(format: "%+.3g", $0) } ?? "–" }
}
