import NuTuneResults

/// Coverage of intervals by model and parameter, compared with its nominal value.
struct CoverageFigure: Sendable {
  private let results: CoverageResults
  private let models: [(label: String, title: String, model: CoverageResults.Model)]

  /// Nil when no experiment was counted.
  init?(_ results: CoverageResults) {
    self.results = results
    models = results.orderedModels
    guard models.contains(where: { !$0.model.coverage68.isEmpty }) else { return nil }
  }

  private static let bandColors = [(width: 3.0, color: "#f1f1f1"), (width: 1.0, color: "#dcdcdc")]

  /// The figure.
  var figure: Figure {
    Figure(
      name: "coverage", title: "How often intervals contain the truth",
      caption:
        "Share of \(results.experiments) pseudo-experiments whose interval contained the true value, with the binomial "
        + "error of a correct interval; joint: the region of all parameters. Line: what it should be; grey: one and three "
        + "such errors; open dots: a model held at its mean. Dots left of the grey are intervals that are too short and "
        + "claim more than is known, dots right of it are too long.",
      drawing: drawing, tables: [table])
  }

  private func color(_ label: String) -> String {
    guard label != "truth" else { return FigureStyle.truth.color }
    return FigureStyle.model(results.study.models.firstIndex(of: FitLabel.model(of: label)) ?? 0).color
  }

  private var drawing: PlotScript {
    let width = FigureStyle.fullWidth
    let counted = results.counted
    let rows = models.flatMap { model in
      counted.enumerated().map { index, name in
        let parameter = FittedParameter(name)
        return RowPanels.Row(
          group: index == 0 ? model.title : nil, title: parameter.enhancedSymbol, plainTitle: parameter.symbol)
      }
    }
    let legend = PlotLegend(
      [
        LegendEntry("Measured", line: "lc rgb '#555555' lw 1.1", marker: "pt 7 ps 0.55 lc rgb '#555555'"),
        LegendEntry("Nominal", line: "lc rgb 'black' lw 1"),
        LegendEntry("±1 standard deviation", box: Self.bandColors[1].color),
        LegendEntry("±3", box: Self.bandColors[0].color),
      ], width: width - 0.3)
    let panels = RowPanels(
      rows, count: CoverageResults.levels.count, width: width, rowHeight: 0.48, legend: legend)
    var script = PlotScript(width: width, height: panels.height)
    legend.draw(in: &script, left: panels.frames[0].left, top: panels.height - 0.05)
    panels.addTitles(to: &script)
    for (frame, level) in zip(panels.frames, CoverageResults.levels) {
      script.addText(
        "'Coverage of \(level.title) intervals [%]'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
      draw(level, frame, panels, &script)
    }
    return script
  }

  private func draw(
    _ level: CoverageResults.Level, _ frame: PlotFrame, _ panels: RowPanels, _ script: inout PlotScript
  ) {
    let counted = results.counted
    let nominal = 100 * level.probability
    let measured = models.enumerated().flatMap { number, model in
      counted.enumerated().compactMap { index, name in
        level.fractions(model.model)[name].map {
          (model: number, row: Double(number * counted.count + index), fraction: $0)
        }
      }
    }
    let ends = measured.flatMap { item -> [Double] in
      let error = 100 * item.fraction.error
      let value = 100 * item.fraction.fraction
      return [nominal - 3.3 * error, nominal + 3.3 * error, value - 1.2 * error, value + 1.2 * error]
    }
    // The errors of few experiments reach beyond 0 and 1.
    let range = max(ends.min() ?? nominal - 1, -3)...min(max(ends.max() ?? nominal + 1, nominal + 0.1), 103)
    var layers: [String] = []
    for band in Self.bandColors {
      let boxes = measured.map { item in
        let half = 100 * band.width * item.fraction.error
        return (from: max(nominal - half, 0), to: min(nominal + half, 100), top: item.row, bottom: item.row + 1)
      }
      layers += RowPanels.boxes(boxes, color: band.color, in: &script)
    }
    layers += panels.separators(range, in: &script)
    let end = Double(models.count * counted.count)
    layers.append(
      "\(script.addData([[[nominal, 0], [nominal, end]]])) using 1:2 with lines lw 1 lc rgb 'black'")
    for (number, model) in models.enumerated() {
      let rows = measured.filter { $0.model == number }.map {
        [100 * $0.fraction.fraction, $0.row + 0.5, 100 * $0.fraction.error]
      }
      layers += RowPanels.dots(
        rows, color: color(model.label), marker: FitLabel.isAtPosteriorMean(model.label) ? 6 : 7, in: &script)
    }
    script.addPanel(frame, settings: panels.settings(range), layers: layers)
  }

  private var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "coverage",
      header: ["model", "parameter", "experiments", "nominal", "fraction", "error", "pull"])
    for (label, _, model) in models {
      for name in results.counted {
        for level in CoverageResults.levels {
          guard let fraction = level.fractions(model)[name] else { continue }
          table.append(
            [label, name, "\(model.experiments)"],
            [level.probability, fraction.fraction, fraction.error, fraction.pull])
        }
      }
    }
    return table
  }
}
