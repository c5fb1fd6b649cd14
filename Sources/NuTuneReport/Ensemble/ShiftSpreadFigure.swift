import NuTuneResults

/// Shift and spread of the members' fits in units of the statistical error, by source and parameter.
struct ShiftSpreadFigure: Sendable {
  private let ensemble: FinishedEnsemble
  private let sets: [EnsembleResults.MemberSet]

  /// Nil if nothing was combined.
  init?(_ ensemble: FinishedEnsemble) {
    self.ensemble = ensemble
    sets = ensemble.results.sets.filter { $0.model != nil }
    guard !sets.isEmpty else { return nil }
  }

  private static let statisticsColor = "#ececec"
  private static let truthColor = "#000000"

  private var hasThrows: Bool { sets.contains { $0.truth != nil } }

  /// The figure.
  var figure: Figure {
    Figure(
      name: "ensemble-shift-spread", title: "Shift and spread by source",
      caption:
        "Fits of the members relative to the fit with the true cross section and the nominal flux, in units of the "
        + "statistical error σ_stat of the far data. Dot: mean shift with its error; bar: one standard deviation of the "
        + "members to both sides\(hasThrows ? "; black: the true cross section under the flux throws" : ""). Grey: "
        + "the statistical error itself. Look for the longest bar, the source to work on first, and for dots off zero, "
        + "which no larger ensemble cures.",
      drawing: drawing, tables: [table])
  }

  /// The results drawn in a row: first with the learned, then with the true cross section.
  private func combinations(_ set: EnsembleResults.MemberSet) -> [(
    name: String, color: String, combination: EnsembleResults.Combination
  )] {
    [
      set.model.map { ("learned", ensemble.style(of: set).color, $0) },
      set.truth.map { ("true", Self.truthColor, $0) },
    ].compactMap { $0 }
  }

  private var drawing: PlotScript {
    let width = FigureStyle.columnWidth
    let parameters = ensemble.parameters
    let rows = sets.flatMap { set in
      parameters.enumerated().map { index, parameter in
        RowPanels.Row(
          group: index == 0 ? set.title : nil, title: parameter.enhancedSymbol, plainTitle: parameter.symbol)
      }
    }
    let legend = PlotLegend(legendEntries, width: width - 0.3)
    let panels = RowPanels(rows, count: 1, width: width, rowHeight: hasThrows ? 0.62 : 0.5, legend: legend)
    var script = PlotScript(width: width, height: panels.height)
    legend.draw(in: &script, left: 0.15, top: panels.height - 0.05)
    panels.addTitles(to: &script)
    let frame = panels.frames[0]
    script.addText(
      "'Shift and spread [{/:Italic σ}_{stat}]'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")

    var bars: [(color: String, boxes: [(from: Double, to: Double, top: Double, bottom: Double)])] = []
    var dots: [(color: String, rows: [[Double]])] = []
    var ends: [Double] = [-1.2, 1.2]
    for (number, set) in sets.enumerated() {
      let all = combinations(set)
      for (place, item) in all.enumerated() {
        var (boxes, points): ([(from: Double, to: Double, top: Double, bottom: Double)], [[Double]]) = ([], [])
        for (index, parameter) in parameters.enumerated() {
          guard let shift = item.combination.shift[parameter.name], let spread = item.combination.spread[parameter.name]
          else { continue }
          let row = Double(number * parameters.count + index)
          let middle = row + (Double(place) + 0.5) / Double(all.count) * 0.8 + 0.1
          let half = 0.32 / Double(all.count)
          boxes.append((shift.value - spread.value, shift.value + spread.value, middle - half, middle + half))
          points.append([shift.value, middle, shift.error])
          for side in [-1.0, 1] { ends.append(shift.value + side * max(spread.value, shift.error)) }
        }
        bars.append((item.color, boxes))
        dots.append((item.color, points))
      }
    }
    let (low, high) = (ends.min() ?? -1.2, ends.max() ?? 1.2)
    let range = (low - 0.06 * (high - low))...(high + 0.06 * (high - low))
    var layers = RowPanels.boxes([(-1, 1, 0, Double(rows.count))], color: Self.statisticsColor, in: &script)
    layers += panels.separators(range, in: &script)
    for bar in bars { layers += RowPanels.boxes(bar.boxes, color: FigureStyle.faint(bar.color), in: &script) }
    layers.append(
      "\(script.addData([[[0, 0], [0, Double(rows.count)]]])) using 1:2 with lines lw 0.7 lc rgb 'black'")
    for dot in dots { layers += RowPanels.dots(dot.rows, color: dot.color, marker: 7, in: &script) }
    script.addPanel(frame, settings: panels.settings(range), layers: layers)
    return script
  }

  private var legendEntries: [LegendEntry] {
    var entries = [
      LegendEntry("Shift", line: "lc rgb '#777777' lw 1.1", marker: "pt 7 ps 0.55 lc rgb '#777777'"),
      LegendEntry("Spread", box: FigureStyle.faint("#777777")),
      LegendEntry("Statistical error", box: Self.statisticsColor),
    ]
    if hasThrows {
      entries.append(
        LegendEntry(
          "True cross section", line: "lc rgb 'black' lw 1.1", marker: "pt 7 ps 0.55 lc rgb 'black'",
          box: FigureStyle.faint(Self.truthColor)))
    }
    return entries
  }

  private var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "ensemble-shift-spread",
      header: [
        "set", "cross section", "parameter", "members", "shift [sigma_stat]", "shift_error [sigma_stat]",
        "spread [sigma_stat]", "spread_error [sigma_stat]",
      ])
    for set in sets {
      for item in combinations(set) {
        for name in ensemble.results.parameters {
          let (shift, spread) = (item.combination.shift[name], item.combination.spread[name])
          table.append(
            [set.name, item.name, name, "\(item.combination.members)"],
            [shift?.value, shift?.error, spread?.value, spread?.error])
        }
      }
    }
    return table
  }
}
