import NuTuneResults

/// The combined regions of all sources together over the regions with the true cross section: the result that an
/// analysis would quote.
struct EnsembleContourFigure: Sendable {
  private let ensemble: FinishedEnsemble
  private let combination: EnsembleResults.Combination

  /// Nil if nothing was combined.
  init?(_ ensemble: FinishedEnsemble) {
    guard let combination = ensemble.combined.model else { return nil }
    self.ensemble = ensemble
    self.combination = combination
  }

  /// Fills of the combined regions at the levels, and the colour of holes in them.
  private static let fills = [("95.45", "#dcebf5", "#ffffff"), ("68.27", "#a9cfe8", "#dcebf5")]
  private static let pointColor = "#004c78"
  private static let widths = ["68.27": 1.4, "95.45": 0.7]
  private static let throwsDash = "(7,5)"

  /// The figure.
  var figure: Figure {
    let parameters = ensemble.parameters
    let throwsNote =
      ensemble.combined.truth == nil
      ? ""
      : " Dashed: the combined regions of the true cross section under the same flux throws, which is how much of the "
        + "blue is the flux and not the model."
    return Figure(
      name: "ensemble-contours", title: "Oscillation fit with systematic uncertainties",
      caption:
        "Combined regions of \(parameters[0].symbol) and \(parameters[1].symbol) at 68.27 % (dark, thick line) and "
        + "95.45 % (light, thin line) with the learned cross section, all sources together; black: with the true cross "
        + "section and the nominal flux." + throwsNote
        + " Dots: best fits of the \(combination.members) members; star: true values. Look for black lines that leave the "
        + "blue of the same level: there the ensemble claims more than it knows.",
      drawing: drawing, tables: [contourTable, fitTable, intervalTable])
  }

  private var drawing: PlotScript {
    let width = FigureStyle.columnWidth
    let legend = PlotLegend(legendEntries, width: width - 1.6)
    let panelHeight = 6.6
    let height = 1.0 + panelHeight + 0.1 + legend.height + 0.5
    var script = PlotScript(width: width, height: height)
    let title = FigureText.shortened(ensemble.results.study.farSampleTitle, toWidth: width - 1.6)
    script.addText(FigureText.literal(title), x: 1.5, y: height - 0.28)
    legend.draw(in: &script, left: 1.5, top: height - 0.5)
    let frame = PlotFrame(left: 1.5, bottom: 1.0, width: width - 1.75, height: panelHeight)
    var plane = ParameterPlane(ensemble.results.parameters)
    script.addText(plane.parameters[0].axisTitle, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(
      plane.parameters[1].axisTitle, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var layers: [String] = []
    for (level, color, hole) in Self.fills {
      layers += plane.area(combination.contours[level], color: color, hole: hole, in: &script)
    }
    let color = ensemble.style(of: ensemble.combined).color
    layers += lines(combination.contours, "lc rgb '\(color)' dt solid", &plane, &script)
    layers += lines(ensemble.results.reference.contours, "lc rgb 'black' dt solid", &plane, &script)
    if let truth = ensemble.combined.truth {
      layers += lines(truth.contours, "lc rgb 'black' dt \(Self.throwsDash)", &plane, &script)
    }
    // Over all lines, on white, so that single members are visible.
    layers += plane.points(combination.fits, "pt 7 ps 0.68 lc rgb 'white'", in: &script)
    layers += plane.points(combination.fits, "pt 7 ps 0.5 lc rgb '\(Self.pointColor)'", in: &script)
    layers += plane.star(ensemble.truePoint, in: &script)
    script.addPanel(
      frame, settings: plane.ranges + ["set mxtics 2", "set mytics 2"], layers: layers.isEmpty ? ["NaN"] : layers)
    return script
  }

  private func lines(
    _ contours: [String: OscillationResults.Contour], _ attributes: String, _ plane: inout ParameterPlane,
    _ script: inout PlotScript
  ) -> [String] {
    EnsembleResults.levels.flatMap { level in
      plane.lines(contours[level.key], "\(attributes) lw \(Self.widths[level.key] ?? 1)", in: &script)
    }
  }

  private var legendEntries: [LegendEntry] {
    let color = ensemble.style(of: ensemble.combined).color
    func row(_ entry: LegendEntry) -> LegendEntry {
      var entry = entry
      entry.startsRow = true
      return entry
    }
    var entries = [
      LegendEntry("Learned, combined", line: "lc rgb '\(color)' lw 1.4", box: Self.fills[1].1),
      LegendEntry("Member", marker: "pt 7 ps 0.5 lc rgb '\(Self.pointColor)'"),
      row(LegendEntry("True, nominal flux", line: "lc rgb 'black' lw 1.4")),
    ]
    if ensemble.truePoint != nil { entries.append(LegendEntry("True value", marker: ParameterPlane.starMarker)) }
    if ensemble.combined.truth != nil {
      entries.append(row(LegendEntry("True, flux throws", line: "lc rgb 'black' lw 1.3 dt \(Self.throwsDash)")))
    }
    entries.append(row(LegendEntry("68.27 %", line: "lc rgb '#777777' lw 1.4")))
    entries.append(LegendEntry("95.45 %", line: "lc rgb '#777777' lw 0.7"))
    return entries
  }

  private var contourTable: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "ensemble-contours",
      header: ["cross section", "flux", "probability", "line"] + ensemble.parameters.prefix(2).map(\.column))
    let fits = [
      ("learned", "members", combination.contours), ("true", "nominal", ensemble.results.reference.contours),
      ("true", "members", ensemble.combined.truth?.contours ?? [:]),
    ]
    for (name, flux, contours) in fits { table.append([name, flux], contours) }
    return table
  }

  private var fitTable: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "ensemble-fits",
      header: ["set", "cross section", "number"] + ensemble.parameters.map(\.column))
    for set in ensemble.results.sets {
      for (name, combination) in [("learned", set.model), ("true", set.truth)] {
        for (index, fit) in (combination?.fits ?? []).enumerated() {
          table.append([set.name, name, "\(index + 1)"], fit)
        }
      }
    }
    return table
  }

  private var intervalTable: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "ensemble-intervals",
      header: ["set", "cross section", "parameter", "sigmas", "lower", "upper", "half width / sigma_stat"])
    for set in ensemble.results.sets {
      for (name, combination) in [("learned", set.model), ("true", set.truth)] {
        for parameter in ensemble.results.parameters {
          for level in EnsembleResults.levels {
            guard let ends = combination?.intervals[level.key]?[parameter] else { continue }
            let sigma = ensemble.results.sigmaStat[parameter].flatMap { $0 > 0 ? $0 : nil }
            table.append(
              [set.name, name, parameter, DecimalText.general(level.sigmas)],
              [ends[0], ends[1], sigma.map { (ends[1] - ends[0]) / 2 / $0 }])
          }
        }
      }
    }
    return table
  }
}

extension CommaSeparatedTable {
  /// Adds the points of contours: texts, then probability, number of the line, first and second parameter.
  mutating func append(_ texts: [String], _ contours: [String: OscillationResults.Contour]) {
    for contour in contours.values.sorted(by: { $0.probability < $1.probability }) {
      for (number, line) in ParameterPlane.lines(contour).enumerated() {
        for point in line { append(texts + ["\(contour.probability)", "\(number + 1)"], point) }
      }
    }
  }
}
