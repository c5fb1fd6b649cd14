import Foundation

/// LHAPDF's interpolation in one direction: between two knots a cubic in the logarithm, whose slope at a knot is the mean
/// of those to both sides, and at the first and the last knot that of the only side (A. Buckley et al., Eur. Phys. J. C
/// 75 (2015) 132). In two directions one follows the other.
struct LogCubicInterpolation: Sendable {
  private let logarithms: [Double]

  /// Creates the interpolation between increasing positive knots, at least two.
  init(knots: [Double]) { logarithms = knots.map { log($0) } }

  /// Returns the knots that a value between the first and the last one is made of, and their weights.
  func weights(at point: Double) -> (knots: Range<Int>, weights: [Double]) {
    let place = log(point)
    let cell = min(max((logarithms.firstIndex { $0 > place } ?? logarithms.count) - 1, 0), logarithms.count - 2)
    let knots = max(cell - 1, 0)..<min(cell + 3, logarithms.count)
    let width = logarithms[cell + 1] - logarithms[cell]
    let t = (place - logarithms[cell]) / width
    var weights = [Double](repeating: 0, count: knots.count)
    func add(_ weight: Double, knot: Int) { weights[knot - knots.lowerBound] += weight }
    /// Adds `weight` times the slope at a knot.
    func add(_ weight: Double, slopeAt knot: Int) {
      let sides = [knot - 1, knot].filter { $0 >= 0 && $0 < logarithms.count - 1 }
      for side in sides {
        let share = weight / (logarithms[side + 1] - logarithms[side]) / Double(sides.count)
        add(share, knot: side + 1)
        add(-share, knot: side)
      }
    }
    add((1 + 2 * t) * (1 - t) * (1 - t), knot: cell)
    add(t * t * (3 - 2 * t), knot: cell + 1)
    add(width * t * (1 - t) * (1 - t), slopeAt: cell)
    add(width * t * t * (t - 1), slopeAt: cell + 1)
    return (knots, weights)
  }
}
