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
    var table = CommaSeparatedTable(
      name: "sensitivity-\(results.question)", header: [results.parameter] + columns.map(\.title))
    for (index, point) in results.points(results.labels.first ?? "", at: results.exposures.first ?? nil).enumerated() {
      table.append([], [point.value] + columns.map { $0.value($0.points[index]) })
    }
    return Figure(
      name: "sensitivity-\(results.question)", title: "Sensitivity: \(results.question)", caption: caption,
      drawing: drawing, tables: [table])
  }

  /// A column of the table.
  private struct Column {
    var title: String
    var points: [SensitivityResults.Point]
    var value: (SensitivityResults.Point) -> Double?
  }

  /// The results, and the ends of their bands.
  private var columns: [Column] {
    results.labels.flatMap { label in
      results.exposures.flatMap { exposure in
        results.names.flatMap { name in
          let place = exposure.map { " at \(DecimalText.general($0, 5)) × exposure" } ?? ""
          let points = results.points(label, at: exposure)
          func column(_ what: String, _ value: @escaping (SensitivityResults.Point) -> Double?) -> Column {
            Column(title: "\(label) \(name)\(what)\(place)", points: points, value: value)
          }
          let band: [Column] =
            results.varied.isEmpty
            ? []
            : [
              column(" least", { $0.bands(of: name).first?.low }),
              column(" greatest", { $0.bands(of: name).first?.high }),
            ]
          let shares = results.experimentCount == nil ? [] : SensitivityResults.Experiments.shares
          let quantiles = shares.indices.map { index in
            column(" \(DecimalText.general(100 * shares[index], 5)) % of experiments") {
              $0.experiments?.quantiles[name]?[index]
            }
          }
          return [column("") { $0.results[name] }] + band + quantiles
        }
      }
    }
  }

  /// What stands below the figure.
  package var caption: String {
    let what =
      isResolution
      ? "Half widths of the 68 % intervals against the exposure, relative to that of the study"
      : "√Δ(−2lnL) between the best fit with the wrong answer and the best fit, from far data without fluctuations, against "
        + "the true value"
    return
      "\(what). Black: the true cross section; colours: learned ones. The distance between the curves is the price of "
      + "not knowing the cross section." + captionOfBands
      + (hasExposures ? " The wider a line, the larger the exposure, relative to that of the study." : "")
  }

  private var captionOfBands: String {
    let others = results.varied.map { name, low, high in
      let parameter = FittedParameter(name)
      let unit = parameter.unit.isEmpty ? "" : " \(parameter.unit)"
      return "\(parameter.symbol) from \(DecimalText.general(low * parameter.scale, 4)) to "
        + "\(DecimalText.general(high * parameter.scale, 4))\(unit)"
    }
    let lines = " (grey; of learned cross sections its edges as thin lines)"
    if !others.isEmpty {
      return
        " The band\(lines) is the range of the answers for a true \(others.joined(separator: " and ")), the values of the study "
        + "included."
    }
    return results.experimentCount.map {
      " Bands\(lines) hold the central 68 and 95 % of \($0) pseudo-experiments, with Poisson events, thrown norms and thrown priors; "
        + "below zero the wrong answer fits better."
    } ?? ""
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
    let panelWidth = (width - left - (isResolution ? 0.3 : 0.8) - Double(columns - 1) * 1.5) / Double(columns)
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
    let models =
      results.labels.enumerated().map { LegendEntry($1 == "truth" ? "Truth" : $1, line: style($0, $1).line) }
      + legendOfBands
    guard hasExposures else { return models }
    return models
      + results.exposures.enumerated().map { index, exposure in
        var entry = LegendEntry(
          "\(DecimalText.general(exposure ?? 1, 4)) × exposure", line: line(0, "truth", exposure: index))
        entry.startsRow = index == 0
        return entry
      }
  }

  private var legendOfBands: [LegendEntry] {
    guard !results.varied.isEmpty || results.experimentCount != nil else { return [] }
    let names = results.varied.map { FittedParameter($0.name).symbol }.joined(separator: ", ")
    return [LegendEntry(names.isEmpty ? "68, 95 % of experiments" : "range of \(names)", box: "#c8c8c8")]
  }

  private func style(_ position: Int, _ label: String) -> FigureStyle.Curve {
    label == "truth" ? FigureStyle.truth : FigureStyle.model(position - (results.models["truth"] == nil ? 0 : 1))
  }

  private func draw(_ name: String, in frame: PlotFrame, _ script: inout PlotScript) {
    let across =
      isResolution
      ? "'Exposure relative to the study'"
      : isAngle ? "'{/:Italic δ}_{CP} / {/:Italic π}'" : FittedParameter(results.parameter).axisTitle
    let upwards = isResolution ? FittedParameter(name).axisTitle : "'√Δ(−2 ln {/:Italic L})'"
    script.addText(across, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(upwards, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var layers = bands(name, &script)
    for (position, label) in results.labels.enumerated() {
      for (index, exposure) in results.exposures.enumerated() {
        let points = results.points(label, at: exposure).compactMap { point -> [Double]? in
          point.results[name].map { [place(point), shown($0, name)] }
        }
        layers.append(
          "\(script.addData([points])) using 1:2 with linespoints pt 7 ps 0.3 "
            + line(position, label, exposure: index))
      }
    }
    let top = highest(name) * 1.15 + 1e-9
    let settings = ["set yrange [0:\(DecimalText.plotted(top))]", "set format y '%g'"]
    if !isResolution {
      for level in [3.0, 5] where level < top {
        layers.append("\(DecimalText.plotted(level)) with lines dt 3 lw 0.7 lc rgb 'black'")
        script.addText(
          "'\(DecimalText.general(level)) {/:Italic σ}'", x: frame.left + frame.width + 0.08,
          y: frame.bottom + frame.height * level / top, "left")
      }
    }
    script.addPanel(frame, settings: settings, layers: layers)
  }

  /// Layers of the bands: filled for the first curve, edges of the innermost for the others.
  private func bands(_ name: String, _ script: inout PlotScript) -> [String] {
    var layers: [String] = []
    for (position, label) in results.labels.enumerated() {
      for exposure in results.exposures {
        let points = results.points(label, at: exposure).filter { !$0.bands(of: name).isEmpty }
        guard let count = points.map({ $0.bands(of: name).count }).min() else { continue }
        func rows(_ band: Int) -> [[Double]] {
          points.map {
            let band = $0.bands(of: name)[band]
            return [place($0), shown(band.low, name), shown(band.high, name)]
          }
        }
        if position == 0 {
          layers += (0..<count).map {
            UncertaintyBand(segments: [rows($0)], color: style(position, label).color).draw(in: &script)
          }
        } else {
          var edge = style(position, label)
          edge.width *= 0.4
          let data = script.addData([rows(count - 1)])
          layers += [2, 3].map { "\(data) using 1:\($0) with lines \(edge.line)" }
        }
      }
    }
    return layers
  }

  /// Whether the abscissa is an angle, which is drawn in units of π.
  private var isAngle: Bool { results.parameter == "delta_cp" }

  /// Where a point stands on the abscissa.
  private func place(_ point: SensitivityResults.Point) -> Double {
    isAngle ? point.value / .pi : point.value * (isResolution ? 1 : FittedParameter(results.parameter).scale)
  }

  /// What is drawn of a result: an error in its unit, or the root of Δ(−2lnL), zero below.
  private func shown(_ value: Double, _ name: String) -> Double {
    isResolution ? value * FittedParameter(name).scale : max(value, 0).squareRoot()
  }

  /// The highest that is drawn of a quantity.
  private func highest(_ name: String) -> Double {
    results.labels.flatMap { results.models[$0] ?? [] }.flatMap { point in
      [point.results[name]].compactMap { $0 } + point.bands(of: name).map(\.high)
    }.map { shown($0, name) }.max() ?? 0
  }
}
