import NuTuneCore
import NuTuneResults

/// One panel for every figure of merit against the value of a key, a line for each model.
struct ScanFigure: Sendable {
  /// The runs.
  let scan: RunScan

  /// The figure.
  var figure: Figure {
    Figure(
      name: "scan", title: "Against \(scan.shortKey)",
      caption:
        "What each model says at each value of \(scan.key): total variation distance to the truth, bias and error of the fitted "
        + "parameters, goodness of fit of the near data. Black: the error with the true cross section." + note,
      drawing: drawing, tables: [table])
  }

  /// How probabilities are drawn, where there are any.
  private var note: String {
    guard scan.quantities.contains(where: { $0.scale == .probability }) else { return "" }
    return " Near data refuse a model below the dotted line; probabilities below "
      + "\(DecimalText.typeset(DecimalText.general(Self.leastShown))) are drawn there."
  }

  /// Numbers behind the panels, one row each.
  var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(name: "scan", header: [scan.key, "model", "quantity", "value"])
    for (value, run) in zip(scan.values, scan.results) {
      for quantity in scan.quantities {
        if let number = quantity.ofTruth(run) { table.append([value.text, "truth", quantity.name], [number]) }
        for label in scan.labels {
          guard let number = run.models[label].flatMap(quantity.value) else { continue }
          table.append([value.text, label, quantity.name], [number])
        }
      }
    }
    return table
  }

  /// Places of the values on the horizontal axis; their order where they are no numbers.
  private var places: [Double] {
    let numbers = scan.values.compactMap(\.number)
    return numbers.count == scan.values.count ? numbers : scan.values.indices.map { Double($0 + 1) }
  }

  /// Values over a decade are shown on a logarithmic axis.
  private static let widestLinear = 10.0

  private var isLogarithmic: Bool {
    scan.values[0].number != nil && places[0] > 0 && places[places.count - 1] > Self.widestLinear * places[0]
  }

  private var axis: [String] {
    if scan.values[0].number == nil {
      let ticks = zip(scan.values, places).map { value, place in
        "\(FigureText.literal(FigureText.shortened(value.text, to: 12))) \(DecimalText.plotted(place))"
      }
      return ["set xtics (\(ticks.joined(separator: ", ")))", AxisRange.padded("x", places)]
    }
    guard isLogarithmic else { return [AxisRange.padded("x", places)] }
    return [
      "set logscale x",
      "set xrange [\(DecimalText.plotted(places[0] / 1.2)):\(DecimalText.plotted(places[places.count - 1] * 1.2))]",
    ]
  }

  private var drawing: PlotScript {
    let shown = scan.quantities
    let columns = PanelGrid.columns(shown.count)
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    let rows = (shown.count + columns - 1) / columns
    let legend = PlotLegend(
      LegendEntry.curves(scan.labels, hasTruth: shown.contains { has(truthOf: $0) }), width: width - 1.6)
    let (left, gap, panelHeight, rowHeight) = (1.3, 1.2, 3.8, 5.4)
    let panelWidth = (width - left - 0.3 - Double(columns - 1) * gap) / Double(columns)
    let height = 1.0 + Double(rows) * rowHeight - (rowHeight - panelHeight) + 0.6 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: left, top: height - 0.05)
    for (index, quantity) in shown.enumerated() {
      let frame = PlotFrame(
        left: left + Double(index % columns) * (panelWidth + gap),
        bottom: 1.0 + Double(rows - 1 - index / columns) * rowHeight, width: panelWidth, height: panelHeight)
      draw(quantity, in: frame, &script)
    }
    return script
  }

  /// Probabilities below are drawn here.
  private static let leastShown = 1e-6

  private func has(truthOf quantity: RunScan.Quantity) -> Bool {
    scan.results.contains { quantity.ofTruth($0) != nil }
  }

  private func draw(_ quantity: RunScan.Quantity, in frame: PlotFrame, _ script: inout PlotScript) {
    let title = ScannedValue.observable(scan.key).map { "Bins in \($0.symbol)" } ?? scan.shortKey
    script.addText(
      FigureText.literal(FigureText.shortened(title, toWidth: frame.width)), x: frame.left + frame.width / 2,
      y: frame.bottom - 0.72, "center")
    script.addText(FigureText.literal(quantity.title), x: frame.left, y: frame.top + 0.22)
    var curves: [(style: FigureStyle.Curve, points: [[Double]])] = scan.labels.enumerated().map { index, label in
      (FigureStyle.model(index), points { $0.models[label].flatMap(quantity.value) })
    }
    if has(truthOf: quantity) { curves.append((FigureStyle.truth, points(quantity.ofTruth))) }
    if quantity.scale == .probability {
      for index in curves.indices {
        curves[index].points = curves[index].points.map { [$0[0], max($0[1], Self.leastShown)] }
      }
    }
    var layers = curves.filter { !$0.points.isEmpty }.map { curve in
      "\(script.addData([curve.points])) using 1:2 with linespoints pt \(curve.style.marker) ps 0.5 \(curve.style.line)"
    }
    guard !layers.isEmpty else { return }
    if quantity.scale == .probability {
      layers.insert(
        "\(DecimalText.plotted(GoodnessOfFit.leastProbability)) with lines lw 0.7 dt (2,3) lc rgb '#555555'", at: 0)
    }
    let numbers = curves.flatMap { $0.points.map { $0[1] } }
    script.addPanel(frame, settings: axis + vertical(quantity.scale, numbers), layers: layers)
  }

  /// Settings of the vertical axis for some numbers.
  private func vertical(_ scale: RunScan.Quantity.Scale, _ numbers: [Double]) -> [String] {
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let ends: [Double]
    switch scale {
    case .probability: ends = [Self.leastShown / 2, 2]
    case .logarithmic where least > 0: ends = [least / 1.5, most * 1.5]
    case .logarithmic, .linear: return [AxisRange.padded("y", numbers + [0]), "set format y '%g'"]
    }
    return [
      "set logscale y", "set format y '%g'", "set yrange [\(ends.map(DecimalText.plotted).joined(separator: ":"))]",
    ]
  }

  private func points(_ value: (StudyResults) -> Double?) -> [[Double]] {
    zip(places, scan.results).compactMap { place, run in
      value(run).flatMap { $0.isFinite ? [place, $0] : nil }
    }
  }
}
