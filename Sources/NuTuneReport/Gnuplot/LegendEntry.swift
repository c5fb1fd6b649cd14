/// One entry of a legend.
struct LegendEntry: Sendable {
  /// Name.
  var name: String
  /// Attributes of a sample line; nil for none.
  var line: String?
  /// Attributes of a sample marker; nil for none.
  var marker: String?
  /// Colour of a sample of a filled area; nil for none.
  var box: String?
  /// Whether the marker stands on a vertical error bar.
  var hasErrorBar = false

  /// Whether the entry begins a new row.
  var startsRow = false

  /// Creates an entry with a literal name.
  init(
    _ name: String, line: String? = nil, marker: String? = nil, box: String? = nil, hasErrorBar: Bool = false
  ) {
    self.name = FigureText.shortened(name, to: 36)
    self.box = box
    self.line = line
    self.marker = marker
    self.hasErrorBar = hasErrorBar
  }

  /// Returns entries of the truth, if there is one, and of models as lines.
  static func curves(_ labels: [String], hasTruth: Bool = true) -> [LegendEntry] {
    (hasTruth ? [LegendEntry("Truth", line: FigureStyle.truth.line)] : [])
      + labels.enumerated().map { LegendEntry($1, line: FigureStyle.model($0).line) }
  }
}
