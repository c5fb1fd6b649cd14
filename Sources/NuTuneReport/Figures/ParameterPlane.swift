import NuTuneResults

/// The plane of the first two fitted parameters, with regions and points.
struct ParameterPlane: Sendable {
  /// The two parameters.
  let parameters: [FittedParameter]
  /// Every point drawn so far, scaled, which the axes have to show.
  private(set) var shown: [[Double]] = []

  /// Creates the plane of the first two of these parameters.
  init(_ names: [String]) { parameters = names.prefix(2).map(FittedParameter.init) }

  /// Returns a point in the units of the axes.
  func scaled(_ point: [Double]) -> [Double] {
    [point[0] * parameters[0].scale, point[1] * parameters[1].scale]
  }

  /// Returns layers of a contour's lines; none for an empty one.
  mutating func lines(_ contour: OscillationResults.Contour?, _ attributes: String, in script: inout PlotScript)
    -> [String]
  {
    let segments = scaled(contour)
    guard !segments.isEmpty else { return [] }
    shown += segments.joined()
    return ["\(script.addData(segments)) using 1:2 with lines \(attributes)"]
  }

  /// Returns layers that fill a contour; none if a line is open and so has no inside.
  ///
  /// - Parameter hole: Colour of the area inside an inner line, which is outside the region.
  mutating func area(
    _ contour: OscillationResults.Contour?, color: String, hole: String, in script: inout PlotScript
  ) -> [String] {
    let segments = scaled(contour)
    guard !segments.isEmpty, segments.allSatisfy({ $0.count > 3 && $0.first == $0.last }) else { return [] }
    let depths = segments.map { line in segments.count { $0 != line && Self.isInside(line[0], $0) } }
    return (0...(depths.max() ?? 0)).map { depth in
      let lines = zip(segments, depths).filter { $0.1 == depth }.map(\.0)
      let fill = depth % 2 == 0 ? color : hole
      return "\(script.addData(lines)) using 1:2 with filledcurves closed fc rgb '\(fill)' fs solid noborder"
    }
  }

  /// Returns layers of points; none without any.
  mutating func points(_ points: [[Double]], _ attributes: String, in script: inout PlotScript) -> [String] {
    let rows = points.map(scaled)
    guard !rows.isEmpty else { return [] }
    shown += rows
    return ["\(script.addData([rows])) using 1:2 with points \(attributes)"]
  }

  /// Returns layers of the star at the true values, on a background that sets it off.
  mutating func star(_ point: [Double]?, in script: inout PlotScript) -> [String] {
    guard let point else { return [] }
    return points([point], "pt 7 ps 0.95 lc rgb 'white'", in: &script)
      + points([point], "\(Self.starMarker)", in: &script)
  }

  /// Attributes of the star.
  static let starMarker = "pt 3 ps 1.1 lw 1 lc rgb 'black'"

  /// Ranges that show everything that was drawn.
  var ranges: [String] { [AxisRange.padded("x", shown.map { $0[0] }), AxisRange.padded("y", shown.map { $0[1] })] }

  /// Returns ticks of the first axis whose labels do not overlap.
  func ticks(most: Int) -> [String] {
    let values = shown.map { $0[0] }
    let span = 1.1 * ((values.max() ?? 1) - (values.min() ?? 0))
    return (span > 0 ? ["set xtics \(DecimalText.plotted(AxisRange.step(span, most: most)))"] : [])
      + ["set mxtics 2", "set mytics 2"]
  }

  /// Column titles of tables.
  var columns: [String] { parameters.map(\.column) }

  private func scaled(_ contour: OscillationResults.Contour?) -> [[[Double]]] {
    Self.lines(contour).map { $0.map(scaled) }
  }

  /// Returns a contour's lines of points with two coordinates.
  static func lines(_ contour: OscillationResults.Contour?) -> [[[Double]]] {
    (contour?.lines ?? []).map { $0.filter { $0.count == 2 } }.filter { !$0.isEmpty }
  }

  /// Whether a ray from the point crosses the closed line an odd number of times.
  private static func isInside(_ point: [Double], _ line: [[Double]]) -> Bool {
    zip(line, line.dropFirst()).count { start, end in
      (start[1] > point[1]) != (end[1] > point[1])
        && point[0] < start[0] + (point[1] - start[1]) / (end[1] - start[1]) * (end[0] - start[0])
    } % 2 == 1
  }
}
