import NuTuneCore
import NuTuneResults

/// A sample's projections on all observables with ratio panels; slices of a ragged binning, which has no projections
/// that show all of it.
struct DistributionFigure: Sendable {
  /// The sample.
  var sample: Predictions.SamplePrediction
  /// Models in order.
  var labels: [String]
  /// What the sample is a sum of; none for one that is measured as it is.
  var components: [Predictions.SumPrediction.Component] = []

  /// Whether measured cross sections are shown with their scale, and models as multiples of the sum of the data.
  var isAbsolute = false

  /// The figure of a sample that is measured as it is.
  init(sample: Predictions.SamplePrediction, labels: [String], isAbsolute: Bool = false) {
    self.sample = sample
    self.labels = labels
    self.isAbsolute = isAbsolute && sample.total != nil
  }

  /// The figure of a sum of components, with their shares of the truth.
  init(sum: Predictions.SumPrediction, labels: [String]) {
    self.init(sample: sum.sample, labels: labels)
    components = sum.components
  }

  /// The figure.
  var figure: Figure {
    let projections = Projection.all(of: .init(sample: sample, components: components), labels: labels).map(scaled)
    let name = FigureText.fileName(sample.name)
    return Figure(
      name: name, title: sample.title, caption: caption(projections), drawing: drawing(projections),
      tables: projections.enumerated().map { position, projection in
        let part = projection.slice == nil ? "" : "-slice-\(position + 1)"
        return table(projection, name: "\(name)-\(projection.axis.observable.rawValue)\(part)")
      })
  }

  /// The same projection as a cross section, differential in both observables where it is a slice of one.
  private func scaled(_ projection: Projection) -> Projection {
    guard isAbsolute, let total = sample.total else { return projection }
    var scaled = projection
    scaled.scale = total / (projection.slice.map { $0.range.upperBound - $0.range.lowerBound } ?? 1)
    return scaled
  }

  /// What is on the axis of a projection.
  private func densityTitle(_ projection: Projection) -> String {
    let observable = projection.axis.observable
    guard sample.total != nil else { return FigureText.densityTitle(observable, counts: sample.events != nil) }
    return FigureText.crossSectionTitle(observable, slice: projection.slice?.observable, isAbsolute: isAbsolute)
  }

  private var dataName: String {
    guard sample.errors == nil else { return "Measured data" }
    guard let events = sample.events else { return sample.truth == nil ? "Data" : "Data, infinite statistics" }
    return "\(sample.isAsimov ? "Asimov data" : "Data"), \(DecimalText.count(events)) events"
  }

  private func caption(_ projections: [Projection]) -> String {
    let names = sample.binning.observableNames
    let symbols = names.map(\.symbol)
    let others = symbols.dropLast().joined(separator: ", ")
    let ofHadrons = sample.binning.hadronic == nil ? "" : " and their sum in \(symbols[symbols.count - 1])"
    let parts =
      sample.binning.grids.count == 1
      ? "Projections on \(others) and \(symbols[symbols.count - 1])."
      : "The bins in \(symbols[0]) and \(symbols[1]) in slices, each with its range of the other observable\(ofHadrons)."
    let cut =
      sample.binning.shownEnd == nil
      ? "" : " Last bins, which reach up to \(DecimalText.general(sample.binning.extent.first.upperBound, 4)), are cut."
    return "\(parts)\(cut) \(points); \(comparison)\(shares)"
      + ((sample.uncertainties ?? [:]).isEmpty
        ? "" : " Shaded: one standard deviation of what near data left open, for models that know it.")
      + notes(projections)
  }

  /// What the caption says of axes that are not linear.
  private func notes(_ projections: [Projection]) -> String {
    projections.reduce(into: [String]()) { notes, projection in
      let axis = projection.axis
      let note = AxisScale(axis, upTo: upperEdge(projection) ?? axis.edges[axis.count]).note(axis.observable)
      if !notes.contains(note) { notes.append(note) }
    }.joined()
  }

  /// Where the axis of a projection ends; nil for its last edge.
  private func upperEdge(_ projection: Projection) -> Double? {
    guard projection.axis.observable == sample.binning.observableNames[0] else { return nil }
    return sample.binning.shownEnd.flatMap { $0 > projection.axis.edges[0] ? $0 : nil }
  }

  /// The components with their shares of the true events.
  private var shares: String {
    guard !components.isEmpty else { return "" }
    let totals = components.map { $0.truth.reduce(0, +) }
    let whole = max(totals.reduce(0, +), .leastNonzeroMagnitude)
    let list = zip(components, totals).map { component, total in
      "\(component.title) \(DecimalText.general(100 * total / whole, 2)) %"
    }
    return " Grey areas: the components of the truth, stacked, of which only the sum is measured: "
      + list.joined(separator: ", ") + "."
  }

  private var points: String {
    if sample.errors != nil {
      let hasSums = sample.binning.marginals.contains { $0.bins.contains { $0.count > 1 } }
      return "Points: measured data with their standard deviations"
        + (hasSums ? " (sums of several bins have none, since the correlations are not in the file)" : "")
    }
    guard sample.events != nil else {
      return sample.truth == nil ? "Points: data" : "Points: data of infinite statistics, and so without errors"
    }
    return "Points: \(sample.isAsimov ? "Asimov data (the truth itself)" : "data") with 68 % central Poisson intervals"
  }

  private var comparison: String {
    guard sample.truth != nil else {
      return "colours: models. Nobody knows the true distribution behind the data, so lower panels show the ratio to "
        + "the data, where they hold at least 1e-5 of the rate. A model that describes the data scatters about one as "
        + "far as their errors reach."
    }
    return "black: truth; colours: models. Lower panels: "
      + "ratio to the truth, where it holds at least 1e-5 of the rate. A model that has the distribution right lies flat "
      + "on one; where there are errors, what stays well inside them cannot be seen in such a sample."
  }

  private func drawing(_ projections: [Projection]) -> PlotScript {
    let width = FigureStyle.fullWidth
    let hasErrors = projections.contains(where: \.hasErrors)
    let legend = PlotLegend(
      [LegendEntry(dataName, marker: "pt 7 ps 0.4 lc rgb 'black'", hasErrorBar: hasErrors)]
        + LegendEntry.curves(labels, hasTruth: sample.truth != nil)
        + components.enumerated().map { LegendEntry($1.title, box: FigureStyle.component($0)) }, width: width - 1.6)
    let columns = PanelGrid.columns(projections.count)
    let rows = (projections.count + columns - 1) / columns
    let bottom = 1.0
    let panels = projections.count == 2 ? 6.0 : 4.6
    let rowHeight = panels + 1.15
    let height = bottom + (panels + Double(rows - 1) * rowHeight) + 0.15 + legend.height + 0.5
    var script = PlotScript(width: width, height: height)
    script.addText(
      FigureText.title(sample.title, end: isAbsolute ? FigureText.crossSectionScale : ""), x: 1.5, y: height - 0.28)
    legend.draw(in: &script, left: 1.5, top: height - 0.5)
    for (index, projection) in projections.enumerated() {
      let left = 1.5 + Double(index % columns) * (width + 0.1) / Double(columns)
      let frame = PlotFrame(
        left: left, bottom: bottom + Double(rows - 1 - index / columns) * rowHeight,
        width: width / Double(columns) - 1.75, height: panels)
      if let slice = projection.slice {
        script.addText(FigureText.range(slice.observable, slice.range), x: frame.left + 0.2, y: frame.top - 0.3)
      }
      RatioPanels(
        projection: projection, frame: frame, upperEdge: upperEdge(projection),
        reserved: (projection.slice == nil ? 0 : 0.6, nil),
        densityTitle: densityTitle(projection),
        // Stacked areas mean nothing on a logarithmic axis.
        isLogarithmic: projection.axis.observable == .cosTheta && projection.slice == nil && components.isEmpty
      ).draw(in: &script)
    }
    return script
  }

  private func table(_ projection: Projection, name: String) -> CommaSeparatedTable {
    let observable = projection.axis.observable
    let inverse =
      isAbsolute
      ? FigureText.crossSectionUnit(observable, slice: projection.slice?.observable)
      : observable.unit.isEmpty ? "1" : "1/\(observable.unit)"
    let open = labels.indices.filter { projection.uncertainties[$0] != nil }
    let columns =
      ["data", "data_error_down", "data_error_up"] + (projection.truth == nil ? [] : ["truth"]) + labels
      + components.map { "truth of \($0.name)" }
      + open.map { "\(labels[$0])_error" }
    let slice = projection.slice
    var table = CommaSeparatedTable(
      name: name,
      header: (slice.map { CommaSeparatedTable.range($0.observable) } ?? []) + CommaSeparatedTable.range(observable)
        + columns.map { "\($0) [\(inverse)]" })
    let place = slice.map { [$0.range.lowerBound, $0.range.upperBound] } ?? []
    for bin in 0..<projection.axis.count {
      let errors = projection.dataErrors(bin)
      let data: [Double?] = [
        projection.data.map { projection.density($0, bin) }, errors?.lower, errors?.upper,
      ]
      let curves = [projection.truth].compactMap { $0 } + projection.models + projection.components
      let deviations = open.map { position in
        projection.uncertainties[position].map { projection.density($0, bin) }
      }
      let edges: [Double?] = place + [projection.axis.edges[bin], projection.axis.edges[bin + 1]]
      table.append([], edges + data + curves.map { projection.density($0, bin) } + deviations)
    }
    return table
  }
}
