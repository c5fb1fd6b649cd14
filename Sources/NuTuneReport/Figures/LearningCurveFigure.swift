import NuTuneResults

/// Loss against training step for every model that was trained.
struct LearningCurveFigure: Sendable {
  private let curves: [(label: String, position: Int, curve: Predictions.LearningCurve)]

  /// Nil when no model was trained.
  init?(curves: [String: Predictions.LearningCurve], labels: [String]) {
    self.curves = labels.enumerated().compactMap { position, label in
      curves[label].flatMap { $0.step.isEmpty ? nil : (label, position, $0) }
    }
    guard !self.curves.isEmpty else { return nil }
  }

  /// The figure.
  var figure: Figure {
    var table = CommaSeparatedTable(name: "learning-curves", header: ["model", "step", "loss"])
    for (label, _, curve) in curves {
      for (step, loss) in zip(curve.step, curve.loss) { table.append([label, "\(step)"], [loss]) }
    }
    return Figure(
      name: "learning-curves", title: "Learning curves",
      caption: "Loss (deviance per event from the near-detector data) against training step. A curve that has levelled "
        + "off at the end of training has converged; one that still falls has not. Thin: the loss of single steps; thick: "
        + "the median of the steps around, which is what has levelled off or not.",
      drawing: drawing, tables: [table])
  }

  /// Width of the window of the median: a factor in steps, or a share of all of them.
  private static let (windowFactor, windowShare) = (1.25, 0.04)

  /// Computes medians of the losses within a window around each step; early steps, where the loss falls fast, stand
  /// alone in their windows.
  static func smoothed(_ rows: [[Double]], isLogarithmic: Bool) -> [[Double]] {
    let half = windowShare / 2 * ((rows.last?[0] ?? 0) - (rows.first?[0] ?? 0))
    var (first, end) = (0, 0)
    return rows.map { row in
      let low = isLogarithmic ? row[0] / windowFactor : row[0] - half
      let high = isLogarithmic ? row[0] * windowFactor : row[0] + half
      while first < rows.count, rows[first][0] < low { first += 1 }
      while end < rows.count, rows[end][0] <= high { end += 1 }
      let window = rows[first..<max(end, first)].map { $0[1] }.filter(\.isFinite).sorted()
      return [row[0], window.isEmpty ? row[1] : window[window.count / 2]]
    }
  }

  private var drawing: PlotScript {
    let width = FigureStyle.columnWidth
    let legend = PlotLegend(
      curves.map { LegendEntry($0.label, line: FigureStyle.model($0.position).line) }, width: width - 1.6)
    let panelHeight = 5.0
    let height = 1.0 + panelHeight + 0.1 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: 1.5, top: height - 0.05)
    let steps = curves.flatMap(\.curve.step)
    let losses = curves.flatMap(\.curve.loss).filter(\.isFinite)
    let isLogarithmicInLoss = losses.allSatisfy { $0 > 0 } && (losses.max() ?? 1) > 20 * (losses.min() ?? 1)
    let positive = steps.filter { $0 > 0 }
    let isLogarithmicInStep = (positive.max() ?? 1) > 100 * (positive.min() ?? 1)
    let firstStep = (isLogarithmicInStep ? positive : steps).min() ?? 0
    let frame = PlotFrame(left: 1.5, bottom: 1.0, width: width - 1.75, height: panelHeight)
    script.addText("'Training step'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(
      "'Loss [deviance per event]'", x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var settings = ["set xrange [\(firstStep):\(max(steps.max() ?? 1, firstStep + 1))]", "set mxtics", "set mytics"]
    if isLogarithmicInLoss { settings += ["set logscale y", "set format y '10^{%T}'", "set mytics 10"] }
    if isLogarithmicInStep { settings += ["set logscale x", "set format x '10^{%T}'", "set mxtics 10"] }
    let drawn = curves.map { _, position, curve in
      (
        style: FigureStyle.model(position),
        rows: zip(curve.step, curve.loss).filter { !isLogarithmicInStep || $0.0 > 0 }.map { [Double($0), $1] }
      )
    }
    var layers = drawn.map { style, rows in
      "\(script.addData([rows])) using 1:2 with lines lw 0.5 dt solid lc rgb '\(FigureStyle.faint(style.color))'"
    }
    layers += drawn.map { style, rows in
      "\(script.addData([Self.smoothed(rows, isLogarithmic: isLogarithmicInStep)])) using 1:2 with lines \(style.line)"
    }
    script.addPanel(frame, settings: settings, layers: layers)
    return script
  }
}
