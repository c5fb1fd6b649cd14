/// A shaded band between two curves.
struct UncertaintyBand: Sendable {
  /// Rows of [position, lower, upper].
  var segments: [[[Double]]]
  /// Colour of the band, which is drawn faintly.
  var color: String

  /// Adds the data of the band and returns its layer.
  func draw(in script: inout PlotScript) -> String {
    "\(script.addData(segments)) using 1:2:3 with filledcurves fc rgb '\(color)' fs transparent solid 0.25 noborder"
  }
}
