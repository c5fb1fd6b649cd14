import NuTuneCore
import NuTuneResults

/// A sample's projections on both observables with ratio panels.
struct DistributionFigure: Sendable {
  /// The sample.
  var sample: Predictions.SamplePrediction
  /// Models in order.
  var labels: [String]

  /// The figure.
  var figure: Figure {
    let projections = Projection.both(of: sample, labels: labels)
    let name = FigureText.fileName(sample.name)
    return Figure(
      name: name, title: sample.title, caption: caption, drawing: drawing(projections),
      tables: projections.map { table($0, name: "\(name)-\($0.axis.observable.rawValue)") })
  }

  private var dataName: String {
    guard let events = sample.events else { return "Data, infinite statistics" }
    return "\(sample.isAsimov ? "Asimov data" : "Data"), \(DecimalText.count(events)) events"
  }

  private var caption: String {
    let observables = [sample.binning.first, sample.binning.second].map(\.observable.symbol)
    let points =
      sample.events == nil
      ? "Points: data of infinite statistics, and so without errors"
      : "Points: \(sample.isAsimov ? "Asimov data (the truth itself)" : "data") with 68 % central Poisson intervals"
    return
      "Projections on \(observables[0]) and \(observables[1]). \(points); black: truth; colours: models. Lower panels: "
      + "ratio to the truth, where it holds at least 1e-5 of the rate. A model that has the distribution right lies flat "
      + "on one; where there are errors, what stays well inside them cannot be seen in such a sample."
      + ((sample.uncertainties ?? [:]).isEmpty
        ? "" : " Shaded: one standard deviation of what near data left open, for models that know it.")
      + AxisScale.note([sample.binning.first.observable, sample.binning.second.observable])
  }

  private func drawing(_ projections: [Projection]) -> PlotScript {
    let width = FigureStyle.fullWidth
    let legend = PlotLegend(
      [LegendEntry(dataName, marker: "pt 7 ps 0.4 lc rgb 'black'", hasErrorBar: sample.events != nil)]
        + LegendEntry.curves(labels), width: width - 1.6)
    let bottom = 1.0
    let panels = 6.0
    let height = bottom + panels + 0.15 + legend.height + 0.5
    var script = PlotScript(width: width, height: height)
    script.addText(FigureText.title(sample.title), x: 1.5, y: height - 0.28)
    legend.draw(in: &script, left: 1.5, top: height - 0.5)
    for (index, projection) in projections.enumerated() {
      let left = 1.5 + Double(index) * (width + 0.1) / 2
      RatioPanels(
        projection: projection,
        frame: PlotFrame(left: left, bottom: bottom, width: width / 2 - 1.75, height: panels),
        densityTitle: FigureText.densityTitle(projection.axis.observable, counts: sample.events != nil),
        isLogarithmic: projection.axis.observable == .cosTheta
      ).draw(in: &script)
    }
    return script
  }

  private func table(_ projection: Projection, name: String) -> CommaSeparatedTable {
    let observable = projection.axis.observable
    let unit = observable.unit.isEmpty ? "" : " [\(observable.unit)]"
    let inverse = observable.unit.isEmpty ? "1" : "1/\(observable.unit)"
    let open = labels.indices.filter { projection.uncertainties[$0] != nil }
    let columns =
      ["data", "data_error_down", "data_error_up", "truth"] + labels + open.map { "\(labels[$0])_error" }
    var table = CommaSeparatedTable(
      name: name,
      header: ["\(observable.rawValue)_low\(unit)", "\(observable.rawValue)_high\(unit)"]
        + columns.map { "\($0) [\(inverse)]" })
    for bin in 0..<projection.axis.count {
      let errors = projection.dataErrors(bin)
      let values: [Double?] = [
        projection.axis.edges[bin], projection.axis.edges[bin + 1],
        projection.data.map { projection.density($0, bin) }, errors?.lower, errors?.upper,
        projection.density(projection.truth, bin),
      ]
      let deviations = open.map { position in
        projection.uncertainties[position].map { projection.density($0, bin) }
      }
      table.append([], values + projection.models.map { projection.density($0, bin) } + deviations)
    }
    return table
  }
}
