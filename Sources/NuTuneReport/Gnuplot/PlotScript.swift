/// A gnuplot script that draws panels at given positions, with its data inside; it draws PDF, or SVG if the variable
/// `format` says so.
struct PlotScript: Sendable {
  /// Width of the page in cm.
  let width: Double
  /// Height of the page in cm.
  let height: Double
  private var blocks: [String] = []
  private var panels: [String] = []
  private var decorations: [String] = []

  /// Creates an empty page.
  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// Adds segments of rows (a line is interrupted between segments) and returns the name under which to plot them.
  mutating func addData(_ segments: [[[Double]]]) -> String {
    let name = "$data\(blocks.count + 1)"
    let text = segments.map { $0.map { $0.map(DecimalText.plotted).joined(separator: " ") + "\n" }.joined() }
    blocks.append("\(name) << END\n\(text.joined(separator: "\n"))END\n")
    return name
  }

  /// Adds text at a place on the page in cm; `text` is quoted enhanced text.
  mutating func addText(_ text: String, x: Double, y: Double, _ attributes: String = "left") {
    decorations.append("set label \(text) at \(screen(x, y)) \(attributes)")
  }

  /// Adds a line between two places on the page in cm.
  mutating func addLine(from: (Double, Double), to: (Double, Double), _ attributes: String) {
    decorations.append(
      "set arrow from \(screen(from.0, from.1)) to \(screen(to.0, to.1)) nohead \(attributes)")
  }

  /// Adds a marker at a place on the page in cm.
  mutating func addMarker(x: Double, y: Double, _ attributes: String) {
    decorations.append("set label '' at \(screen(x, y)) point \(attributes)")
  }

  /// Adds a filled rectangle in cm.
  mutating func addBox(_ frame: PlotFrame, color: String) {
    decorations.append(
      "set object rectangle from \(screen(frame.left, frame.bottom)) to \(screen(frame.right, frame.top)) "
        + "fillcolor rgb '\(color)' fillstyle solid noborder")
  }

  /// Adds a panel with everything that `addText`, `addLine`, `addBox` and `addMarker` added since the last one.
  mutating func addPanel(_ frame: PlotFrame, settings: [String], layers: [String]) {
    precondition(!layers.isEmpty)
    let sides = [
      ("lmargin", frame.left / width), ("rmargin", frame.right / width), ("bmargin", frame.bottom / height),
      ("tmargin", frame.top / height),
    ]
    var lines = ["reset", "set minussign", "unset key"]
    lines += sides.map { "set \($0) at screen \(DecimalText.plotted($1))" }
    lines += [
      "set border 15 lw 0.5 front", "set tics front scale 0.6,0.3 font ',\(FigureStyle.tickFontSize)'",
      "set xtics offset 0,0.25", "set ytics offset 0.4,0",
    ]
    lines += settings + decorations
    lines.append("plot " + layers.joined(separator: ", \\\n  "))
    panels.append(lines.joined(separator: "\n") + "\n")
    decorations = []
  }

  /// Returns the script of a figure with this file name.
  func text(name: String) -> String {
    func points(_ centimetres: Double) -> String { DecimalText.fixed(centimetres / 2.54 * 72, 1) }
    let font = "font '\(FigureStyle.font),\(DecimalText.plotted(FigureStyle.fontSize))'"
    // gnuplot's cairo terminals take a point of text as 1/54 inch and draw lines at about half their width; the factors
    // make PDF and SVG alike.
    return """
      # gnuplot -d -e "format='pdf'" \(name).gnuplot    (or format='svg')
      if (!exists("format")) format = 'pdf'
      set encoding utf8
      if (format eq 'pdf') {
        set terminal pdfcairo enhanced color size \(width)cm,\(height)cm \(font) fontscale 0.75 linewidth 1.8 rounded
      } else {
        set terminal svg enhanced size \(points(width)),\(points(height)) \(font) linewidth 1 butt dashlength 0.75
      }
      set output '\(name).'.format
      \(blocks.joined())
      set multiplot
      \(panels.joined(separator: "\n"))
      unset multiplot
      unset output

      """
  }

  private func screen(_ x: Double, _ y: Double) -> String {
    "screen \(DecimalText.plotted(x / width)),\(DecimalText.plotted(y / height))"
  }
}
