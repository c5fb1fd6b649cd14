import NuTuneCore
import NuTuneResults

/// Posterior over prior width of W₁…W₅ of models with a Gaussian posterior, a panel for each neutrino sign and, where near
/// data are of several, target.
struct PosteriorWidthFigure: Sendable {
  /// The widths of one model, by neutrino sign and target.
  private let models: [(label: String, widths: [String: PosteriorWidths])]
  private let nuclei: [LearnedNucleus]

  /// Nil unless a model has widths.
  init?(results: StudyResults, labels: [String]) {
    models = labels.compactMap { label in
      results.models[label]?.structureFunctions?.posteriorOverPrior.map { (label, $0) }
    }
    nuclei = LearnedNucleus.all(named: models.flatMap(\.widths.keys))
    guard !nuclei.isEmpty else { return nil }
  }

  /// The figure.
  var figure: Figure {
    Figure(
      name: "posterior-widths", title: "What near data say about each structure function",
      caption:
        "Posterior over prior standard deviation of W₁…W₅, the mean over points weighted by their share of the near "
        + "rate. A bar that ends at one (line) is a function about which near data say nothing; without a bar it is zero by "
        + "assumption.", drawing: drawing, tables: [table])
  }

  private var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: "posterior-widths", header: ["neutrino sign", "model", "W1", "W2", "W3", "W4", "W5"])
    for nucleus in nuclei {
      for model in models {
        guard let widths = model.widths[nucleus.name] else { continue }
        table.append([nucleus.name, model.label], widths.all)
      }
    }
    return table
  }

  private var drawing: PlotScript {
    let width = nuclei.count > 1 ? FigureStyle.fullWidth : FigureStyle.columnWidth
    let rows = (1...5).map { index in
      RowPanels.Row(group: nil, title: "{/:Italic W}_{\(index)}", plainTitle: "W\(index)")
    }
    let entries = models.indices.map { LegendEntry(models[$0].label, box: FigureStyle.model($0).color) }
    let legend = PlotLegend(entries, width: width - 0.3)
    let panels = RowPanels(
      rows, count: nuclei.count, width: width, rowHeight: max(0.5, 0.16 * Double(models.count) + 0.2), legend: legend)
    var script = PlotScript(width: width, height: panels.height)
    legend.draw(in: &script, left: 0.15, top: panels.height - 0.05)
    panels.addTitles(to: &script)
    let range = 0...1.05
    for (nucleus, frame) in zip(nuclei, panels.frames) {
      script.addText(
        "'\(Self.title(of: nucleus))'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72,
        "center")
      var layers: [String] = []
      for (place, model) in models.enumerated() {
        layers += RowPanels.boxes(
          bars(model.widths[nucleus.name], place), color: FigureStyle.model(place).color, in: &script)
      }
      layers.append("\(script.addData([[[1, 0], [1, 5]]])) using 1:2 with lines lw 0.7 lc rgb 'black'")
      script.addPanel(frame, settings: panels.settings(range), layers: layers)
    }
    return script
  }

  /// Title of a panel; with several targets there are up to four, in which the caption has to say what is shown.
  private static func title(of nucleus: LearnedNucleus) -> String {
    let sign = "\(nucleus.helicity.rawValue)s"
    return nucleus.target.map { "\(sign) on \($0.name)" } ?? "Posterior / prior width, \(sign)"
  }

  /// The bars of the model at a place in the rows of a panel.
  private func bars(_ widths: PosteriorWidths?, _ place: Int) -> [(
    from: Double, to: Double, top: Double, bottom: Double
  )] {
    (widths?.all ?? []).enumerated().compactMap { row, value in
      guard let value else { return nil }
      let height = 0.8 / Double(models.count)
      let top = Double(row) + 0.1 + height * Double(place)
      return (0, value, top + 0.08 * height, top + 0.92 * height)
    }
  }
}
