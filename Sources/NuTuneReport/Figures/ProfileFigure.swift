import NuTuneResults

/// Δ(−2lnL) along each fitted parameter, the others at their best values, with the true and each learned cross section.
struct ProfileFigure: Sendable {
  private let fits: [(name: String, results: OscillationResults, style: FigureStyle.Curve)]
  private let parameters: [FittedParameter]
  private let trueValues: [Double?]
  private let title: String

  /// Largest Δ(−2lnL) that is drawn: beyond two standard deviations, with space for their line.
  private static let highest = 6.5
  private static let levels = [1.0, 4.0]

  /// Nil when no fit has profiles.
  init?(results: StudyResults) {
    var fits = results.truth.oscillation.map { [(name: "Truth", results: $0, style: FigureStyle.truth)] } ?? []
    for (position, label) in results.orderedLabels.enumerated() {
      if let fit = results.models[label]?.oscillation { fits.append((label, fit, FigureStyle.model(position))) }
    }
    fits = fits.filter { $0.results.profiles?.isEmpty == false }
    guard let names = fits.first?.results.parameters else { return nil }
    self.fits = fits
    parameters = names.map(FittedParameter.init)
    trueValues = names.map { results.study.trueValue($0) }
    title = results.study.farSampleTitle
  }

  /// The figure.
  var figure: Figure {
    let names = parameters.map(\.symbol).joined(separator: ", ")
    return Figure(
      name: "oscillation-profiles", title: "Oscillation fit: profiles",
      caption:
        "Δ(−2lnL) along \(names), the other parameters at their best values, with the true cross section (black) and with "
        + "each learned one. Grey lines: 1 and 4, the ends of the intervals of one and two standard deviations; dotted: true "
        + "values. Look for how far a coloured valley has moved, and whether it is wider than the black one.",
      drawing: drawing, tables: [table])
  }

  private var drawing: PlotScript {
    let columns = min(parameters.count, 3)
    let rows = (parameters.count + columns - 1) / columns
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    let legend = PlotLegend(
      fits.map { LegendEntry($0.name, line: $0.style.line) }, width: width - 1.6)
    let (left, panelHeight, rowHeight) = (1.3, 4.6, 5.9)
    let panelWidth = (width - left - 0.3 - Double(columns - 1) * 0.5) / Double(columns)
    let height = 1.0 + Double(rows) * rowHeight - (rowHeight - panelHeight) + 0.15 + legend.height + 0.5
    var script = PlotScript(width: width, height: height)
    script.addText(FigureText.literal(FigureText.shortened(title, toWidth: width - 1.6)), x: left, y: height - 0.28)
    legend.draw(in: &script, left: left, top: height - 0.5)
    for (index, parameter) in parameters.enumerated() {
      let frame = PlotFrame(
        left: left + Double(index % columns) * (panelWidth + 0.5),
        bottom: 1.0 + Double(rows - 1 - index / columns) * rowHeight, width: panelWidth, height: panelHeight)
      draw(parameter, trueValue: trueValues[index], in: frame, isFirst: index % columns == 0, &script)
    }
    return script
  }

  private func draw(
    _ parameter: FittedParameter, trueValue: Double?, in frame: PlotFrame, isFirst: Bool, _ script: inout PlotScript
  ) {
    let curves = fits.map { fit in points(fit.results, parameter) }
    let low = curves.flatMap { $0.filter { $0[1] <= Self.highest } }
    let shown = low.map { $0[0] } + (trueValue.map { [$0 * parameter.scale] } ?? [])
    script.addText(parameter.axisTitle, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    if isFirst {
      script.addText(
        "'Δ(−2 ln {/:Italic L})'", x: frame.left - 0.85, y: frame.bottom + frame.height / 2, "center rotate by 90")
    }
    var layers = Self.levels.map { "\(DecimalText.plotted($0)) with lines lw 0.9 lc rgb '#888888' dt solid" }
    if let trueValue {
      let line = [[trueValue * parameter.scale, 0], [trueValue * parameter.scale, Self.highest]]
      layers.append("\(script.addData([line])) using 1:2 with lines lw 0.9 dt (2,3) lc rgb 'black'")
    }
    for (fit, rows) in zip(fits, curves) where !rows.isEmpty {
      layers.append("\(script.addData([rows])) using 1:2 with lines \(fit.style.line)")
    }
    script.addPanel(
      frame,
      settings: [
        AxisRange.padded("x", shown), "set yrange [0:\(DecimalText.plotted(Self.highest))]", "set mxtics 2",
        "set mytics 2",
      ]
        + (isFirst ? [] : ["set format y ''"]), layers: layers)
  }

  private func points(_ fit: OscillationResults, _ parameter: FittedParameter) -> [[Double]] {
    guard let profile = fit.profiles?[parameter.name] else { return [] }
    return zip(profile.values, profile.delta).map { [$0 * parameter.scale, $1] }
  }

  private var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(name: "oscillation-profiles", header: ["fit", "parameter", "value", "delta"])
    for fit in fits {
      for parameter in parameters {
        guard let profile = fit.results.profiles?[parameter.name] else { continue }
        for (value, delta) in zip(profile.values, profile.delta) {
          table.append([fit.name, parameter.column], [value, delta])
        }
      }
    }
    return table
  }
}
