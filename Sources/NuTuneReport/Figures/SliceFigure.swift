import NuTuneCore
import NuTuneResults

/// The cross section at fixed neutrino energies, projected on the first observable (or on the axis that all bins of a
/// ragged binning share): a harder test than spectra, since the near detector never sees one energy alone.
struct SliceFigure: Sendable {
  /// Slices in order.
  var slices: [Predictions.SlicePrediction]
  /// Models in order.
  var labels: [String]

  /// Nil when there are no slices.
  init?(slices: [Predictions.SlicePrediction], labels: [String]) {
    guard !slices.isEmpty else { return nil }
    self.slices = slices
    self.labels = labels
  }

  private var hasTruth: Bool { slices.contains { $0.truth != nil } }

  /// The figure.
  var figure: Figure {
    let projections = slices.map { Projection(slice: $0, labels: labels) }
    return Figure(
      name: "slices", title: "Fixed neutrino energy", caption: caption(projections[0].axis.observable),
      drawing: drawing(projections), tables: [table(projections)])
  }

  private func caption(_ observable: Observable) -> String {
    let energies = slices.map { DecimalText.general($0.energy, 4) }.joined(separator: ", ")
    let what =
      "The cross section at E_ν = \(energies) GeV, normalised to one and projected on \(observable.symbol)"
    guard hasTruth else {
      return what + ". No sample sees one energy alone, so there are no data to compare with: where models differ, the "
        + "data leave the cross section open."
    }
    return what + "; tv is the total variation distance to the truth over all bins "
      + "of the slice. No near-detector sample sees one energy alone, so this is the harder test: a model that only "
      + "memorised the flux-averaged distribution fails here."
  }

  /// Computes the total variation ½Σ|p−q| of a model at a slice; nil without a truth.
  private func totalVariation(_ slice: Predictions.SlicePrediction, _ label: String) -> Double? {
    slice.truth.map { zip($0, slice.models[label] ?? []).reduce(0) { $0 + abs($1.0 - $1.1) } / 2 }
  }

  private func drawing(_ projections: [Projection]) -> PlotScript {
    let columns = min(slices.count, 2)
    let rows = (slices.count + columns - 1) / columns
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    // Every model has a line of text in each panel; the space for curves stays the same.
    let panelHeight = 5.0 + 0.3 * Double(hasTruth ? max(labels.count - 2, 0) : 0)
    let rowHeight = panelHeight + 1.15
    let legend = PlotLegend(LegendEntry.curves(labels, hasTruth: hasTruth), width: width - 1.6)
    let height = Double(rows) * rowHeight + legend.height + 0.2
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: 1.5, top: height - 0.05)
    for (index, projection) in projections.enumerated() {
      let column = index % columns
      let frame = PlotFrame(
        left: 1.5 + Double(column) * (width + 0.1) / Double(columns),
        bottom: 1.0 + Double(rows - 1 - index / columns) * rowHeight, width: width / Double(columns) - 1.75,
        height: panelHeight)
      draw(slices[index], projection, frame, in: &script)
    }
    return script
  }

  private func draw(
    _ slice: Predictions.SlicePrediction, _ projection: Projection, _ frame: PlotFrame, in script: inout PlotScript
  ) {
    let axis = projection.axis
    // The truth tells where the rate is; without it the largest of the models.
    let rate = (0..<axis.count).map { bin in projection.truth?[bin] ?? projection.models.map { $0[bin] }.max() ?? 0 }
    let peak = (0..<axis.count).max { rate[$0] < rate[$1] } ?? 0
    let last = (0..<axis.count).last { rate[$0] > 1e-4 } ?? axis.count - 1
    let upperEdge = axis.edges[min(last + 2, axis.count)]
    // The texts stand on the side away from the peak.
    let isPeakLeft = axis.center(peak) - axis.edges[0] < (upperEdge - axis.edges[0]) / 2
    let x = isPeakLeft ? frame.right - 0.15 : frame.left + 0.2
    let alignment = isPeakLeft ? "right" : "left"
    script.addText(
      "'{/:Italic E}_{ν} = \(DecimalText.general(slice.energy, 4)) GeV'", x: x, y: frame.top - 0.3, alignment)
    var lines = 0
    for (position, label) in labels.enumerated() {
      guard let distance = totalVariation(slice, label) else { continue }
      let text = FigureText.shortened(label, to: 20) + "  tv " + DecimalText.fixed(distance, 3)
      script.addText(
        FigureText.literal(text), x: x, y: frame.top - 0.68 - 0.34 * Double(position),
        "\(alignment) font ',\(FigureStyle.tickFontSize)' textcolor rgb '\(FigureStyle.model(position).color)'")
      lines += 1
    }
    RatioPanels(
      projection: projection, frame: frame, ratioHeight: 1.4, upperEdge: upperEdge,
      reserved: (0.68 + 0.34 * Double(lines), !isPeakLeft),
      densityTitle: FigureText.densityTitle(axis.observable, counts: false)
    ).draw(in: &script)
  }

  private func table(_ projections: [Projection]) -> CommaSeparatedTable {
    let observable = projections[0].axis.observable
    let inverse = observable.unit.isEmpty ? "1" : "1/\(observable.unit)"
    var table = CommaSeparatedTable(
      name: "slices",
      header: ["neutrino_energy [GeV]"] + CommaSeparatedTable.range(observable)
        + ((hasTruth ? ["truth"] : []) + labels).map { "\($0) [\(inverse)]" })
    for (slice, projection) in zip(slices, projections) {
      for bin in 0..<projection.axis.count {
        let place: [Double?] = [slice.energy, projection.axis.edges[bin], projection.axis.edges[bin + 1]]
        let truth: [Double?] = hasTruth ? [projection.truth.map { projection.density($0, bin) }] : []
        table.append([], place + truth + projection.models.map { projection.density($0, bin) })
      }
    }
    return table
  }
}
