import Foundation
import NuTuneResults

/// Answers to a question at true values as text for a terminal.
package enum SensitivityTable {
  /// Returns a row for every true value, at every exposure where there are several, with a column for the truth and each
  /// model: √Δ(−2lnL) for CP, Δ(−2lnL) for octant and ordering, half widths for resolutions.
  package static func text(_ results: SensitivityResults) -> String {
    let names = results.names
    let columns = results.labels.flatMap { label in names.map { (label: label, name: $0) } }
    let hasExposures = results.exposures.contains { $0 != nil }
    var table = TextTable(
      header: (hasExposures ? ["exposure"] : []) + [results.parameter]
        + columns.map { title($0.label, $0.name, results) }, leftColumns: hasExposures ? 2 : 1)
    for exposure in results.exposures {
      let points = columns.map { results.points($0.label, at: exposure) }
      let place = hasExposures ? [exposure.map { DecimalText.general($0, 5) } ?? "–"] : []
      for (index, value) in results.points(results.labels.first ?? "", at: exposure).map(\.value).enumerated() {
        let cells = zip(columns, points).map { column, points -> String in
          guard let found = points[index].results[column.name] else { return "–" }
          return shown(found, results.question) + (points[index].converged ? "" : " (not converged)")
        }
        table.append(place + [DecimalText.general(value, 5)] + cells)
      }
    }
    return table.text
  }

  private static func title(_ label: String, _ name: String, _ results: SensitivityResults) -> String {
    switch results.question {
    case "cp": "\(label) √Δ(−2lnL)"
    case "resolution": "\(label) \(FittedParameter(name).symbol)"
    default: "\(label) Δ(−2lnL)"
    }
  }

  /// What is shown of a value: the significance of CP violation is the root of Δ(−2lnL).
  static func shown(_ value: Double, _ question: String) -> String {
    question == "cp" ? DecimalText.fixed(max(value, 0).squareRoot(), 2) : DecimalText.general(value, 4)
  }
}
