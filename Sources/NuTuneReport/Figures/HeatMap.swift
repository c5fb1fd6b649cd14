import Foundation
import NuTuneCore

/// Colours and axes of maps over x and Q².
enum HeatMap {
  /// A colour scale: colours, the range of values, and ticks.
  struct Scale: Sendable {
    /// Colours from the lowest to the highest value.
    var colors: [String]
    /// Values at the ends; values beyond are shown like the end.
    var range: ClosedRange<Double>
    /// Labels with the value at which they stand.
    var ticks: [(label: String, value: Double)]
    /// Title, quoted enhanced text.
    var title: String

    fileprivate var palette: [String] {
      let stops = colors.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
      return [
        "set palette defined (\(stops)) maxcolors 256",
        "set cbrange [\(DecimalText.plotted(range.lowerBound)):\(DecimalText.plotted(range.upperBound))]",
      ]
    }
  }

  /// “viridis” (van der Walt and Smith, 2015): perceptually uniform, the same order for colour-blind readers.
  static let sequential = [
    "#440154", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
  ]
  /// ColorBrewer “RdBu” (Harrower and Brewer, 2003): diverging, safe for colour-blind readers.
  static let diverging = [
    "#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#ffffff", "#fddbc7", "#f4a582", "#d6604d", "#b2182b",
    "#67001f",
  ]

  /// Edges of the maps in x and Q², both logarithmic.
  struct Axes: Sendable {
    /// Edges in x.
    var x: [Double]
    /// Edges in Q², GeV².
    var q2: [Double]

    fileprivate func settings(labelsX: Bool, labelsY: Bool) -> [String] {
      Self.ticks("x", x, labels: labelsX) + Self.ticks("y", q2, labels: labelsY)
    }

    private static func ticks(_ axis: String, _ edges: [Double], labels: Bool) -> [String] {
      let (low, high) = (log10(edges[0]), log10(edges[edges.count - 1]))
      let decades = Int(low.rounded(.down))...Int(high.rounded(.up))
      let major = decades.map(Double.init).filter { low - 1e-9 <= $0 && $0 <= high + 1e-9 }
      let minor = decades.flatMap { decade in (2...9).map { Double(decade) + log10(Double($0)) } }
        .filter { low < $0 && $0 < high }
      let marks =
        // A label at the upper end would touch the first one of the next panel.
        major.map {
          "'\(labels && $0 < high - 0.05 ? DecimalText.general(pow(10, $0)) : "")' \(DecimalText.plotted($0))"
        }
        + minor.map { "'' \(DecimalText.plotted($0)) 1" }
      return [
        "set \(axis)range [\(DecimalText.plotted(low)):\(DecimalText.plotted(high))]",
        "set \(axis)tics (\(marks.joined(separator: ", ")))",
      ]
    }

    /// Returns the line of a hadronic mass W in GeV, as points (log x, log Q²) inside the map.
    fileprivate func line(mass: Double) -> [[Double]] {
      let nucleon = PhysicalConstants.nucleonMass
      let excess = mass * mass - nucleon * nucleon
      let (low, high) = (q2[0], q2[q2.count - 1])
      var points: [[Double]] = []
      for step in 0...80 {
        let transfer = low * pow(high / low, Double(step) / 80)
        let momentumFraction = transfer / (excess + transfer)
        guard x[0] <= momentumFraction, momentumFraction <= x[x.count - 1] else { continue }
        points.append([log10(momentumFraction), log10(transfer)])
      }
      return points
    }
  }

  /// Draws one map; values are flat of shape [x][Q²], and nil stays grey.
  static func draw(
    _ values: [Double?], _ axes: Axes, _ scale: Scale, in frame: PlotFrame, labels: (x: Bool, y: Bool), lines: String,
    _ script: inout PlotScript
  ) {
    let (columns, rows) = (axes.x.count - 1, axes.q2.count - 1)
    let matrix = (0..<rows).map { row in
      (0..<columns).map { column -> Double in
        guard let value = values[column * rows + row] else { return .nan }
        let held = min(max(value, scale.range.lowerBound), scale.range.upperBound)
        // Finer steps are invisible, and would make scripts large.
        let step = (scale.range.upperBound - scale.range.lowerBound) / 2000
        return (held / step).rounded() * step
      }
    }
    func axis(_ edges: [Double], _ column: Int) -> String {
      let step = log10(edges[edges.count - 1] / edges[0]) / Double(edges.count - 1)
      return "(\(DecimalText.plotted(log10(edges[0]) + step / 2))+$\(column)*\(DecimalText.plotted(step)))"
    }
    let data = script.addData([matrix])
    var layers = ["\(data) matrix using \(axis(axes.x, 1)):\(axis(axes.q2, 2)):3 with image"]
    let elastic = [[0, log10(axes.q2[0])], [0, log10(axes.q2[axes.q2.count - 1])]]
    if axes.x[0] < 1, axes.x[axes.x.count - 1] > 1 {
      layers.append("\(script.addData([elastic])) using 1:2 with lines lw 0.7 dt (8,4) lc rgb '\(lines)'")
    }
    let delta = axes.line(mass: 1.23)
    if delta.count > 1 {
      layers.append("\(script.addData([delta])) using 1:2 with lines lw 0.7 dt (2,3) lc rgb '\(lines)'")
    }
    script.addPanel(
      frame,
      settings: axes.settings(labelsX: labels.x, labelsY: labels.y) + scale.palette + [
        "unset colorbox",
        "set object 1 rectangle from graph 0,0 to graph 1,1 behind fs solid 1 noborder fc rgb '\(FigureStyle.blank)'",
      ], layers: layers)
  }

  /// Draws a colour scale in a frame, its labels and title to the right, or to the left.
  static func drawScale(
    _ scale: Scale, in frame: PlotFrame, titleOffset: Double, isOnLeft: Bool = false, _ script: inout PlotScript
  ) {
    let steps = 100
    let (low, high) = (scale.range.lowerBound, scale.range.upperBound)
    let column = (0..<steps).map { [low + (high - low) * (Double($0) + 0.5) / Double(steps)] }
    let step = (high - low) / Double(steps)
    script.addText(
      scale.title, x: isOnLeft ? frame.left - titleOffset : frame.right + titleOffset,
      y: frame.bottom + frame.height / 2, "center rotate by 90")
    // Two columns, since an image of one has no width.
    let data = script.addData([column.map { [$0[0], $0[0]] }])
    let marks = scale.ticks.map { "'\($0.label)' \(DecimalText.plotted($0.value))" }.joined(separator: ", ")
    script.addPanel(
      frame,
      settings: scale.palette + [
        "unset colorbox", "set xrange [0:1]", "set yrange [\(DecimalText.plotted(low)):\(DecimalText.plotted(high))]",
        "unset xtics", "unset ytics", "set y2range [\(DecimalText.plotted(low)):\(DecimalText.plotted(high))]",
        isOnLeft ? "set ytics offset 0.4,0 (\(marks))" : "set y2tics offset -0.4,0 (\(marks))",
      ],
      layers: [
        "\(data) matrix using (0.25+0.5*$1):(\(DecimalText.plotted(low + step / 2))+$2*\(DecimalText.plotted(step))):3 "
          + "with image"
      ])
  }
}
