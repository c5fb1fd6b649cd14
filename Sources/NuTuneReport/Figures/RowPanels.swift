/// Panels side by side over the same rows, in groups, with their titles on the left.
struct RowPanels: Sendable {
  /// A row.
  struct Row: Sendable {
    /// Name of the group that begins with this row, plain text; nil within a group.
    var group: String?
    /// Title of the row, enhanced text, not quoted.
    var title: String
    /// Title of the row as plain text.
    var plainTitle: String
  }

  private let rows: [Row]
  /// Positions of the panels.
  let frames: [PlotFrame]
  /// Height of the page in cm.
  let height: Double

  private static let (bottom, gap, right) = (1.0, 0.3, 0.25)
  private let longestGroup: Int

  /// Creates panels within a width in cm, below a legend.
  init(_ rows: [Row], count: Int, width: Double, rowHeight: Double, legend: PlotLegend) {
    self.rows = rows
    // A narrow figure needs its space for the panel.
    let longestGroup = width < FigureStyle.fullWidth ? 18 : 34
    self.longestGroup = longestGroup
    let groups = rows.map { FigureText.width(FigureText.shortened($0.group ?? "", to: longestGroup)) }
    let titles = rows.map { FigureText.width($0.plainTitle) }
    let left = (titles.max() ?? 0) + (groups.max() ?? 0) + 0.55
    let panelWidth = (width - left - Self.right - Double(count - 1) * Self.gap) / Double(count)
    let panelHeight = rowHeight * Double(rows.count)
    height = Self.bottom + panelHeight + 0.15 + legend.height + 0.1
    frames = (0..<count).map {
      PlotFrame(
        left: left + Double($0) * (panelWidth + Self.gap), bottom: Self.bottom, width: panelWidth, height: panelHeight)
    }
  }

  /// Adds the titles of the rows.
  func addTitles(to script: inout PlotScript) {
    let rowHeight = frames[0].height / Double(rows.count)
    for (index, row) in rows.enumerated() {
      let y = frames[0].top - (Double(index) + 0.5) * rowHeight
      script.addText("'\(row.title)'", x: frames[0].left - 0.15, y: y, "right")
      guard let group = row.group else { continue }
      script.addText(FigureText.literal(FigureText.shortened(group, to: longestGroup)), x: 0.15, y: y)
    }
  }

  /// Returns the settings of a panel that shows a range of the horizontal axis; row i lies between i and i + 1,
  /// downwards.
  func settings(_ range: ClosedRange<Double>) -> [String] {
    [
      "set xrange [\(DecimalText.plotted(range.lowerBound)):\(DecimalText.plotted(range.upperBound))]", "unset ytics",
      "set yrange [\(rows.count):0]", "set mxtics 2",
    ]
  }

  /// Returns the lines between groups; none with one group.
  func separators(_ range: ClosedRange<Double>, in script: inout PlotScript) -> [String] {
    let lines = rows.indices.dropFirst().filter { rows[$0].group != nil }.map { row in
      [[range.lowerBound, Double(row)], [range.upperBound, Double(row)]]
    }
    return lines.isEmpty ? [] : ["\(script.addData(lines)) using 1:2 with lines lw 0.5 lc rgb '#bbbbbb'"]
  }

  /// Returns a layer of filled rectangles, each from one value to another between two heights; none without any.
  static func boxes(
    _ boxes: [(from: Double, to: Double, top: Double, bottom: Double)], color: String, in script: inout PlotScript
  ) -> [String] {
    guard !boxes.isEmpty else { return [] }
    let corners = boxes.map { box in
      [[box.from, box.top], [box.to, box.top], [box.to, box.bottom], [box.from, box.bottom], [box.from, box.top]]
    }
    return ["\(script.addData(corners)) using 1:2 with filledcurves closed fc rgb '\(color)' fs solid noborder"]
  }

  /// Returns layers of dots on horizontal error bars, [value, height, error]; none without any.
  static func dots(_ rows: [[Double]], color: String, marker: Int, in script: inout PlotScript) -> [String] {
    guard !rows.isEmpty else { return [] }
    let block = script.addData([rows])
    return [
      "\(block) using ($1-$3):2:(2*$3):(0) with vectors nohead lc rgb '\(color)' lw 1.1",
      "\(block) using 1:2 with points pt \(marker) ps 0.55 lc rgb '\(color)'",
    ]
  }
}
