import NuTuneResults

/// The exposures at which milestones are reached, one row for each, with the true and with learned cross sections.
struct MilestoneFigure: Sendable {
  /// The results.
  var results: MilestoneResults

  private var unit: Double { results.unit ?? 1 }

  /// The figure.
  var figure: Figure {
    let header = results.unit == nil ? "relative" : "kt MW yr"
    var table = CommaSeparatedTable(
      name: "sensitivity-milestones", header: ["milestone"] + results.labels.map { "\($0) [\(header)]" })
    for milestone in results.milestones {
      table.append([milestone.title], results.labels.map { reached(milestone, $0) })
    }
    return Figure(
      name: "sensitivity-milestones", title: "Milestones",
      caption:
        "The exposure at which far data without fluctuations reach each milestone. Black: the true cross section; "
        + "colours: learned ones. What lies further right is the price of not knowing the cross section. A row without a "
        + "point is not reached within the exposures that were looked at, or before the smallest.",
      drawing: drawing, tables: [table])
  }

  private func reached(_ milestone: MilestoneResults.Milestone, _ label: String) -> Double? {
    milestone.models[label].flatMap { $0.limit == nil ? $0.exposure * unit : nil }
  }

  private func style(_ label: String) -> FigureStyle.Curve {
    guard label != "truth" else { return FigureStyle.truth }
    return FigureStyle.model(results.labels.filter { $0 != "truth" }.firstIndex(of: label) ?? 0)
  }

  private var drawing: PlotScript {
    let width = FigureStyle.fullWidth
    let (left, bottom) = (6.0, 1.0)
    let rowHeight = max(0.6, 0.18 * Double(results.labels.count) + 0.2)
    let legend = PlotLegend(
      results.labels.map { label in
        LegendEntry(label == "truth" ? "Truth" : label, marker: marker(label))
      }, width: width - left - 0.3)
    let panel = Double(results.milestones.count) * rowHeight
    let height = bottom + panel + 0.15 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: left, top: height - 0.05)
    let frame = PlotFrame(left: left, bottom: bottom, width: width - left - 0.3, height: panel)
    let across = results.unit == nil ? "'Exposure relative to the study'" : "'Exposure [kt MW yr]'"
    script.addText(across, x: left + frame.width / 2, y: bottom - 0.72, "center")
    for (index, milestone) in results.milestones.enumerated() {
      script.addText(
        FigureText.literal(milestone.title), x: left - 0.15, y: frame.top - (Double(index) + 0.5) * rowHeight, "right")
    }
    let ends = [(results.exposures.min() ?? 1) * unit / 1.2, (results.exposures.max() ?? 1) * unit * 1.2]
    let edges = (1..<max(results.milestones.count, 1)).map { row in ends.map { [$0, Double(row)] } }
    var layers: [String] = []
    if !edges.isEmpty { layers.append("\(script.addData(edges)) using 1:2 with lines lw 0.5 lc rgb '#bbbbbb'") }
    for (position, label) in results.labels.enumerated() {
      let offset = (Double(position) + 0.5) / Double(results.labels.count) * 0.8 + 0.1
      let points = results.milestones.enumerated().compactMap { index, milestone in
        reached(milestone, label).map { [$0, Double(index) + offset] }
      }
      guard !points.isEmpty else { continue }
      layers.append("\(script.addData([points])) using 1:2 with points \(marker(label))")
    }
    script.addPanel(
      frame,
      settings: [
        "set logscale x", "set xrange [\(ends.map(DecimalText.plotted).joined(separator: ":"))]", "set mxtics 10",
        "set format x '%g'", "unset ytics", "set grid xtics mxtics lw 0.5 lc rgb '#dddddd', lw 0.3 lc rgb '#eeeeee'",
        "set yrange [\(results.milestones.count):0]",
      ], layers: layers.isEmpty ? ["NaN with lines"] : layers)
    return script
  }

  private func marker(_ label: String) -> String {
    "pt \(style(label).marker) ps 0.7 lc rgb '\(style(label).color)'"
  }
}
