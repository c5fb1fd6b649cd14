import Foundation
import NuTuneStudy

/// Coverage of intervals as text for a terminal.
public enum CoverageTable {
  /// One row per model and parameter: how often intervals of 68.27 and 95.45 % contained the truth, with the binomial
  /// error that a correct interval has, the mean shift and the spread of the best fits.
  public static func text(_ results: CoverageResults) -> String {
    var lines = [["model", "parameter", "68.27 %", "95.45 %", "mean shift", "spread", "experiments", "failed"]]
    let labels = ["truth"] + (results.study.models.flatMap { [$0, "\($0).frozen"] })
    for label in labels {
      guard let model = results.models[label] else { continue }
      for (index, parameter) in (results.parameters + ["joint"]).enumerated() {
        lines.append([
          index == 0 ? label : "", parameter, share(model.coverage68[parameter]), share(model.coverage95[parameter]),
          number(model.shift[parameter]), number(model.spread[parameter]), index == 0 ? "\(model.experiments)" : "",
          index == 0 ? "\(model.failed)" : "",
        ])
      }
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.enumerated().map { number, line in
      let cells = zip(line, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 2 ? cell.0 + padding : padding + cell.0
      }
      let rule = number == 0 ? String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +)) + "\n" : ""
      return cells.joined(separator: "  ") + "\n" + rule
    }.joined()
  }

  private static func share(_ fraction: CoverageResults.Fraction?) -> String {
    fraction.map { String(format: "%.3f ± %.3f", $0.fraction, $0.error) } ?? "–"
  }

  private static func number(_ value: Double?) -> String { value.map { String(format: "%+.3g", $0) } ?? "–" }
}
