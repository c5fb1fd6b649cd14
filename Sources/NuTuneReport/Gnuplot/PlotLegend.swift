/// The one legend of a figure: entries in rows above the panels, placed by an estimate of text widths, since gnuplot's
/// terminals measure text differently.
struct PlotLegend: Sendable {
  private static let rowHeight = 0.40
  private static let sampleWidth = 0.95
  private static let textGap = 0.15

  private let rows: [[(entry: LegendEntry, x: Double)]]

  /// Creates a legend within a width in cm.
  init(_ entries: [LegendEntry], width: Double) {
    var rows: [[(entry: LegendEntry, x: Double)]] = []
    var x = Double.infinity
    for entry in entries {
      let needed = Self.sampleWidth + Self.textGap + FigureText.width(entry.name)
      if entry.startsRow || x + needed > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((entry, x))
      x += needed + 0.5
    }
    self.rows = rows
  }

  /// Height in cm.
  var height: Double { Double(rows.count) * Self.rowHeight }

  /// Draws the legend with its upper left corner at a place in cm.
  func draw(in script: inout PlotScript, left: Double, top: Double) {
    for (number, row) in rows.enumerated() {
      let y = top - (Double(number) + 0.5) * Self.rowHeight
      for (entry, offset) in row {
        let x = left + offset
        let middle = x + Self.sampleWidth / 2
        if let box = entry.box {
          script.addBox(PlotFrame(left: x, bottom: y - 0.12, width: Self.sampleWidth, height: 0.24), color: box)
        }
        if let line = entry.line {
          script.addLine(from: (x, y), to: (x + Self.sampleWidth, y), line)
        }
        if entry.hasErrorBar {
          script.addLine(from: (middle, y - 0.15), to: (middle, y + 0.15), "lc rgb 'black' lw 0.8")
        }
        if let marker = entry.marker { script.addMarker(x: middle, y: y, marker) }
        script.addText(FigureText.literal(entry.name), x: x + Self.sampleWidth + Self.textGap, y: y)
      }
    }
  }
}
