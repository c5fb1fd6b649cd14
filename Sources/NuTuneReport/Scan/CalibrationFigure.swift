import NuTuneResults

/// Distributions of p values, and of shares of bins within their errors, over pseudo-experiments.
struct CalibrationFigure: Sendable {
  /// The pseudo-experiments.
  let calibration: Calibration

  /// The figure.
  var figure: Figure {
    Figure(
      name: "calibration", title: "Calibration",
      caption:
        "Left: share of the pseudo-experiments whose p value is at most that of the axis; those of right errors lie on the "
        + "diagonal, above it are errors that are too small, below it ones that are too large. Right: the same for the share "
        + "of bins within one standard deviation of data and prediction together, which is 0.68 on average for right errors.",
      drawing: drawing, tables: [table])
  }

  /// Numbers of every pseudo-experiment.
  var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "calibration",
      header: [
        "model", "measurement", "standing", EffectiveStudy.dataSeedKey, "pulls_within_one", "pull_rms", "p_value",
        "prediction_over_truth", "prediction_error",
      ])
    for row in calibration.rows {
      for one in row.experiments {
        table.append(
          [row.model, row.measurement, row.standing.rawValue, one.seed],
          [one.within, one.pull, one.pValue, one.ratio, one.ratioError])
      }
    }
    return table
  }

  /// Rows of which something is drawn, with their place among them.
  private var curves: [(offset: Int, element: Calibration.Row)] {
    Array(calibration.rows.filter { $0.standing != .learned }.enumerated())
  }

  private var drawing: PlotScript {
    let width = FigureStyle.fullWidth
    let legend = PlotLegend(
      [LegendEntry("Right errors", line: FigureStyle.truth.line)]
        + curves.map { LegendEntry($1.name, line: FigureStyle.model($0).line) }, width: width - 1.6)
    let panels: [(title: String, axis: String, right: [[Double]], values: (Calibration.Row) -> [Double])] = [
      ("p value", "'p value'", [[0, 0], [1, 1]], \.pValues),
      (
        "Bins within one standard deviation", "'Share of the bins'",
        [[Calibration.nominal, 0], [Calibration.nominal, 1]], \.shares
      ),
    ]
    let grid = PanelGrid(count: panels.count, columns: panels.count, width: width, panelHeight: 6, legend: legend)
    var script = PlotScript(width: width, height: grid.height)
    legend.draw(in: &script, left: 1.5, top: grid.height - 0.05)
    for (cell, panel) in zip(grid.cells, panels) {
      let settings = script.addTitles(cell, panel.title, x: panel.axis, y: "'Share of the pseudo-experiments'")
      var layers = ["\(script.addData([panel.right])) using 1:2 with lines \(FigureStyle.truth.line)"]
      for (place, row) in curves {
        let values = panel.values(row)
        guard !values.isEmpty else { continue }
        layers.append(
          "\(script.addData([Self.steps(values)])) using 1:2 with lines \(FigureStyle.model(place).line)")
      }
      script.addPanel(
        cell.frame, settings: settings + ["set xrange [0:1]; set yrange [0:1]", "set mxtics", "set mytics"],
        layers: layers)
    }
    return script
  }

  /// The distribution function of some numbers in [0, 1], as the corners of its steps.
  static func steps(_ values: [Double]) -> [[Double]] {
    let count = Double(values.count)
    return [[0, 0]]
      + values.sorted().enumerated().flatMap { [[$1, Double($0) / count], [$1, Double($0 + 1) / count]] } + [[1, 1]]
  }
}
