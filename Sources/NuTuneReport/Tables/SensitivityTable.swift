import Foundation
import NuTuneResults

/// Answers to a question at true values as text for a terminal.
package enum SensitivityTable {
  /// Returns a row for every true value, at every exposure where there are several, with a column for the truth and each
  /// model: √Δ(−2lnL) for CP, Δ(−2lnL) for octant and ordering, half widths for resolutions. Behind it stands the band of other
  /// true values, or that of 68 % of the pseudo-experiments and how many of them choose octant or ordering wrongly.
  package static func text(_ results: SensitivityResults) -> String {
    let columns = results.labels.flatMap { label in results.names.map { Column(label, $0, results) } }
    let hasExposures = results.exposures.contains { $0 != nil }
    var table = TextTable(
      header: (hasExposures ? ["exposure"] : []) + [results.parameter] + columns.flatMap(\.titles),
      leftColumns: hasExposures ? 2 : 1)
    for exposure in results.exposures {
      let points = columns.map { results.points($0.label, at: exposure) }
      let place = hasExposures ? [exposure.map { DecimalText.general($0, 5) } ?? "–"] : []
      for (index, value) in results.points(results.labels.first ?? "", at: exposure).map(\.value).enumerated() {
        let cells = zip(columns, points).flatMap { $0.cells($1[index]) }
        table.append(place + [DecimalText.general(value, 5)] + cells)
      }
    }
    return table.text
  }

  /// What the table says of one quantity with one model.
  private struct Column {
    let label: String
    let name: String
    let results: SensitivityResults

    init(_ label: String, _ name: String, _ results: SensitivityResults) {
      self.label = label
      self.name = name
      self.results = results
    }

    private var hasBand: Bool { !results.varied.isEmpty || results.experimentCount != nil }

    /// Whether an answer below zero is a wrong one.
    private var hasWrongChoices: Bool {
      results.experimentCount != nil && ["octant", "ordering"].contains(results.question)
    }

    var titles: [String] {
      let quantity =
        switch results.question {
        case "cp": "√Δ(−2lnL)"
        case "resolution": FittedParameter(name).symbol
        default: "Δ(−2lnL)"
        }
      return ["\(label) \(quantity)"]
        + (hasBand ? [results.experimentCount == nil ? "from, to" : "68 %"] : []) + (hasWrongChoices ? ["wrong"] : [])
    }

    func cells(_ point: SensitivityResults.Point) -> [String] {
      guard let found = point.results[name] else { return titles.map { _ in "–" } }
      func shown(_ value: Double) -> String { SensitivityTable.shown(value, results.question) }
      var cells = [shown(found) + (point.converged ? "" : " (not converged)")]
      if hasBand {
        let band = point.bands(of: name).last
        let failed = point.experiments?.notConverged ?? point.others?.count { !$0.converged } ?? 0
        cells.append(
          (band.map { "\(shown($0.low)), \(shown($0.high))" } ?? "–") + (failed > 0 ? " (\(failed) not converged)" : "")
        )
      }
      if hasWrongChoices { cells.append(point.experiments?.results[name].flatMap(wrong) ?? "–") }
      return cells
    }

    /// The share of the experiments that choose wrongly, with its binomial error.
    private func wrong(_ answers: [Double]) -> String? {
      guard !answers.isEmpty else { return nil }
      let (count, all) = (Double(answers.count { $0 < 0 }), Double(answers.count))
      let share = count / all
      // Of none or of all the error is that of one experiment.
      let error = max((share * (1 - share) / all).squareRoot(), 1 / all)
      return "\(DecimalText.fixed(100 * share, 1)) ± \(DecimalText.fixed(100 * error, 1)) %"
    }
  }

  /// What is shown of a value: the significance of CP violation is the root of Δ(−2lnL).
  static func shown(_ value: Double, _ question: String) -> String {
    question == "cp" ? DecimalText.fixed(max(value, 0).squareRoot(), 2) : DecimalText.general(value, 4)
  }
}
