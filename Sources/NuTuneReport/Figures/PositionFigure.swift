import NuTuneCore
import NuTuneResults

/// Error against the number of near positions (or beams) in the tuning, which shows the value of another position.
///
/// Models tuned to the same number of positions are repetitions; the line joins their medians.
struct PositionFigure: Sendable {
  private struct Series {
    /// Title in the legend.
    var title: String
    /// Name in the table.
    var name: String
    /// Distances of the models at each number of positions.
    var values: [[Double]]
  }

  private let counts: [Int]
  private let labels: [[String]]
  private let series: [Series]

  /// Nil unless the tuned models are of one kind and differ in the number of positions, each with its own set.
  init?(results: StudyResults) {
    let names = results.orderedLabels.filter { results.models[$0]?.training != nil }
    // Samples of every channel and horn mode at each position; of both channels of a flavour where signs are not measured.
    let signs = results.study.values["near.lepton_sign"] == .text(LeptonSign.unmeasured.rawValue) ? 2 : 1
    let perPosition = max(results.study.count(of: "channels") * results.study.count(of: "modes") / signs, 1)
    let numbers = names.map { (results.models[$0]?.near.samples?.count ?? 0) / perPosition }
    let counts = Set(numbers).sorted()
    guard counts.count > 1, counts[0] > 0 else { return nil }
    // With other differences, the number of positions would not be the only cause.
    let alike = names.map { results.study.settings(of: $0, without: ["network_seed", "tune_on"]) }
    guard alike.allSatisfy({ $0 == alike[0] }) else { return nil }
    for count in counts {
      let samples = zip(names, numbers).filter { $0.1 == count }.map { results.models[$0.0]?.near.samples }
      guard samples.allSatisfy({ $0 == samples[0] }) else { return nil }
    }
    let labels = counts.map { count in zip(names, numbers).filter { $0.1 == count }.map(\.0) }
    let models = labels.map { $0.compactMap { results.models[$0] } }
    let energies = Set(models.joined().flatMap { $0.slices.map(\.energy) }).sorted()
    var series = [
      Series(title: "Far detector", name: "far", values: models.map { $0.compactMap { $0.far?.tv } })
    ]
    series += energies.map { energy in
      Series(
        title: "\(DecimalText.general(energy, 4)) GeV",
        name: "slice at \(DecimalText.general(energy, 4)) GeV",
        values: models.map { $0.compactMap { model in model.slices.first { $0.energy == energy }?.tv } })
    }
    self.counts = counts
    self.labels = labels
    self.series = series.filter { $0.values.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 > 0 } } }
    guard !self.series.isEmpty else { return nil }
  }

  /// The figure.
  var figure: Figure {
    var table = CommaSeparatedTable(name: "positions", header: ["distribution", "model", "positions", "tv"])
    for one in series {
      for (index, count) in counts.enumerated() {
        for (label, value) in zip(labels[index], one.values[index]) {
          table.append([one.name, label, "\(count)"], [value])
        }
        table.append([one.name, "median", "\(count)"], [Self.median(one.values[index])])
      }
    }
    return Figure(
      name: "positions", title: "What another position is worth",
      caption: "Total variation distance to the truth at the far detector and at fixed neutrino energies against the "
        + "number of near-detector positions (or beams) that a model learned from. Points: one model each; lines join the "
        + "medians.", drawing: drawing, tables: [table])
  }

  private var drawing: PlotScript {
    let width = FigureStyle.columnWidth
    let legend = PlotLegend(
      series.indices.map { LegendEntry(series[$0].title, line: FigureStyle.model($0).line) }, width: width - 1.6)
    let panelHeight = 6.0
    let height = 1.0 + panelHeight + 0.1 + legend.height + 0.1
    var script = PlotScript(width: width, height: height)
    legend.draw(in: &script, left: 1.5, top: height - 0.05)
    let frame = PlotFrame(left: 1.5, bottom: 1.0, width: width - 1.75, height: panelHeight)
    script.addText(
      "'Positions that were learned from'", x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center")
    script.addText(
      "'Total variation distance to the truth'", x: frame.left - 1.15, y: frame.bottom + frame.height / 2,
      "center rotate by 90")
    let all = series.flatMap { $0.values.joined() }
    let (least, largest) = (all.min() ?? 1e-3, all.max() ?? 1)
    let range = "[\(DecimalText.plotted(least / 1.4)):\(DecimalText.plotted(largest * 1.4))]"
    let settings = [
      "set xrange [\(DecimalText.plotted(Double(counts[0]) - 0.5)):\(Double(counts[counts.count - 1]) + 0.5)]",
      "set xtics (\(counts.map { "'\($0)' \($0)" }.joined(separator: ", ")))", "set logscale y",
      "set yrange \(range)", "set format y '%g'", "set mytics 10",
      "set grid ytics lw 0.5 lc rgb '#dddddd'",
    ]
    var layers: [String] = []
    for (index, one) in series.enumerated() {
      let style = FigureStyle.model(index)
      let medians = zip(counts, one.values).map { [Double($0), Self.median($1)] }
      layers.append("\(script.addData([medians])) using 1:2 with lines \(style.line)")
      let points = zip(counts, one.values).flatMap { count, values in values.map { [Double(count), $0] } }
      layers.append(
        "\(script.addData([points])) using 1:2 with points pt \(style.marker) ps 0.6 lc rgb '\(style.color)'")
    }
    script.addPanel(frame, settings: settings, layers: layers)
    return script
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension EffectiveStudy {
  /// Returns the number of elements of a list of words.
  fileprivate func count(of path: String) -> Int {
    guard case .texts(let words)? = values[path] else { return 0 }
    return words.count
  }

  /// Returns the settings of a model in the study, as text by key, without some keys.
  fileprivate func settings(of label: String, without left: Set<String>) -> [String: String] {
    let path = "models.\(label)."
    var settings: [String: String] = [:]
    for (key, value) in values where key.hasPrefix(path) && !left.contains(String(key.dropFirst(path.count))) {
      settings[String(key.dropFirst(path.count))] = "\(value)"
    }
    return settings
  }

  /// Removes the labels of models that repeat an earlier one with another seed.
  func withoutRepetitions(_ labels: [String]) -> [String] {
    var seen: [[String: String]] = []
    return labels.filter { label in
      let own = settings(of: label, without: ["network_seed"])
      defer { seen.append(own) }
      return values["models.\(label).network_seed"] == nil || !seen.contains(own)
    }
  }
}
