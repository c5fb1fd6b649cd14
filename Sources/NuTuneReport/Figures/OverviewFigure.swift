import Foundation
import NuTuneResults

/// Every total variation distance of every model in one picture.
struct OverviewFigure: Sendable {
  private struct Row {
    /// Quoted enhanced text.
    var title: String
    /// Name in the table.
    var name: String
    /// One distance per model.
    var values: [Double?]
    /// A distance for comparison.
    var reference: Double?
  }

  private let labels: [String]
  private let rows: [Row]
  /// What distances are to: the truth, or the data where there is no truth.
  private let reference: String

  /// Nil without models.
  init?(results: StudyResults) {
    labels = results.orderedLabels
    guard !labels.isEmpty else { return nil }
    let models = labels.compactMap { results.models[$0] }
    var rows = [Row(title: "'Near detector'", name: "near", values: models.map(\.near.tv))]
    if models.contains(where: { $0.far != nil }) {
      rows.append(
        Row(
          title: "'Far detector'", name: "far", values: models.map { $0.far?.tv }, reference: results.truth.nearFarTv))
    }
    var energies: [Double] = []
    for energy in models.flatMap({ $0.slices.map(\.energy) }) where !energies.contains(energy) {
      energies.append(energy)
    }
    for energy in energies.sorted() {
      rows.append(
        Row(
          title: "'{/:Italic E}_{ν} = \(DecimalText.general(energy, 4)) GeV'",
          name: "slice at \(DecimalText.general(energy, 4)) GeV",
          values: models.map { model in model.slices.first { $0.energy == energy }?.tv }))
    }
    self.rows = rows
    reference = results.study.hasTruth ? "truth" : "data"
  }

  /// The figure.
  var figure: Figure {
    let hasTruth = reference == "truth"
    var table = CommaSeparatedTable(
      name: "overview", header: ["distribution"] + (hasTruth ? ["truth: near to far"] : []) + labels)
    for row in rows { table.append([row.name], (hasTruth ? [row.reference] : []) + row.values) }
    return Figure(
      name: "overview", title: "All models at a glance",
      caption:
        "Total variation distance to the \(reference) at the near detector (where models learn)"
        + (rows.count > 1 || hasTruth
          ? ", at the far detector and at fixed neutrino energies (where they predict)" : "")
        + "; further left is better."
        + (rows.contains { $0.reference != nil }
          ? " Vertical bar: distance between the true near and far distributions, what a model has to bridge." : ""),
      drawing: drawing, tables: [table])
  }

  private var drawing: PlotScript {
    let width = FigureStyle.fullWidth
    let rowHeight = max(0.75, 0.2 * Double(labels.count) + 0.25)
    var entries = labels.enumerated().map { position, label in
      let style = FigureStyle.model(position)
      return LegendEntry(label, marker: "pt \(style.marker) ps 0.8 lc rgb '\(style.color)'")
    }
    if rows.contains(where: { $0.reference != nil }) {
      entries.append(LegendEntry("Truth, near to far", line: "lc rgb 'black' lw 2"))
    }
    let (left, bottom) = (3.0, 1.0)
    let legend = PlotLegend(entries, width: width - left - 0.3)
    let panel = Double(rows.count) * rowHeight
    let height = bottom + panel + 0.15 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: left, top: height - 0.05)
    let frame = PlotFrame(left: left, bottom: bottom, width: width - left - 0.3, height: panel)
    script.addText(
      "'Total variation distance to the \(reference)'", x: left + frame.width / 2, y: bottom - 0.72, "center")
    let all = rows.flatMap { $0.values.compactMap { $0 } + [$0.reference].compactMap { $0 } }.filter { $0 > 0 }
    let (least, largest) = (all.min() ?? 1e-3, all.max() ?? 1)
    let range = "[\(DecimalText.plotted(least / 1.6)):\(DecimalText.plotted(min(largest * 1.6, 1.2)))]"
    for (index, row) in rows.enumerated() {
      script.addText(row.title, x: left - 0.15, y: frame.top - (Double(index) + 0.5) * rowHeight, "right")
    }
    var layers: [String] = []
    let edges = (1..<max(rows.count, 1)).map { line in
      [[least / 1.6, Double(line)], [min(largest * 1.6, 1.2), Double(line)]]
    }
    if !edges.isEmpty { layers.append("\(script.addData(edges)) using 1:2 with lines lw 0.5 lc rgb '#bbbbbb'") }
    for (position, _) in labels.enumerated() {
      let style = FigureStyle.model(position)
      let offset = (Double(position) + 0.5) / Double(labels.count) * 0.8 + 0.1
      let points = rows.enumerated().compactMap { index, row -> [Double]? in
        row.values[position].flatMap { $0 > 0 ? [$0, Double(index) + offset] : nil }
      }
      guard !points.isEmpty else { continue }
      layers.append(
        "\(script.addData([points])) using 1:2 with points pt \(style.marker) ps 0.8 lc rgb '\(style.color)'")
    }
    let references = rows.enumerated().compactMap { index, row in
      row.reference.map { [[$0, Double(index) + 0.08], [$0, Double(index) + 0.92]] }
    }
    if !references.isEmpty { layers.append("\(script.addData(references)) using 1:2 with lines lw 2 lc rgb 'black'") }
    script.addPanel(
      frame,
      settings: [
        "set logscale x", "set xrange \(range)", "set mxtics 10", "set format x '10^{%T}'", "unset ytics",
        "set grid xtics mxtics lw 0.5 lc rgb '#dddddd', lw 0.3 lc rgb '#eeeeee'", "set yrange [\(rows.count):0]",
      ], layers: layers.isEmpty ? ["NaN with lines"] : layers)
    return script
  }
}
