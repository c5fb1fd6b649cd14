import Foundation
import NuTuneResults

/// Learned and true W₁, W₂, W₃ of one model over x and Q², their ratio, and the ratio weighted by near-detector data.
struct StructureFunctionFigure: Sendable {
  private let channel: StructureFunctionMaps.Channel
  private let label: String
  private let name: String
  private let deviations: StructureFunctionDeviations?

  /// Share of the near rate in the densest pixels, which get full weight in the weighted ratio.
  private static let core = 0.68
  private static let functions = ["{/:Italic W}_{1}", "{/:Italic W}_{2}", "{/:Italic W}_{3}"]

  /// Nil when the model has no structure functions.
  init?(_ maps: StructureFunctionMaps, channel: StructureFunctionMaps.Channel, label: String) {
    guard channel.models[label] != nil else { return nil }
    self.channel = channel
    self.label = label
    name =
      "structure-functions-\(FigureText.fileName(label))" + (maps.channels.count > 1 ? "-\(channel.channel)" : "")
    deviations = maps.deviations(of: label)
  }

  /// The figure.
  var figure: Figure {
    Figure(
      name: name, title: "Structure functions of \(label), \(channel.symbol)", caption: caption, drawing: drawing,
      tables: [table])
  }

  private var caption: String {
    func percent(_ value: Double) -> String { DecimalText.general(100 * value, 2) }
    let numbers =
      deviations.map { deviations in
        let all = [deviations.w1, deviations.w2, deviations.w3]
        let far = all.compactMap(\.farWeighted)
        return
          "Mean |learned/true − 1| of W₁, W₂, W₃: \(all.map { percent($0.mean) }.joined(separator: ", ")) % over the "
          + "map, \(all.map { percent($0.nearWeighted) }.joined(separator: ", ")) % weighted with the near rate"
          + (far.count == 3 ? ", \(far.map(percent).joined(separator: ", ")) % with the far rate" : "") + ". "
      } ?? ""
    return numbers
      + "Learned functions are scaled to the true near-detector rate. One lepton channel sees three combinations of five "
      + "functions, so both are shown as the W₁, W₂, W₃ that give the same cross section with W₄ = 0 and 2xF₅ = F₂. In "
      + "the last column log(learned/true) is weighted with the near-detector importance: in full where the densest "
      + "pixels hold \(DecimalText.general(100 * Self.core)) % of the rate, and fading with the density outside. Colours end "
      + "at a factor of two. Grey: "
      + "out of reach, or less than 0.1 % of the largest value. Dashed: x = 1; dotted: W = 1.23 GeV."
  }

  /// Weight of each pixel in the last column.
  private var weights: [Double] {
    let sorted = channel.nearImportance.sorted(by: >)
    let total = sorted.reduce(0, +)
    var (sum, threshold) = (0.0, 0.0)
    for value in sorted where sum < Self.core * total {
      sum += value
      threshold = value
    }
    return channel.nearImportance.map { threshold > 0 ? min($0 / threshold, 1) : 0 }
  }

  private var drawing: PlotScript {
    let width = FigureStyle.fullWidth
    let (panelWidth, panelHeight, gap) = (3.12, 2.75, 0.22)
    // The scale of the functions stands on the left of their panels, the scale of the ratios on the right of theirs.
    let (left, bottom) = (3.2, 1.0)
    let rightGroup = left + 2 * panelWidth + 2 * gap
    let height = bottom + 3 * (panelHeight + gap) + 0.85
    var script = PlotScript(width: width, height: height)
    let axes = HeatMap.Axes(x: channel.x, q2: channel.q2)
    let columns = [left, left + panelWidth + gap, rightGroup, rightGroup + panelWidth + gap]
    let titles = ["Learned", "True", "Learned / true", "Ratio, ND-weighted"]
    for (column, title) in zip(columns, titles) {
      script.addText(FigureText.literal(title), x: column, y: height - 0.72)
    }
    script.addText(
      FigureText.title("\(FigureText.shortened(label, to: 60)), \(channel.symbol)"), x: left, y: height - 0.25)
    let weights = weights
    guard let model = channel.models[label] else { return script }
    for row in 0..<3 {
      let y = bottom + Double(2 - row) * (panelHeight + gap)
      let ratios = channel.ratios(of: label, function: row)
      let truth = channel.truth.all[row]
      let scale = Self.scale(truth, title: "'\(Self.functions[row]) [GeV^{−1}]'")
      let logarithms = ratios.map { $0.map { $0 > 0 ? min(max(log2($0), -1), 1) : -1 } }
      let weighted = zip(logarithms, weights).map { ratio, weight in ratio.map { $0 * weight } }
      // Pixels that are too small to be compared get no colour.
      let shown = zip(model.all[row], ratios).map { $1 == nil ? nil : $0 }.map(Self.logarithm)
      let expected = zip(truth, ratios).map { $1 == nil ? nil : $0 }.map(Self.logarithm)
      for (index, values) in [shown, expected, logarithms, weighted].enumerated() {
        let frame = PlotFrame(left: columns[index], bottom: y, width: panelWidth, height: panelHeight)
        if row == 2 { script.addText("'{/:Italic x}'", x: frame.left + panelWidth / 2, y: bottom - 0.7, "center") }
        if index == 0 {
          script.addText("'{/:Italic Q}² [GeV²]'", x: left - 1.0, y: y + panelHeight / 2, "center rotate by 90")
        }
        HeatMap.draw(
          values, axes, index < 2 ? scale : Self.ratioScale, in: frame, labels: (row == 2, index == 0),
          lines: index < 2 ? "white" : "#555555", &script)
      }
      HeatMap.drawScale(
        scale, in: PlotFrame(left: left - 1.75, bottom: y, width: 0.2, height: panelHeight), titleOffset: 1.2,
        isOnLeft: true, &script)
    }
    HeatMap.drawScale(
      Self.ratioScale,
      in: PlotFrame(
        left: columns[3] + panelWidth + 0.15, bottom: bottom, width: 0.2, height: 3 * panelHeight + 2 * gap),
      titleOffset: 0.95, &script)
    return script
  }

  private static func logarithm(_ value: Double?) -> Double? { value.map { $0 > 0 ? log10($0) : -300 } }

  /// Returns a scale over three decades below the largest true value.
  private static func scale(_ truth: [Double?], title: String) -> HeatMap.Scale {
    let largest = truth.compactMap { $0.map(abs) }.max() ?? 1
    let high = log10(largest > 0 ? largest : 1)
    let decades = Int((high - 3).rounded(.up))...Int(high.rounded(.down))
    return HeatMap.Scale(
      colors: HeatMap.sequential, range: (high - 3)...high,
      ticks: decades.map { ("10^{\("\($0)".replacing("-", with: "−"))}", Double($0)) }, title: title)
  }

  private static let ratioScale = HeatMap.Scale(
    colors: HeatMap.diverging, range: -1...1,
    ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.6, 1.8, 2].map { (DecimalText.general($0), log2($0)) },
    title: "'Learned / true'")

  private var table: CommaSeparatedTable {
    let functions = ["W1", "W2", "W3"]
    var table = CommaSeparatedTable(
      name: name,
      header: ["x_low", "x_high", "Q2_low [GeV2]", "Q2_high [GeV2]", "near_importance", "far_importance"]
        + functions.map { "true \($0) [1/GeV]" } + functions.map { "learned \($0) [1/GeV]" }
        + functions.map { "ratio \($0)" })
    let ratios = (0..<3).map { channel.ratios(of: label, function: $0) }
    let rows = channel.q2.count - 1
    guard let model = channel.models[label] else { return table }
    for i in 0..<channel.x.count - 1 {
      for j in 0..<rows {
        let pixel = i * rows + j
        let place: [Double?] = [channel.x[i], channel.x[i + 1], channel.q2[j], channel.q2[j + 1]]
        let importance: [Double?] = [channel.nearImportance[pixel], channel.farImportance?[pixel]]
        let values = [channel.truth.all, model.all, ratios].flatMap { maps in maps.map { $0[pixel] } }
        table.append([], place + importance + values)
      }
    }
    return table
  }
}
