import NuTuneCore
import NuTuneResults

/// Predictions of the members of each set at the far detector, relative to the truth: mean and scatter in every bin.
struct SourceBandFigure: Sendable {
  private let ensemble: FinishedEnsemble
  private let sample: String
  private let bands: [(set: EnsembleResults.MemberSet, band: EnsembleResults.Band)]
  /// Far events of the sample; nil if they are not known, since several samples share them.
  private let events: Double?

  /// Returns one figure for each far sample.
  static func all(of ensemble: FinishedEnsemble) -> [SourceBandFigure] {
    var samples: [String] = []
    for band in ensemble.results.sets.flatMap({ $0.model?.bands ?? [] }) where !samples.contains(band.sample) {
      samples.append(band.sample)
    }
    return samples.map { SourceBandFigure(ensemble, sample: $0, isOnly: samples.count == 1) }
  }

  private init(_ ensemble: FinishedEnsemble, sample: String, isOnly: Bool) {
    self.ensemble = ensemble
    self.sample = sample
    bands = ensemble.results.sets.flatMap { set in
      (set.model?.bands ?? []).filter { $0.sample == sample }.map { (set, $0) }
    }
    events = isOnly ? ensemble.results.study.number("far.events").flatMap { $0 > 0 ? $0 : nil } : nil
  }

  /// Share of the events from which on a bin determines the range of the vertical axis, and from which on it is drawn.
  private static let (visibleShare, leastShare) = (5e-3, 5e-4)
  private static let statisticsColor = "#e3e3e3"

  /// The figure.
  var figure: Figure {
    let statistics =
      events.map {
        " Grey: the statistical error of \(DecimalText.count($0)) far events in each bin, which a systematic error has to "
          + "exceed to matter there."
      } ?? ""
    return Figure(
      name: "ensemble-bands-\(FigureText.fileName(sample))", title: "Far detector, relative to the truth",
      caption:
        "Shares of the events in bins of \(bands[0].band.axis.observable.symbol) (\(sample)) at the true oscillation "
        + "parameters: mean over the members (line) and one standard deviation (band), in per cent of the truth."
        + statistics + " Look for bands wider than the grey one, and for lines away from zero, a bias common to all "
        + "members.\(AxisScale.note([bands[0].band.axis.observable]))",
      drawing: drawing, tables: [table])
  }

  /// Returns the relative statistical error of a bin in per cent; nil if it is not known.
  private func statisticalError(_ share: Double) -> Double? {
    events.flatMap { share > 0 ? 100 / ($0 * share).squareRoot() : nil }
  }

  private func isDrawn(_ band: EnsembleResults.Band, _ bin: Int) -> Bool { band.truth[bin] >= Self.leastShare }

  /// Half height of the panels in per cent.
  private var half: Double {
    var deviations: [Double] = []
    var errors: [Double] = []
    for (_, band) in bands {
      for bin in 0..<band.axis.count where band.truth[bin] >= Self.visibleShare {
        deviations.append(100 * (abs(band.mean[bin]) + band.spread[bin]))
        errors += [statisticalError(band.truth[bin])].compactMap { $0 }
      }
    }
    // The panel must show the band of the best bins, and of most others.
    let typical = errors.isEmpty ? 0 : errors.sorted()[errors.count / 2]
    return max(AxisRange.ratio(deviations.map { $0 / 100 }), AxisRange.ratio([1.1 * typical / 100])) * 100
  }

  private var drawing: PlotScript {
    let columns = PanelGrid.columns(bands.count)
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    let legend = PlotLegend(legendEntries, width: width - 1.6)
    let grid = PanelGrid(count: bands.count, columns: columns, width: width, panelHeight: 3.6, legend: legend)
    var script = PlotScript(width: width, height: grid.height)
    legend.draw(in: &script, left: 1.5, top: grid.height - 0.05)
    let axis = bands[0].band.axis
    let scale = AxisScale(axis.observable)
    let last = bands.compactMap { item in (0..<item.band.axis.count).last { isDrawn(item.band, $0) } }.max()
    let end = axis.edges[min((last ?? axis.count - 1) + 1, axis.count)]
    let half = half
    for (index, cell) in grid.cells.enumerated() {
      let (set, band) = bands[index]
      var settings = scale.settings("x", from: axis.edges[0], to: end, labels: cell.isLowest)
      settings += ["set yrange [\(DecimalText.plotted(-half)):\(DecimalText.plotted(half))]", "set mytics 2"]
      settings += script.addTitles(
        cell, set.title, x: FigureText.axisTitle(axis.observable),
        y: "'Relative to truth [%]'")
      let style = ensemble.style(of: set)
      var layers: [String] = []
      if events != nil {
        let errors = outline(band, scale, half) { bin in
          self.statisticalError(band.truth[bin]).map { (-$0, $0) }
        }
        layers += self.layer(errors, "with filledcurves fc rgb '\(Self.statisticsColor)' fs solid noborder", &script)
      }
      let spread = outline(band, scale, half) { bin in
        (100 * (band.mean[bin] - band.spread[bin]), 100 * (band.mean[bin] + band.spread[bin]))
      }
      if !spread.isEmpty { layers.append(UncertaintyBand(segments: spread, color: style.color).draw(in: &script)) }
      layers.append("0 with lines lw 0.7 lc rgb 'black'")
      let mean = outline(band, scale, half) { (100 * band.mean[$0], 100 * band.mean[$0]) }
      layers += layer(mean, "with lines lc rgb '\(style.color)' lw 1.2", &script, columns: "1:2")
      script.addPanel(cell.frame, settings: settings, layers: layers)
    }
    return script
  }

  private func layer(
    _ segments: [[[Double]]], _ attributes: String, _ script: inout PlotScript, columns: String = "1:2:3"
  ) -> [String] {
    segments.isEmpty ? [] : ["\(script.addData(segments)) using \(columns) \(attributes)"]
  }

  /// Returns rows of [position, lower, upper] along the bins that are drawn, cut at the ends of the panel and left out
  /// beyond.
  private func outline(
    _ band: EnsembleResults.Band, _ scale: AxisScale, _ half: Double, _ value: (Int) -> (Double, Double)?
  ) -> [[[Double]]] {
    var segments: [[[Double]]] = [[]]
    for bin in 0..<band.axis.count {
      guard isDrawn(band, bin), let (lower, upper) = value(bin), lower < half, upper > -half else {
        if segments.last?.isEmpty == false { segments.append([]) }
        continue
      }
      segments[segments.count - 1] += [bin, bin + 1].map {
        [scale.position(band.axis.edges[$0]), max(min(lower, half), -half), max(min(upper, half), -half)]
      }
    }
    return segments.filter { !$0.isEmpty }
  }

  private var legendEntries: [LegendEntry] {
    var entries = [
      LegendEntry("Mean and standard deviation", line: "lc rgb '#777777' lw 1.2", box: FigureStyle.faint("#777777"))
    ]
    if events != nil { entries.append(LegendEntry("Statistical error of a bin", box: Self.statisticsColor)) }
    return entries
  }

  private var table: CommaSeparatedTable {
    let observable = bands[0].band.axis.observable
    let unit = observable.unit.isEmpty ? "" : " [\(observable.unit)]"
    var table = CommaSeparatedTable(
      name: "ensemble-bands-\(FigureText.fileName(sample))",
      header: [
        "set", "\(observable.rawValue)_low\(unit)", "\(observable.rawValue)_high\(unit)", "truth share",
        "statistical error [%]", "mean [%]", "spread [%]",
      ])
    for (set, band) in bands {
      for bin in 0..<band.axis.count {
        table.append(
          [set.name],
          [
            band.axis.edges[bin], band.axis.edges[bin + 1], band.truth[bin], statisticalError(band.truth[bin]),
            100 * band.mean[bin], 100 * band.spread[bin],
          ])
      }
    }
    return table
  }
}
