import Foundation
import NuTuneResults

/// Answers to a question at true values as text for a terminal.
package enum SensitivityTable {
  /// Returns a row for every true value, with a column for the truth and each model: √Δ(−2lnL) for CP, Δ(−2lnL) for octant
  /// and ordering, half widths for resolutions.
  package static func text(_ results: SensitivityResults) -> String {
    let names = results.names
    let columns = results.labels.flatMap { label in names.map { (label: label, name: $0) } }
    var table = TextTable(
      header: [results.parameter] + columns.map { title($0.label, $0.name, results) }, leftColumns: 1)
    let values = results.models[results.labels.first ?? ""]?.map(\.value) ?? []
    for (index, value) in values.enumerated() {
      table.append(
        [DecimalText.general(value, 5)]
          + columns.map { column in
            guard let point = results.models[column.label]?[index], let found = point.results[column.name] else {
              return "–"
            }
            return shown(found, results.question) + (point.converged ? "" : " (not converged)")
          })
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
