import NuTuneResults

/// The combined 1σ regions of each source alone, side by side, to show which source matters.
struct SourceContourFigure: Sendable {
  private let ensemble: FinishedEnsemble
  private let sets: [(set: EnsembleResults.MemberSet, combination: EnsembleResults.Combination)]

  /// Nil if no source was varied alone.
  init?(_ ensemble: FinishedEnsemble) {
    self.ensemble = ensemble
    sets = ensemble.sources.compactMap { set in set.model.map { (set, $0) } }
    guard !sets.isEmpty else { return nil }
  }

  private static let level = "68.27"
  private static let throwsDash = "(7,5)"

  private var hasThrows: Bool { sets.contains { $0.set.truth != nil } }

  /// The figure.
  var figure: Figure {
    var table = CommaSeparatedTable(
      name: "ensemble-source-contours",
      header: ["set", "cross section", "probability", "line"] + ensemble.parameters.prefix(2).map(\.column))
    for (set, combination) in sets {
      table.append([set.name, "learned"], combination.contours)
      if let truth = set.truth { table.append([set.name, "true"], truth.contours) }
    }
    return Figure(
      name: "ensemble-source-contours", title: "Each source alone",
      caption:
        "Combined 68.27 % regions when one source varies (colour) over the region with the true cross section and the "
        + "nominal flux (black)\(hasThrows ? "; dashed: the true cross section under the same flux throws" : ""). Dots: "
        + "best fits of the members; star: true values. The panels share their axes. Look for the source whose dots "
        + "scatter most and whose region grows most; dots that sit together away from the star are a bias that no seed "
        + "averages out.",
      drawing: drawing, tables: [table])
  }

  private var drawing: PlotScript {
    let columns = PanelGrid.columns(sets.count)
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    let legend = PlotLegend(legendEntries, width: width - 0.6)
    let grid = PanelGrid(
      count: sets.count, columns: columns, width: width, panelHeight: columns == 3 ? 4.6 : 5.6, legend: legend)
    var script = PlotScript(width: width, height: grid.height)
    legend.draw(in: &script, left: 0.5, top: grid.height - 0.05)
    var plane = ParameterPlane(ensemble.results.parameters)
    let panels = sets.map { layers(of: $0.set, $0.combination, &plane, &script) }
    for (index, cell) in grid.cells.enumerated() {
      let title = "\(sets[index].set.title) (\(sets[index].combination.members) members)"
      let settings = script.addTitles(
        cell, title, x: plane.parameters[0].axisTitle,
        y: plane.parameters[1].axisTitle)
      script.addPanel(
        cell.frame, settings: plane.ranges + plane.ticks(most: columns == 3 ? 5 : 7) + settings,
        layers: panels[index].isEmpty ? ["NaN"] : panels[index])
    }
    return script
  }

  private func layers(
    of set: EnsembleResults.MemberSet, _ combination: EnsembleResults.Combination, _ plane: inout ParameterPlane,
    _ script: inout PlotScript
  ) -> [String] {
    let color = ensemble.style(of: set).color
    let fill = FigureStyle.faint(color)
    var layers = plane.area(combination.contours[Self.level], color: fill, hole: "#ffffff", in: &script)
    layers += plane.lines(combination.contours[Self.level], "lc rgb '\(color)' lw 1.4 dt solid", in: &script)
    layers += plane.lines(
      ensemble.results.reference.contours[Self.level], "lc rgb 'black' lw 1.1 dt solid", in: &script)
    layers += plane.lines(
      set.truth?.contours[Self.level], "lc rgb 'black' lw 1 dt \(Self.throwsDash)", in: &script)
    layers += plane.points(combination.fits, "pt 7 ps 0.6 lc rgb 'white'", in: &script)
    layers += plane.points(combination.fits, "pt 7 ps 0.44 lc rgb '\(color)'", in: &script)
    return layers + plane.star(ensemble.truePoint, in: &script)
  }

  private var legendEntries: [LegendEntry] {
    var entries = [
      LegendEntry("Learned", line: "lc rgb '#777777' lw 1.4", box: FigureStyle.faint("#777777")),
      LegendEntry("True, nominal flux", line: "lc rgb 'black' lw 1.1"),
    ]
    if hasThrows {
      entries.append(LegendEntry("True, flux throws", line: "lc rgb 'black' lw 1 dt \(Self.throwsDash)"))
    }
    entries.append(LegendEntry("Member", marker: "pt 7 ps 0.44 lc rgb '#777777'"))
    if ensemble.truePoint != nil { entries.append(LegendEntry("True value", marker: ParameterPlane.starMarker)) }
    return entries
  }
}
