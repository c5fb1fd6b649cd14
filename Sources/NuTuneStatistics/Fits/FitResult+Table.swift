import Foundation

extension FitResult: CustomStringConvertible {
  /// A compact table: status and flags, one line per parameter, correlations, other minima.
  public var description: String {
    var lines = [
      "-2lnL = \(format(best.value))   \(best.status)"
        + "   covariance \(best.isPositiveDefinite ? "positive definite" : "NOT positive definite")"
        + "   distance to minimum \(best.estimatedDistance.map { format($0) } ?? "unknown")",
      "\(runs.count { $0.status.isConverged }) of \(runs.count) starts converged, "
        + "\(runs.reduce(0) { $0 + $1.evaluations }) evaluations, \(minima.count) "
        + (minima.count == 1 ? "minimum" : "minima"),
    ]
    var rows = [["parameter", "value", "error", "unit", "bounds", ""]]
    for (i, parameter) in parameters.enumerated() {
      rows.append([
        parameter.name, format(best.position[i]), best.errors[i].map { format($0) } ?? "-", parameter.unit,
        parameter.isBounded
          ? "\(format(parameter.bounds.lowerBound))...\(format(parameter.bounds.upperBound))"
          : parameter.period.map { "period \(format($0))" } ?? "none",
        best.atBound[i] ? "AT BOUND" : "",
      ])
    }
    lines += Self.aligned(rows)
    if parameters.count > 1, best.isPositiveDefinite {
      var correlations = [["correlation"] + parameters.map(\.name)]
      for (i, parameter) in parameters.enumerated() {
        correlations.append(
          [parameter.name]
            + parameters.indices.map { j in
              best.correlation(i, j).map { String(format: "%+.3f", $0) } ?? "-"
            })
      }
      lines += Self.aligned(correlations)
    }
    for minimum in minima.dropFirst() {
      let values = zip(parameters, minimum.position).map { "\($0.name) = \(format($1))" }.joined(separator: ", ")
      lines.append("other minimum: \(values), \(format(minimum.value - best.value)) above the best, \(minimum.status)")
    }
    return lines.joined(separator: "\n")
  }

  private func format(_ value: Double) -> String { String(format: "%.6g", value) }

  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
      return ("  " + cells.joined(separator: "  ")).trimmingTrailingSpaces
    }
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
