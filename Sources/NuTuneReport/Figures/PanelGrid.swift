/// Panels of one size in rows, with titles above them, tick labels and axis titles only at the edges of the grid.
struct PanelGrid: Sendable {
  /// One panel.
  struct Cell: Sendable {
    /// Position of the panel.
    var frame: PlotFrame
    /// Whether the panel has no left neighbour, so that it carries the labels of the vertical axis.
    var isLeftmost: Bool
    /// Whether the panel has none below, so that it carries the labels of the horizontal axis.
    var isLowest: Bool
  }

  /// The panels, row by row.
  let cells: [Cell]
  /// Height of the page in cm.
  let height: Double

  private static let (left, right, bottom, title, gap) = (1.5, 0.25, 1.0, 0.45, 0.2)

  /// Creates a grid within a width in cm, below a legend.
  init(count: Int, columns: Int, width: Double, panelHeight: Double, legend: PlotLegend) {
    let rows = (count + columns - 1) / columns
    let rowHeight = panelHeight + Self.title
    let panelWidth =
      (width - Self.left - Self.right - Double(columns - 1) * Self.gap) / Double(columns)
    height = Self.bottom + Double(rows) * rowHeight + 0.1 + legend.height + 0.1
    cells = (0..<count).map { index in
      let (row, column) = (index / columns, index % columns)
      return Cell(
        frame: PlotFrame(
          left: Self.left + Double(column) * (panelWidth + Self.gap),
          bottom: Self.bottom + Double(rows - 1 - row) * rowHeight, width: panelWidth, height: panelHeight),
        isLeftmost: column == 0, isLowest: index + columns >= count)
    }
  }

  /// Returns the number of columns that suits a number of panels.
  static func columns(_ count: Int) -> Int { count <= 1 ? 1 : count == 2 || count == 4 ? 2 : 3 }
}

extension PlotScript {
  /// Adds the titles of a cell, plain text, and of its axes, quoted enhanced text. Returns the settings that leave out
  /// the tick labels shown by a neighbour.
  mutating func addTitles(_ cell: PanelGrid.Cell, _ title: String, x: String, y: String) -> [String] {
    let frame = cell.frame
    addText(
      FigureText.literal(FigureText.shortened(title, toWidth: frame.width)), x: frame.left, y: frame.top + 0.22)
    if cell.isLowest { addText(x, x: frame.left + frame.width / 2, y: frame.bottom - 0.72, "center") }
    if cell.isLeftmost {
      addText(y, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    }
    return (cell.isLowest ? [] : ["set format x ''"]) + (cell.isLeftmost ? [] : ["set format y ''"])
  }
}
