import Foundation
import NuTuneCore
import NuTuneResults

/// Shares of x and Q² in the near and far rates, for the truth.
struct ImportanceFigure: Sendable {
  private let channel: StructureFunctionMaps.Channel
  private let name: String

  /// Collects the importance maps of a channel.
  init(_ maps: StructureFunctionMaps, channel: StructureFunctionMaps.Channel) {
    self.channel = channel
    name = "importance" + (maps.channels.count > 1 ? "-\(channel.channel)" : "")
  }

  /// The figure.
  var figure: Figure {
    let inside = [channel.nearImportance, channel.farImportance].compactMap { $0?.reduce(0, +) }
    let shares = inside.map { "\(DecimalText.fixed(100 * $0, 1)) %" }.joined(separator: " and ")
    return Figure(
      name: name, title: "Importance of x and Q², \(channel.symbol)",
      caption:
        "Share of the true rate per unit of ln x and ln Q², near detector\(channel.farImportance == nil ? "" : " and far") "
        + "(the far one oscillated); \(shares) of the rate lies inside the map. Dashed: x = 1, elastic scattering on a "
        + "nucleon at rest; dotted: W = 1.23 GeV. A model learns structure functions where the left map has colour; its "
        + "far prediction can be trusted if the right one has colour nowhere else.",
      drawing: drawing, tables: [table])
  }

  /// Converts pixel shares to densities in ln x and ln Q².
  private func density(_ shares: [Double]) -> [Double?] {
    let area = log(channel.x[1] / channel.x[0]) * log(channel.q2[1] / channel.q2[0])
    return shares.map { $0 / area }
  }

  private var drawing: PlotScript {
    let maps =
      [("Near detector", channel.nearImportance)] + (channel.farImportance.map { [("Far detector", $0)] } ?? [])
    let (panelHeight, gap, left, bottom) = (5.6, 0.3, 1.5, 1.0)
    let width = maps.count > 1 ? FigureStyle.fullWidth : FigureStyle.columnWidth + 1.5
    let panelWidth = (width - left - 1.95 - Double(maps.count - 1) * gap) / Double(maps.count)
    let height = bottom + panelHeight + 0.55
    var script = PlotScript(width: width, height: height)
    let densities = maps.map { density($0.1) }
    let largest = densities.joined().compactMap { $0 }.max() ?? 1
    let high = largest > 0 ? largest : 1
    let step = AxisRange.roundedUp(high / 5)
    let scale = HeatMap.Scale(
      colors: HeatMap.sequential, range: 0...high,
      ticks: stride(from: 0, through: high, by: step).map { (DecimalText.general($0), $0) },
      title: "'Share of rate per unit ln {/:Italic x}, ln {/:Italic Q}²'")
    for (index, map) in maps.enumerated() {
      let frame = PlotFrame(
        left: left + Double(index) * (panelWidth + gap), bottom: bottom, width: panelWidth, height: panelHeight)
      script.addText(FigureText.literal(map.0), x: frame.left, y: frame.top + 0.25)
      script.addText("'{/:Italic x}'", x: frame.left + panelWidth / 2, y: bottom - 0.72, "center")
      if index == 0 {
        script.addText("'{/:Italic Q}² [GeV²]'", x: left - 1.1, y: bottom + panelHeight / 2, "center rotate by 90")
      }
      addLineNames(in: frame, &script)
      HeatMap.draw(
        densities[index], HeatMap.Axes(x: channel.x, q2: channel.q2), scale, in: frame, labels: (true, index == 0),
        lines: "white", &script)
    }
    HeatMap.drawScale(
      scale,
      in: PlotFrame(left: width - 1.95 + 0.2, bottom: bottom, width: 0.28, height: panelHeight), titleOffset: 1.2,
      &script)
    return script
  }

  /// Names the two lines at the lower end, where rates are small.
  private func addLineNames(in frame: PlotFrame, _ script: inout PlotScript) {
    let (low, high) = (log10(channel.x[0]), log10(channel.x[channel.x.count - 1]))
    guard low < 0, high > 0 else { return }
    let elastic = frame.left + frame.width * (0 - low) / (high - low)
    let style = "font ',\(FigureStyle.tickFontSize)' textcolor rgb 'white' front"
    script.addText("'{/:Italic x} = 1'", x: elastic + 0.12, y: frame.bottom + 0.3, "left \(style)")
    let fraction = 0.08
    let q2 = channel.q2[0] * pow(channel.q2[channel.q2.count - 1] / channel.q2[0], fraction)
    let excess = 1.23 * 1.23 - PhysicalConstants.nucleonMass * PhysicalConstants.nucleonMass
    let place = max(log10(q2 / (excess + q2)), low)
    guard place < -0.8 else { return }
    script.addText(
      "'{/:Italic W} = 1.23 GeV'", x: frame.left + frame.width * (place - low) / (high - low) + 0.25,
      y: frame.bottom + fraction * frame.height, "left \(style)")
  }

  private var table: CommaSeparatedTable {
    var table = CommaSeparatedTable(
      name: name, header: ["x_low", "x_high", "Q2_low [GeV2]", "Q2_high [GeV2]", "near_importance", "far_importance"])
    let rows = channel.q2.count - 1
    for i in 0..<channel.x.count - 1 {
      for j in 0..<rows {
        table.append(
          [],
          [
            channel.x[i], channel.x[i + 1], channel.q2[j], channel.q2[j + 1], channel.nearImportance[i * rows + j],
            channel.farImportance?[i * rows + j],
          ])
      }
    }
    return table
  }
}
