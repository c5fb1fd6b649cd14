import NuTuneCore

/// Position of the values of an observable along an axis: linear, except for cosθ, most of whose bins crowd against 1
/// and which is drawn linearly in √(1−cosθ), that is in sin(θ/2).
struct AxisScale: Sendable {
  private let isStretched: Bool

  /// Creates the scale of an observable.
  init(_ observable: Observable) { isStretched = observable == .cosTheta }

  /// Returns a sentence for captions if the scale is not linear.
  static func note(_ observables: [Observable]) -> String {
    observables.contains(.cosTheta) ? " The cosθ axis is stretched towards 1, in proportion to √(1−cosθ)." : ""
  }

  /// Returns the position of a value in gnuplot's coordinate.
  func position(_ value: Double) -> Double { isStretched ? -max(1 - value, 0).squareRoot() : value }

  /// Returns range and ticks of the gnuplot axis `x` or `y`, with or without labels at the ticks; a short axis may need
  /// labels at its ends, since it may have no other, and has place for few.
  func settings(
    _ axis: String, from start: Double, to end: Double, labels: Bool = true, labelsEnds: Bool = false
  ) -> [String] {
    let range = "set \(axis)range [\(DecimalText.plotted(position(start))):\(DecimalText.plotted(position(end)))]"
    guard isStretched else {
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
}
