/// Divides the interval between two measured edges into true bins: finely next to the edges, where leptons of a bin are
/// measured on both sides of the edge, and coarsely in the middle, where all are measured in the same bin.
struct GradedPieces {
  /// Distance from an edge, in standard deviations, within which bins are fine.
  static let zone = 4.5

  /// Number of fine pieces in a zone; 1 for true bins that are the measured ones.
  var perZone: Int
  /// Standard deviation of measured values at a true value.
  var width: (Double) -> Double
  /// The largest such standard deviation of all cases that the bins have to serve.
  var widest: (Double) -> Double
  /// Largest width of a fine piece, in which the distribution of leptons is a cubic.
  var scale: (Double) -> Double
  /// Smallest number of pieces of the middle between two edges, as a share of their distance; 0 for one piece.
  var middlePieces = 0

  /// Returns the end of the zone of an edge in the direction of `limit`, and not beyond it.
  func zoneEnd(from edge: Double, limit: Double) -> Double {
    let sign = limit > edge ? 1.0 : -1
    func isBeyond(_ x: Double) -> Bool { abs(x - edge) >= Self.zone * widest(x) }
    guard isBeyond(limit) else { return limit }
    var (near, far) = (0.0, abs(limit - edge))
    for _ in 0..<60 {
      let middle = (near + far) / 2
      if isBeyond(edge + sign * middle) { far = middle } else { near = middle }
    }
    return edge + sign * far
  }

  /// Returns the edges after `low`, the last of them `high`.
  ///
  /// - Parameters:
  ///   - hasEdgeBelow: whether weights change around `low`; otherwise there is no zone.
  ///   - hasEdgeAbove: whether weights change around `high`; otherwise there is no zone.
  func edges(from low: Double, to high: Double, hasEdgeBelow: Bool = true, hasEdgeAbove: Bool = true) -> [Double] {
    guard high - low > 1e-9 else { return high > low ? [high] : [] }
    guard perZone > 0 else { return [high] }
    let first = hasEdgeBelow ? zoneEnd(from: low, limit: high) : low
    let second = hasEdgeAbove ? zoneEnd(from: high, limit: low) : high
    /// Returns a width that is fine enough: a zone's pieces, which grow with the distance where the widest Gaussian
    /// needs a zone.
    func target(_ x: Double) -> Double {
      let distance = min(hasEdgeBelow ? x - low : .infinity, hasEdgeAbove ? high - x : .infinity)
      return min(max(Self.zone * width(x), min(distance, Self.zone * widest(x))) / Double(perZone), scale(x))
    }
    let middle = second - first
    // A middle narrower than the pieces next to it is useless.
    guard middle > max(target(first), target(second)) else { return Self.steps(from: low, to: high, target: target) }
    let pieces = max(Int((Double(middlePieces) * middle / (high - low) - 1e-9).rounded(.up)), 1)
    let inner = (1..<pieces).map { first + middle * Double($0) / Double(pieces) }
    let beyond = Self.steps(from: second, to: high, target: target)
    return Self.steps(from: low, to: first, target: target) + inner + (beyond.isEmpty ? [high] : [second] + beyond)
  }

  /// Returns the edges after `low` of pieces about as wide as a target that varies slowly, and not wider; the last is
  /// `high`.
  private static func steps(from low: Double, to high: Double, target: (Double) -> Double) -> [Double] {
    guard high - low > 1e-9 else { return [] }
    // Pieces are even in ∫ dx/target.
    let count = 64
    let step = (high - low) / Double(count)
    var sums = [0.0]
    for index in 0..<count { sums.append(sums[index] + step / target(low + (Double(index) + 0.5) * step)) }
    let pieces = max(Int((sums[count] - 1e-6).rounded(.up)), 1)
    var index = 0
    return (1..<pieces).map { piece in
      let sum = sums[count] * Double(piece) / Double(pieces)
      while sums[index + 1] < sum { index += 1 }
      return low + step * (Double(index) + (sum - sums[index]) / (sums[index + 1] - sums[index]))
    } + [high]
  }
}
