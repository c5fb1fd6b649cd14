/// A rectangle on the page in cm, from the lower left corner.
struct PlotFrame: Sendable {
  /// Left edge.
  var left: Double
  /// Lower edge.
  var bottom: Double
  /// Width.
  var width: Double
  /// Height.
  var height: Double

  /// Right edge.
  var right: Double { left + width }
  /// Upper edge.
  var top: Double { bottom + height }
}
