/// How measured bins are cut into true ones.
enum Pieces {
  /// Width of a true bin in standard deviations of the resolution, at most, as long as a measured bin need not be cut into
  /// more pieces than allowed.
  static let widthInSigmas = 1.5

  /// Number of pieces of a width; `most` of them where the target is zero.
  static func count(width: Double, target: Double, most: Int) -> Int {
    guard width < target * Double(most) else { return most }
    return max(Int((width / target - 1e-9).rounded(.up)), 1)
  }

  /// Edges after `low` of the pieces of a measured bin; the last is `high`.
  ///
  /// Pieces are as wide as the resolution asks for, or where that would make more than `most` of them, `most` equal ones;
  /// but none is wider than the scale on which densities of leptons vary, for then they are no parabolas, and a bin that
  /// holds many such scales has pieces that grow with them.
  ///
  /// - Parameters:
  ///   - target: width that the resolution asks for, at a value.
  ///   - scale: width in which the density is a parabola, at a value.
  static func edges(
    from low: Double, to high: Double, most: Int, target: (Double) -> Double, scale: (Double) -> Double
  ) -> [Double] {
    let count = count(width: high - low, target: target(low), most: most)
    if high - low <= Double(count) * max(scale(low), target(low)) { return edges(from: low, to: high, pieces: count) }
    var edges: [Double] = []
    var here = low
    while true {
      let step = max(target(here), min(scale(here), (high - low) / Double(most)))
      guard high - here > 1.5 * step else { return edges + [high] }
      here += step
      edges.append(here)
    }
  }

  /// Edges after `low` of equal pieces; the last is `high`.
  static func edges(from low: Double, to high: Double, pieces: Int) -> [Double] {
    (1..<pieces).map { low + (high - low) * Double($0) / Double(pieces) } + [high]
  }
}
