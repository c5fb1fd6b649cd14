import NuTuneResults

/// Contours of the oscillation fit with the true and with each learned cross section, and all minima.
struct ContourFigure: Sendable {
  private struct Fit {
    var name: String
    var results: OscillationResults
    var style: FigureStyle.Curve
  }

  private let fits: [Fit]
  private let parameters: [FittedParameter]
  private let trueValue: (Double, Double)?
  private let title: String
  private let isFirst: Bool

  /// Returns one figure for every pair of fitted parameters that has contours.
  static func all(of results: StudyResults) -> [ContourFigure] {
    let fits = [results.truth.oscillation] + results.orderedLabels.map { results.models[$0]?.oscillation }
    guard let names = fits.compactMap({ $0 }).first?.parameters, names.count >= 2 else { return [] }
    return names.indices.flatMap { first in
      (first + 1..<max(names.count, first + 1)).compactMap { second in
        ContourFigure(results: results, pair: (names[first], names[second]))
      }
    }
  }

  /// Nil when no fit has contours in two parameters, the first two when none are named.
  init?(results: StudyResults, pair: (first: String, second: String)? = nil) {
    var fits = results.truth.oscillation.map { [Fit(name: "Truth", results: $0, style: FigureStyle.truth)] } ?? []
    for (position, label) in results.orderedLabels.enumerated() {
      guard let fit = results.models[label]?.oscillation else { continue }
      fits.append(Fit(name: label, results: fit, style: FigureStyle.model(position)))
    }
    guard let fitted = fits.first?.results.parameters, fitted.count >= 2 else { return nil }
    let names = pair.map { [$0.first, $0.second] } ?? Array(fitted.prefix(2))
    // Contours in other parameters do not belong on these axes.
    self.fits = fits.filter { !$0.results.contours(of: names[0], names[1]).isEmpty }
    guard !self.fits.isEmpty else { return nil }
    isFirst = names == Array(fitted.prefix(2))
    title = results.study.farSampleTitle
    parameters = names.map(FittedParameter.init)
    if let first = results.study.trueValue(names[0]), let second = results.study.trueValue(names[1]) {
      trueValue = (first, second)
    } else {
      trueValue = nil
    }
  }

  /// The figure.
  var figure: Figure {
    Figure(
      name: name,
      title: "Oscillation fit: true against learned cross section"
        + (isFirst ? "" : ", \(parameters[0].symbol) and \(parameters[1].symbol)"),
      caption:
        "Contours of \(parameters[0].symbol) and \(parameters[1].symbol) at 68.27 % (solid) and 95.45 % (dashed), "
        + "with the true cross section (black) and with each learned one"
        + (fits.contains { !byPseudoExperiments($0).isEmpty }
          ? "; dotted: the same regions with critical values from pseudo-experiments (Feldman and Cousins)" : "")
        + ". Filled markers: best fits; open markers: other "
        + "local minima (muon disappearance alone hardly tells the octants of θ₂₃ apart); star: true values. Look for how "
        + "far a learned contour has moved against the width of the black one." + filled,
      drawing: drawing, tables: [contourTable, minimaTable])
  }

  private var name: String {
    "oscillation-contours" + (isFirst ? "" : "-\(parameters[0].name)-\(parameters[1].name)")
  }

  private func contours(_ fit: Fit) -> [OscillationResults.Contour] {
    fit.results.contours(of: parameters[0].name, parameters[1].name).values.sorted { $0.probability < $1.probability }
  }

  /// Sentence about the regions without line because they fill the scan.
  private var filled: String {
    let sentences = fits.flatMap { fit in
      contours(fit).filter { $0.fillsScan == true }.map { contour in
        "The region of \(DecimalText.general(100 * contour.probability, 4)) % of \(fit.name) fills the whole range of the scan."
      }
    }
    return sentences.map { " \($0)" }.joined()
  }

  private func scaled(_ point: [Double]) -> [Double] {
    [point[0] * parameters[0].scale, point[1] * parameters[1].scale]
  }

  private func lines(_ contour: OscillationResults.Contour) -> [[[Double]]] { lines(contour.lines) }

  private func lines(_ lines: [[[Double]]]) -> [[[Double]]] {
    lines.map { $0.filter { $0.count == 2 } }.filter { !$0.isEmpty }
  }

  /// Returns the nearest minimum (``OscillationResults/nearestMinimum``) first, then the others.
  private func minima(_ fit: Fit) -> [[Double]] {
    let names = parameters.map(\.name)
    let points = fit.results.orderedMinima.map(\.parameters)
    return points.compactMap { values in
      let point = names.compactMap { values[$0] }
      return point.count == 2 ? point : nil
    }
  }

  /// Returns the regions after Feldman and Cousins, the smaller first.
  private func byPseudoExperiments(_ fit: Fit) -> [OscillationResults.FeldmanCousinsRegion] {
    (isFirst ? fit.results.feldmanCousins ?? [:] : [:]).values.sorted { $0.probability < $1.probability }
  }

  private var drawing: PlotScript {
    // Many fits need space to be told apart.
    let isCrowded = fits.count > 3
    let width = isCrowded ? 13.0 : FigureStyle.columnWidth
    let legend = PlotLegend(legendEntries, width: width - 1.6)
    let panelHeight = isCrowded ? 9.5 : 6.6
    let height = 1.0 + panelHeight + 0.1 + legend.height + 0.5
    var script = PlotScript(width: width, height: height)
    script.addText(FigureText.literal(FigureText.shortened(title, toWidth: width - 1.6)), x: 1.5, y: height - 0.28)
    legend.draw(in: &script, left: 1.5, top: height - 0.5)
    let frame = PlotFrame(left: 1.5, bottom: 1.0, width: width - 1.75, height: panelHeight)
    script.addText(parameters[0].axisTitle, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(
      parameters[1].axisTitle, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var shown = [[Double]]()
    var layers = [String]()
    for fit in fits {
      for (index, contour) in contours(fit).enumerated() {
        let segments = lines(contour).map { $0.map(scaled) }
        guard !segments.isEmpty else { continue }
        shown += segments.joined()
        layers.append(
          "\(script.addData(segments)) using 1:2 with lines lc rgb '\(fit.style.color)' "
            + "lw \(fit.style.width) dt \(index == 0 ? "solid" : "(9,5)")")
      }
      for region in byPseudoExperiments(fit) {
        let segments = lines(region.lines).map { $0.map(scaled) }
        guard !segments.isEmpty else { continue }
        shown += segments.joined()
        layers.append(
          "\(script.addData(segments)) using 1:2 with lines lc rgb '\(fit.style.color)' lw \(fit.style.width) dt (2,3)")
      }
    }
    for fit in fits {
      for (index, point) in minima(fit).map(scaled).enumerated() {
        shown.append(point)
        layers.append(
          "\(script.addData([[point]])) using 1:2 with points lc rgb '\(fit.style.color)' lw 1 "
            + "pt \(index == 0 ? fit.style.marker : fit.style.openMarker) ps 0.65")
      }
    }
    if let trueValue {
      let point = scaled([trueValue.0, trueValue.1])
      shown.append(point)
      layers.append("\(script.addData([[point]])) using 1:2 with points pt 3 ps 1.1 lw 1 lc rgb 'black'")
    }
    script.addPanel(
      frame,
      settings: [
        AxisRange.padded("x", shown.map { $0[0] }), AxisRange.padded("y", shown.map { $0[1] }), "set mxtics 2",
        "set mytics 2",
      ],
      layers: layers)
    return script
  }

  private var legendEntries: [LegendEntry] {
    var entries = fits.map { fit in
      LegendEntry(
        fit.name, line: "lc rgb '\(fit.style.color)' lw \(fit.style.width)",
        marker: "pt \(fit.style.marker) ps 0.65 lc rgb '\(fit.style.color)'")
    }
    var first = LegendEntry("68.27 %", line: "lc rgb '#555555' lw 1.1 dt solid")
    first.startsRow = true
    entries.append(first)
    // Not the same width: gnuplot's SVG joins lines that differ only in their dashes.
    entries.append(LegendEntry("95.45 %", line: "lc rgb '#555555' lw 1.2 dt (9,5)"))
    if fits.contains(where: { !byPseudoExperiments($0).isEmpty }) {
      entries.append(LegendEntry("Feldman–Cousins", line: "lc rgb '#555555' lw 1.3 dt (2,3)"))
    }
    if fits.contains(where: { minima($0).count > 1 }) {
      entries.append(LegendEntry("Other minimum", marker: "pt 6 ps 0.65 lw 1 lc rgb '#555555'"))
    }
    if trueValue != nil { entries.append(LegendEntry("True value", marker: "pt 3 ps 1.1 lw 1 lc rgb 'black'")) }
    return entries
  }

  private var columns: [String] { parameters.map(\.column) }

  private var contourTable: CommaSeparatedTable {
    var table = CommaSeparatedTable(name: name, header: ["fit", "probability", "line"] + columns)
    for fit in fits {
      for region in byPseudoExperiments(fit) {
        for (number, line) in lines(region.lines).enumerated() {
          for point in line {
            table.append(["\(fit.name) (Feldman-Cousins)", "\(region.probability)", "\(number + 1)"], point)
          }
        }
      }
      for contour in contours(fit) {
        for (number, line) in lines(contour).enumerated() {
          for point in line { table.append([fit.name, "\(contour.probability)", "\(number + 1)"], point) }
        }
      }
    }
    return table
  }

  private var minimaTable: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: isFirst ? "oscillation-minima" : "\(name)-minima", header: ["fit", "point"] + columns)
    if let trueValue { table.append(["True value", "true"], [trueValue.0, trueValue.1]) }
    for fit in fits {
      for (index, point) in minima(fit).enumerated() {
        table.append([fit.name, index == 0 ? "best fit" : "other minimum"], point)
      }
    }
    return table
  }
}
