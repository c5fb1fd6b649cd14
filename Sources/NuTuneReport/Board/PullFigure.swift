import Foundation

/// The distribution of pulls of every model beside one measurement, with that of right errors.
struct PullFigure: Sendable {
  private let measurement: String
  private let curves: [(name: String, position: Int, pulls: [Double])]

  /// Ends of the histogram; pulls beyond are in the last bins.
  private static let (end, width) = (4.0, 0.5)

  /// Nil where no pull is known.
  init?(_ measurement: Board.Measurement, _ models: [Board.Model]) {
    self.measurement = measurement.name
    curves = measurement.cells.enumerated().compactMap { position, cell in
      cell.pulls.isEmpty ? nil : (models[cell.model].name, position, cell.pulls)
    }
    guard !curves.isEmpty else { return nil }
  }

  /// The figure.
  var figure: Figure {
    let name = "pulls-\(FigureText.fileName(measurement))"
    var table = CommaSeparatedTable(name: name, header: ["model", "bin", "pull"])
    for (name, _, pulls) in curves {
      for (bin, pull) in pulls.enumerated() { table.append([name, "\(bin + 1)"], [pull]) }
    }
    return Figure(
      name: name, title: "Pulls of \(measurement)",
      caption:
        "Share of the bins by (data − prediction)/error, errors of data and prediction added; black: right errors. "
        + "Bins are correlated, so that a shift of all of them is no surprise; a curve that is much wider has errors "
        + "that are too small. Pulls beyond ±\(DecimalText.general(Self.end)) are in the last bins.",
      drawing: drawing, tables: [table])
  }

  /// Share of pulls in each bin of the histogram, those beyond its ends in the last ones.
  static func shares(_ pulls: [Double]) -> [Double] {
    let count = Int(2 * end / width)
    var shares = [Double](repeating: 0, count: count)
    for pull in pulls {
      // A prediction far off may exceed every integer.
      let place = (min(max(pull, -end), end) + end) / width
      shares[min(Int(place), count - 1)] += 1 / Double(pulls.count)
    }
    return shares
  }

  private var drawing: PlotScript {
    let width = FigureStyle.columnWidth
    let legend = PlotLegend(
      [LegendEntry("Right errors", line: FigureStyle.truth.line)]
        + curves.map { LegendEntry($0.name, line: FigureStyle.model($0.position).line) }, width: width - 1.6)
    let panelHeight = 5.0
    let height = 1.0 + panelHeight + 0.1 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: 1.5, top: height - 0.05)
    let frame = PlotFrame(left: 1.5, bottom: 1.0, width: width - 1.75, height: panelHeight)
    script.addText("'(data − prediction)/error'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(
      "'Share of the bins'", x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    let normal = stride(from: -Self.end, through: Self.end, by: 0.1).map { pull in
      [pull, Self.width * exp(-0.5 * pull * pull) / (2 * Double.pi).squareRoot()]
    }
    var layers = ["\(script.addData([normal])) using 1:2 with lines \(FigureStyle.truth.line)"]
    var largest = 0.2
    for (_, position, pulls) in curves {
      let shares = Self.shares(pulls)
      largest = max(largest, shares.max() ?? 0)
      let outline = shares.enumerated().flatMap { bin, share in
        [bin, bin + 1].map { [Double($0) * Self.width - Self.end, share] }
      }
      layers.append("\(script.addData([outline])) using 1:2 with lines \(FigureStyle.model(position).line)")
    }
    let ranges = "set xrange [-\(Self.end):\(Self.end)]; set yrange [0:\(DecimalText.plotted(1.1 * largest))]"
    script.addPanel(frame, settings: [ranges, "set mxtics", "set mytics"], layers: layers)
    return script
  }
}
