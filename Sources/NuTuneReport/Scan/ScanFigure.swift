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
        + "parameters. Black: the error with the true cross section.",
      drawing: drawing, tables: [table])
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
    let shown = scan.quantities.filter { $0.name != "near.p_value" || isRefusedSomewhere }
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

  /// Whether the near data refuse a model at some value.
  private var isRefusedSomewhere: Bool {
    scan.results.contains { run in run.models.values.contains { ($0.near.goodnessOfFit?.pValue ?? 1) < 0.01 } }
  }

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
    let numbers = curves.flatMap { $0.points.map { $0[1] } }
    var settings = axis
    if quantity.isDistance, let least = numbers.min(), let most = numbers.max(), least > 0 {
      settings += [
        "set logscale y", "set format y '%g'",
        "set yrange [\(DecimalText.plotted(least / 1.5)):\(DecimalText.plotted(most * 1.5))]",
      ]
    } else {
      settings += [AxisRange.padded("y", numbers + [0]), "set format y '%g'"]
    }
    let layers = curves.filter { !$0.points.isEmpty }.map { curve in
      "\(script.addData([curve.points])) using 1:2 with linespoints pt \(curve.style.marker) ps 0.5 \(curve.style.line)"
    }
    guard !layers.isEmpty else { return }
    script.addPanel(frame, settings: settings, layers: layers)
  }

  private func points(_ value: (StudyResults) -> Double?) -> [[Double]] {
    zip(places, scan.results).compactMap { place, run in
      value(run).flatMap { $0.isFinite ? [place, $0] : nil }
    }
  }
}
