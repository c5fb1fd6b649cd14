import NuTuneCore
import NuTuneResults

/// Two-dimensional residuals of each model against the truth, or against the data where there is no truth: in standard
/// deviations of the sample or of the measurement, or in percent for an infinite sample. Bins are those of the lepton; where
/// the hadronic energy is measured too, they are sums over it.
struct ResidualMapFigure: Sendable {
  /// The sample.
  var sample: Predictions.SamplePrediction
  /// Models in order; at least one.
  var labels: [String]

  /// The map of a sample.
  init(sample: Predictions.SamplePrediction, labels: [String]) {
    self.sample = sample.summedOverHadronicEnergy
    self.labels = labels
  }

  /// The figure.
  var figure: Figure {
    let name = FigureText.fileName(sample.name) + "-residuals"
    return Figure(
      name: name, title: "\(sample.title): residuals", caption: caption, drawing: drawing,
      tables: [table(name: name)])
  }

  /// Least truth (or data without one) of a bin that is compared, as a fraction of the rate.
  static let leastRate = 1e-5

  /// What the models are compared with.
  private var referenceName: String { sample.truth == nil ? "data" : "truth" }

  /// Measured standard deviations in which residuals are given; nil with a truth, whose residuals need none.
  private var errors: [Double]? { sample.truth == nil ? sample.errors : nil }

  private var isPercent: Bool { errors == nil && sample.events == nil }

  /// Computes the residual of a model in a bin: (model − truth)/√(truth/N), or in percent of the truth when N is
  /// infinite. Without a truth the data take its place, and (model − data)/error is the residual if they have errors.
  func residual(_ label: String, _ bin: Int) -> Double? {
    guard isCompared(bin), let model = sample.models[label]?[bin] else { return nil }
    let expected = sample.reference[bin]
    if let errors { return (model - expected) / errors[bin] }
    guard let events = sample.events else { return 100 * (model - expected) / expected }
    return (model - expected) / (expected / events).squareRoot()
  }

  private func isCompared(_ bin: Int) -> Bool {
    errors.map { $0[bin] > 0 } ?? (sample.reference[bin] >= Self.leastRate)
  }

  private var caption: String {
    let name = referenceName
    let isMeasured = errors != nil
    let what =
      isMeasured
      ? "(model − data)/error, with the measured standard deviation of the bin"
      : sample.events.map {
        "(model − \(name))/√(\(name)/N) for N = \(DecimalText.count($0)) events: standard deviations of a bin of this "
          + "sample"
      } ?? "(model − \(name))/\(name) in percent"
    let blank = isMeasured ? "no error" : "less than 1e-5 of the rate"
    return "In each bin \(what). Grey: \(blank). Colours saturate at the ends of the scale, which "
      + "leaves out the largest hundredth of the bins. Coherent patches matter more than single bins."
      + AxisScale.note(sample.binning.observableNames)
  }

  private var range: Double {
    AxisRange.symmetric(labels.flatMap { label in (0..<sample.binning.count).compactMap { residual(label, $0) } })
  }

  private var drawing: PlotScript {
    let columns = min(labels.count, 3)
    let rows = (labels.count + columns - 1) / columns
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    let panelHeight = columns == 3 ? 4.2 : 5.0
    let left = 1.45
    let gap = columns == 3 ? 0.35 : 0.5
    let panelWidth = (width - left - 1.9 - Double(columns - 1) * gap) / Double(columns)
    let rowHeight = panelHeight + 0.55
    let bottom = 1.0
    let height = bottom + Double(rows) * rowHeight + 0.55
    var script = PlotScript(width: width, height: height)
    script.addText(FigureText.title(sample.title), x: left, y: height - 0.28)
    let range = range
    for (position, label) in labels.enumerated() {
      let column = position % columns
      let row = position / columns
      let frame = PlotFrame(
        left: left + Double(column) * (panelWidth + gap), bottom: bottom + Double(rows - 1 - row) * rowHeight,
        width: panelWidth, height: panelHeight)
      let isLowest = position + columns >= labels.count
      drawPanel(label, frame, in: &script, isFirst: column == 0, isLowest: isLowest, range: range)
    }
    let scale = PlotFrame(
      left: left + Double(columns) * (panelWidth + gap) - gap + 0.2, bottom: bottom, width: 0.28,
      height: Double(rows) * rowHeight - 0.55)
    drawScale(scale, in: &script, range: range)
    return script
  }

  private func drawPanel(
    _ label: String, _ frame: PlotFrame, in script: inout PlotScript, isFirst: Bool, isLowest: Bool, range: Double
  ) {
    let (first, second) = (sample.binning.observableNames[0], sample.binning.observableNames[1])
    script.addText(
      FigureText.literal(FigureText.shortened(label, to: Int(frame.width / 0.15))), x: frame.left, y: frame.top + 0.22)
    if isLowest {
      script.addText(
        FigureText.axisTitle(first), x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    }
    if isFirst {
      script.addText(
        FigureText.axisTitle(second), x: frame.left - 1.05, y: frame.bottom + frame.height / 2,
        "center rotate by 90")
    }
    var boxes = [[Double]]()
    for bin in 0..<sample.binning.count {
      guard let value = residual(label, bin) else { continue }
      let ranges = sample.binning.ranges(of: bin)
      let x = [ranges.first.lowerBound, ranges.first.upperBound].map(AxisScale(first).position)
      let y = [ranges.second.lowerBound, ranges.second.upperBound].map(AxisScale(second).position)
      boxes.append([(x[0] + x[1]) / 2, (y[0] + y[1]) / 2, x[0], x[1], y[0], y[1], value])
    }
    var layers = ["NaN with lines"]
    if !boxes.isEmpty {
      layers = ["\(script.addData([boxes])) using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc palette"]
    }
    let extent = sample.binning.extent
    let compared = (0..<sample.binning.count).filter(isCompared)
    let end =
      sample.binning.shownEnd
      ?? compared.map { sample.binning.ranges(of: $0).first.upperBound }.max() ?? extent.first.upperBound
    let horizontal = AxisScale(first).settings("x", from: extent.first.lowerBound, to: end, labels: isLowest)
    let vertical = AxisScale(second).settings(
      "y", from: extent.second.lowerBound, to: extent.second.upperBound, labels: isFirst)
    let settings =
      horizontal + vertical + Self.palette(range) + [
        "unset colorbox",
        "set object 1 rectangle from graph 0,0 to graph 1,1 behind fs solid 1 noborder fc rgb '\(FigureStyle.blank)'",
      ]
    script.addPanel(frame, settings: settings, layers: layers)
  }

  private func drawScale(_ frame: PlotFrame, in script: inout PlotScript, range: Double) {
    let steps = 64
    let boxes = (0..<steps).map { step -> [Double] in
      let low = range * (2 * Double(step) / Double(steps) - 1)
      let high = range * (2 * Double(step + 1) / Double(steps) - 1)
      return [0.5, (low + high) / 2, 0, 1, low, high, (low + high) / 2]
    }
    let name = referenceName
    let divisor = errors != nil ? "error" : isPercent ? "\(name) [%]" : "√(\(name)/{/:Italic N})"
    let title = "'(model − \(name)) / \(divisor)'"
    script.addText(title, x: frame.right + 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    let limit = DecimalText.plotted(range)
    script.addPanel(
      frame,
      settings: Self.palette(range) + [
        "unset colorbox", "set xrange [0:1]", "set yrange [-\(limit):\(limit)]", "unset xtics", "unset ytics",
        "set y2range [-\(limit):\(limit)]", "set y2tics offset -0.4,0", "set format y2 '%g'",
      ],
      layers: ["\(script.addData([boxes])) using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc palette"])
  }

  /// ColorBrewer “RdBu” (Harrower and Brewer, 2003): diverging and safe for colour-blind readers; blue is negative.
  private static func palette(_ range: Double) -> [String] {
    let colors = [
      "#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#ffffff", "#fddbc7", "#f4a582", "#d6604d", "#b2182b",
      "#67001f",
    ]
    let stops = colors.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    let limit = DecimalText.plotted(range)
    return ["set palette defined (\(stops))", "set cbrange [-\(limit):\(limit)]"]
  }

  private func table(name: String) -> CommaSeparatedTable {
    let unit = isPercent ? "%" : "sigma"
    var table = CommaSeparatedTable(
      name: name,
      header: sample.binning.observableNames.flatMap(CommaSeparatedTable.range)
        + ["\(referenceName) [probability]"] + (errors == nil ? [] : ["data_error [probability]"])
        + labels.map { "\($0) [probability]" } + labels.map { "\($0) residual [\(unit)]" })
    for bin in 0..<sample.binning.count {
      let (first, second) = sample.binning.ranges(of: bin)
      let place: [Double?] = [first.lowerBound, first.upperBound, second.lowerBound, second.upperBound]
      let known: [Double?] = [sample.reference[bin]] + (errors.map { [$0[bin]] } ?? [])
      table.append(
        [], place + known + labels.map { sample.models[$0]?[bin] } + labels.map { residual($0, bin) })
    }
    return table
  }
}
