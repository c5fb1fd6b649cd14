import NuTuneResults

/// The answer to a question against the true value, with the true and with learned cross sections, as the field draws it:
/// √Δ(−2lnL) of the wrong answer, or the error of a parameter against the exposure.
package struct SensitivityFigure: Sendable {
  /// The results.
  var results: SensitivityResults

  /// A figure of results.
  package init(_ results: SensitivityResults) { self.results = results }

  private var isResolution: Bool { results.question == "resolution" }

  /// The figure.
  var figure: Figure {
    let labels = results.labels
    let columns = labels.flatMap { label in
      results.exposures.flatMap { exposure in
        results.names.map { name in
          (
            title: "\(label) \(name)" + (exposure.map { " at \(DecimalText.general($0, 5)) × exposure" } ?? ""),
            name: name, points: results.points(label, at: exposure)
          )
        }
      }
    }
    var table = CommaSeparatedTable(
      name: "sensitivity-\(results.question)", header: [results.parameter] + columns.map(\.title))
    for (index, point) in results.points(labels.first ?? "", at: results.exposures.first ?? nil).enumerated() {
      table.append([], [point.value] + columns.map { $0.points[index].results[$0.name] })
    }
    return Figure(
      name: "sensitivity-\(results.question)", title: "Sensitivity: \(results.question)", caption: caption,
      drawing: drawing, tables: [table])
  }

  private var caption: String {
    let what =
      isResolution
      ? "Half widths of the 68 % intervals against the exposure, relative to that of the study"
      : "√Δ(−2lnL) between the best fit with the wrong answer and the best fit, from far data without fluctuations, against "
        + "the true value"
    return
      "\(what). Black: the true cross section; colours: learned ones. The distance between the curves is the price of "
      + "not knowing the cross section."
      + (hasExposures ? " The wider a line, the larger the exposure, relative to that of the study." : "")
  }

  private var hasExposures: Bool { results.exposures.count > 1 }

  /// The style of a curve at one of the exposures: wider for a larger one.
  private func line(_ position: Int, _ label: String, exposure: Int) -> String {
    var style = style(position, label)
    if hasExposures { style.width *= 0.5 + 1.2 * Double(exposure) / Double(results.exposures.count - 1) }
    return style.line
  }

  private var drawing: PlotScript {
    let panels = isResolution ? results.names : ["delta"]
    let width = panels.count > 1 ? FigureStyle.fullWidth : FigureStyle.columnWidth
    let columns = min(panels.count, 3)
    let rows = (panels.count + columns - 1) / columns
    let legend = PlotLegend(legendEntries, width: width - 1.6)
    let (left, panelHeight, rowHeight) = (1.5, 5.2, 6.6)
    let panelWidth = (width - left - 0.3 - Double(columns - 1) * 1.5) / Double(columns)
    let height = 1.0 + Double(rows) * rowHeight - (rowHeight - panelHeight) + 0.15 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: left, top: height - 0.05)
    for (index, name) in panels.enumerated() {
      let frame = PlotFrame(
        left: left + Double(index % columns) * (panelWidth + 1.5),
        bottom: 1.0 + Double(rows - 1 - index / columns) * rowHeight, width: panelWidth, height: panelHeight)
      draw(name, in: frame, &script)
    }
    return script
  }

  private var legendEntries: [LegendEntry] {
    let models = results.labels.enumerated().map { LegendEntry($1 == "truth" ? "Truth" : $1, line: style($0, $1).line) }
    guard hasExposures else { return models }
    return models
      + results.exposures.enumerated().map { index, exposure in
        var entry = LegendEntry(
          "\(DecimalText.general(exposure ?? 1, 4)) × exposure", line: line(0, "truth", exposure: index))
        entry.startsRow = index == 0
        return entry
      }
  }

  private func style(_ position: Int, _ label: String) -> FigureStyle.Curve {
    label == "truth" ? FigureStyle.truth : FigureStyle.model(position - (results.models["truth"] == nil ? 0 : 1))
  }

  private func draw(_ name: String, in frame: PlotFrame, _ script: inout PlotScript) {
    let across =
      isResolution ? "'Exposure relative to the study'" : FittedParameter(results.parameter).axisTitle
    let upwards = isResolution ? FittedParameter(name).axisTitle : "'√Δ(−2 ln {/:Italic L})'"
    script.addText(across, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(upwards, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var layers: [String] = []
    var highest = 0.0
    for (position, label) in results.labels.enumerated() {
      for (index, exposure) in results.exposures.enumerated() {
        let points = results.points(label, at: exposure).compactMap { point -> [Double]? in
          guard let value = point.results[name] else { return nil }
          let scale = isResolution ? 1.0 : FittedParameter(results.parameter).scale
          let shown = isResolution ? value * FittedParameter(name).scale : max(value, 0).squareRoot()
          highest = max(highest, shown)
          return [point.value * scale, shown]
        }
        layers.append(
          "\(script.addData([points])) using 1:2 with linespoints pt 7 ps 0.3 "
            + line(position, label, exposure: index))
      }
    }
    let settings = ["set yrange [0:\(DecimalText.plotted(highest * 1.15 + 1e-9))]", "set format y '%g'"]
    script.addPanel(frame, settings: settings, layers: layers)
  }
}
