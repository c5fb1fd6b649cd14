import Foundation
import NuTuneCore

/// Position of the values of an observable along an axis: linear, except for cosθ, most of whose bins crowd against 1
/// and which is drawn linearly in √(1−cosθ), that is in sin(θ/2); and for bins that grow over a wide range, which are drawn in the
/// logarithm.
struct AxisScale: Sendable {
  private enum Kind {
    case linear
    case stretched
    case logarithmic
  }

  private let kind: Kind

  /// Creates the scale of an observable in two dimensions.
  init(_ observable: Observable) { kind = observable == .cosTheta ? .stretched : .linear }

  /// Creates the scale of an axis that is shown up to a value.
  init(_ axis: Axis, upTo end: Double) {
    let edges = axis.edges.filter { $0 <= end }
    let widths = zip(edges, edges.dropFirst()).map { $1 - $0 }
    let (start, widest, narrowest) = (axis.edges[0], widths.max() ?? 0, widths.min() ?? 0)
    let isWide = start > 0 && end >= Self.widest * start && widest >= Self.growing * narrowest
    kind = axis.observable == .cosTheta ? .stretched : isWide ? .logarithmic : .linear
  }

  /// Least ratio of the ends of an axis, and of the widths of its bins, that a linear axis does not show.
  private static let (widest, growing) = (10.0, 10.0)

  /// Returns a sentence for captions if the scale of an axis is not linear.
  func note(_ observable: Observable) -> String {
    switch kind {
    case .linear: ""
    case .stretched: Self.note([observable])
    case .logarithmic: " The \(observable.symbol) axis is logarithmic."
    }
  }

  /// Returns the value in the middle of the axis, roughly.
  func middle(_ start: Double, _ end: Double) -> Double {
    kind == .logarithmic ? (start * end).squareRoot() : (start + end) / 2
  }

  /// Returns a sentence for captions if the scale of one of some observables is not linear in two dimensions.
  static func note(_ observables: [Observable]) -> String {
    observables.contains(.cosTheta) ? " The cosθ axis is stretched towards 1, in proportion to √(1−cosθ)." : ""
  }

  /// Returns the position of a value in gnuplot's coordinate.
  func position(_ value: Double) -> Double {
    switch kind {
    case .linear: value
    case .stretched: -max(1 - value, 0).squareRoot()
    case .logarithmic: log10(value)
    }
  }

  /// Returns range and ticks of the gnuplot axis `x` or `y`, with or without labels at the ticks; a short axis may need
  /// labels at its ends, since it may have no other, and has place for few.
  func settings(
    _ axis: String, from start: Double, to end: Double, labels: Bool = true, labelsEnds: Bool = false
  ) -> [String] {
    let range = "set \(axis)range [\(DecimalText.plotted(position(start))):\(DecimalText.plotted(position(end)))]"
    if kind == .logarithmic { return [range, logarithmicTicks(axis, start, end, labels)] }
    guard kind == .stretched else {
      let step =
        labelsEnds && end > start
        ? ["set \(axis)tics \(DecimalText.plotted(AxisRange.step(end - start, most: 8)))"] : []
      return [range, "set m\(axis)tics 2"] + step + (labels ? [] : ["set format \(axis) ''"])
    }
    var labelled = [-1, -0.5, 0, 0.5, 0.8, 0.9, 1].filter { start <= $0 && $0 <= end }
    if labelsEnds, labelled.count < 2 { labelled = [start, end] }
    let minor = (-10...9).map { Double($0) / 10 } + (91...99).map { Double($0) / 100 }
    let ticks =
      labelled.map {
        "'\(labels ? DecimalText.general($0).replacing("-", with: "−") : "")' \(DecimalText.plotted(position($0)))"
      }
      + minor.filter { start < $0 && $0 < end && !labelled.contains($0) }.map {
        "'' \(DecimalText.plotted(position($0))) 1"
      }
    return [range, "set \(axis)tics (\(ticks.joined(separator: ", ")))"]
  }

  /// Ticks at the multiples of the powers of ten, of which one, two and five have labels.
  private func logarithmicTicks(_ axis: String, _ start: Double, _ end: Double, _ labels: Bool) -> String {
    let powers = Int(log10(start).rounded(.down))...Int(log10(end).rounded(.up))
    let ticks = powers.flatMap { power in
      (1...9).compactMap { digit -> String? in
        let value = Double(digit) * pow(10, Double(power))
        guard start <= value, value <= end else { return nil }
        guard [1, 2, 5].contains(digit) else { return "'' \(DecimalText.plotted(position(value))) 1" }
        return "'\(labels ? DecimalText.general(value) : "")' \(DecimalText.plotted(position(value)))"
      }
    }
    return "set \(axis)tics (\(ticks.joined(separator: ", ")))"
  }
}
