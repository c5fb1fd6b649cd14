import NuTuneCore
import NuTuneResults

/// The cross section at fixed neutrino energies, projected on the first observable: a harder test than spectra, since
/// the near detector never sees one energy alone.
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

  /// The figure.
  var figure: Figure {
    let energies = slices.map { DecimalText.general($0.energy, 4) }.joined(separator: ", ")
    return Figure(
      name: "slices", title: "Fixed neutrino energy",
      caption:
        "The cross section at E_ν = \(energies) GeV, normalised to one and projected on "
        + "\(slices[0].binning.first.observable.symbol); tv is the total variation distance to the truth over all bins "
        + "of the slice. No near-detector sample sees one energy alone, so this is the harder test: a model that only "
        + "memorised the flux-averaged distribution fails here.",
      drawing: drawing, tables: [table])
  }

  /// Computes the total variation ½Σ|p−q| of a model at a slice.
  private func totalVariation(_ slice: Predictions.SlicePrediction, _ label: String) -> Double {
    zip(slice.truth, slice.models[label] ?? []).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }

  private var drawing: PlotScript {
    let columns = min(slices.count, 2)
    let rows = (slices.count + columns - 1) / columns
    let width = columns == 1 ? FigureStyle.columnWidth : FigureStyle.fullWidth
    // Every model has a line of text in each panel; the space for curves stays the same.
    let panelHeight = 5.0 + 0.3 * Double(max(labels.count - 2, 0))
    let rowHeight = panelHeight + 1.15
    let legend = PlotLegend(LegendEntry.curves(labels), width: width - 1.6)
    let height = Double(rows) * rowHeight + legend.height + 0.2
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: 1.5, top: height - 0.05)
    for (index, slice) in slices.enumerated() {
      let column = index % columns
      let frame = PlotFrame(
        left: 1.5 + Double(column) * (width + 0.1) / Double(columns),
        bottom: 1.0 + Double(rows - 1 - index / columns) * rowHeight, width: width / Double(columns) - 1.75,
        height: panelHeight)
      draw(slice, frame, in: &script)
    }
    return script
  }

  private func draw(_ slice: Predictions.SlicePrediction, _ frame: PlotFrame, in script: inout PlotScript) {
    let projection = Projection(slice: slice, labels: labels)
    let axis = projection.axis
    let peak = (0..<axis.count).max { projection.truth[$0] < projection.truth[$1] } ?? 0
    let last = (0..<axis.count).last { projection.truth[$0] > 1e-4 } ?? axis.count - 1
    let upperEdge = axis.edges[min(last + 2, axis.count)]
    // The texts stand on the side away from the peak.
    let isPeakLeft = axis.center(peak) - axis.edges[0] < (upperEdge - axis.edges[0]) / 2
    let x = isPeakLeft ? frame.right - 0.15 : frame.left + 0.2
    let alignment = isPeakLeft ? "right" : "left"
    script.addText(
      "'{/:Italic E}_{ν} = \(DecimalText.general(slice.energy, 4)) GeV'", x: x, y: frame.top - 0.3, alignment)
    for (position, label) in labels.enumerated() {
      let text = FigureText.shortened(label, to: 20) + "  tv " + DecimalText.fixed(totalVariation(slice, label), 3)
      script.addText(
        FigureText.literal(text), x: x, y: frame.top - 0.68 - 0.34 * Double(position),
        "\(alignment) font ',\(FigureStyle.tickFontSize)' textcolor rgb '\(FigureStyle.model(position).color)'")
    }
    RatioPanels(
      projection: projection, frame: frame, ratioHeight: 1.4, upperEdge: upperEdge,
      reserved: (0.68 + 0.34 * Double(labels.count), !isPeakLeft),
      densityTitle: FigureText.densityTitle(axis.observable, counts: false)
    ).draw(in: &script)
  }

  private var table: CommaSeparatedTable {
    let observable = slices[0].binning.first.observable
    let unit = observable.unit.isEmpty ? "" : " [\(observable.unit)]"
    let inverse = observable.unit.isEmpty ? "1" : "1/\(observable.unit)"
    var table = CommaSeparatedTable(
      name: "slices",
      header: ["neutrino_energy [GeV]", "\(observable.rawValue)_low\(unit)", "\(observable.rawValue)_high\(unit)"]
        + (["truth"] + labels).map { "\($0) [\(inverse)]" })
    for slice in slices {
      let projection = Projection(slice: slice, labels: labels)
      for bin in 0..<projection.axis.count {
        let place: [Double?] = [slice.energy, projection.axis.edges[bin], projection.axis.edges[bin + 1]]
        table.append(
          [], place + ([projection.truth] + projection.models).map { projection.density($0, bin) })
      }
    }
    return table
  }
}
