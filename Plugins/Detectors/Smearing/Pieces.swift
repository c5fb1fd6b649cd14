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

  /// Edges after `low` of equal pieces; the last is `high`.
  static func edges(from low: Double, to high: Double, pieces: Int) -> [Double] {
    (1..<pieces).map { low + (high - low) * Double($0) / Double(pieces) } + [high]
  }
}
