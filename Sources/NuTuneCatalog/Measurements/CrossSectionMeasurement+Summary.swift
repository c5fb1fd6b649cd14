import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

extension CrossSectionMeasurement {
  /// What it is in a few lines, for people.
  package func summary() throws -> String {
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 3) }
    func range(_ observable: Observable, _ ranges: [ClosedRange<Double>]) -> String {
      let (low, high) = (ranges.map(\.lowerBound).min() ?? 0, ranges.map(\.upperBound).max() ?? 0)
      let unit = observable.unit.isEmpty ? "" : " \(observable.unit)"
      return "\(observable.rawValue) \(digits(low)) to \(digits(high))\(unit)"
    }
    let measured = self.ranges(of: bins[0]).map(\.observable).map { observable in
      (observable, bins.flatMap { self.ranges(of: $0).filter { $0.observable == observable }.map(\.range) })
    }
    let relative = zip(values, errors).compactMap { $0 > 0 ? $1 / $0 : nil }.sorted()
    let middle = relative.isEmpty ? "-" : "\(digits(100 * relative[relative.count / 2])) %"
    var text = """
      \(bins.count) bins: \(measured.map { range($0, $1) }.joined(separator: ", "))
      values \(digits(values.min() ?? 0)) to \(digits(values.max() ?? 0)) in \(unit), median error \(middle)
      sum of the bins \(digits(integral))\(integralError.map { " ± \(digits($0))" } ?? "") cm2/nucleon

      """
    if let covariance {
      let deviation = zip(covariance.diagonal, errors).map { $1 > 0 ? abs($0.squareRoot() / $1 - 1) : 0 }.max() ?? 0
      let smallest = try Self.smallestCorrelationEigenvalue(of: covariance)
      text +=
        "covariance: √diagonal is the error to \(digits(100 * deviation)) %, "
        + "smallest eigenvalue of the correlation \(digits(smallest))\n"
    } else {
      text += "no covariance\n"
    }
    return text
  }
}
