/// The look of all figures: sizes for a two-column paper, Okabe–Ito colours with differing dash patterns.
enum FigureStyle {
  /// Width over both columns in cm.
  static let fullWidth = 17.8
  /// Width of one column in cm.
  static let columnWidth = 8.6
  /// Font of the PDF, and the first choice of the SVG.
  static let font = "Liberation Sans"
  /// Size of titles and legends in points.
  static let fontSize = 8.0
  /// Size of tick labels in points.
  static let tickFontSize = 7.0
  /// Colour of bins without enough rate to compare.
  static let blank = "#e6e6e6"

  /// The style of a curve.
  struct Curve: Sendable {
    /// Colour.
    var color: String
    /// Dash pattern of gnuplot, nil for solid.
    var dash: String?
    /// Line width in points.
    var width: Double
    /// gnuplot point type of the filled marker.
    var marker: Int
    /// gnuplot point type of the open marker.
    var openMarker: Int

    /// Line attributes.
    var line: String { "lc rgb '\(color)' lw \(width)" + (dash.map { " dt \($0)" } ?? " dt solid") }
  }

  /// The truth: black, solid.
  static let truth = Curve(color: "#000000", dash: nil, width: 1.0, marker: 7, openMarker: 6)

  /// M. Okabe and K. Ito, “Color Universal Design” (2008), without black and yellow, darkest first.
  static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
  private static let dashes: [String?] = ["(16,5)", "(5,4)", "(16,4,3,4)", "(26,6)", "(16,4,3,4,3,4)", "(2,3)"]
  private static let markers = [(5, 4), (9, 8), (13, 12), (11, 10), (15, 14), (7, 6)]

  /// Returns the style of the model at a position in the study; the first six differ in colour, dash and marker, 36 in
  /// colour or dash.
  static func model(_ position: Int) -> Curve {
    let marker = markers[position % markers.count]
    return Curve(
      color: colors[position % colors.count], dash: dashes[(position + position / colors.count) % dashes.count],
      width: 1.4, marker: marker.0,
      openMarker: marker.1)
  }

  private static let shades = ["#dcdcdc", "#c0c0c0", "#a3a3a3", "#878787"]

  /// Returns the colour of the area of a component of a sum: shades of grey under the colours of models.
  static func component(_ position: Int) -> String { shades[position % shades.count] }

  /// Mixes a colour `#rrggbb` with white, for areas under lines of the same colour.
  static func faint(_ color: String) -> String {
    guard let value = Int(color.dropFirst(), radix: 16) else { return blank }
    let parts = [16, 8, 0].map { shift -> String in
      let part = value >> shift & 0xff
      let thinned = String(255 - (255 - part) * 3 / 10, radix: 16)
      return thinned.count == 1 ? "0" + thinned : thinned
    }
    return "#" + parts.joined()
  }
}
