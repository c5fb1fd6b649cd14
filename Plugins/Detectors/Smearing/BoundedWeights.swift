import Foundation

/// Weights of true bins within bounds that serve smooth densities as well as given weights do.
///
/// The weights b of smallest distance Σ (b − w)²/a from the given ones w, among those with lower ≤ b ≤ upper and
///
///     Σ b_j ∫_j zᵏ dz = Σ w_j ∫_j zᵏ dz,   k = 0, 1, 2,   z = (x − center)/scale,
///
/// so that what parabolic densities give does not change. They are b = clip(w + a Σ λ_k z̄ᵏ), z̄ᵏ the mean over the bin,
/// with three multipliers λ that Newton's method finds; a is a Gaussian of two scales around the center, which keeps changes
/// where the weights change anyhow. Where bins are too few for three conditions, the last ones are given up.
struct BoundedWeights: Sendable {
  /// Edges of the bins in units of the scale from the center, shape [bins + 1].
  private let edges: [Double]
  /// How easily each weight changes, shape [bins].
  private let ease: [Double]

  /// - Parameters:
  ///   - edges: of the bins, increasing, shape [bins + 1].
  ///   - center: where the weights change from one bound to the other.
  ///   - scale: over what distance they do; at least the width of the bin there is taken.
  init(edges: [Double], center: Double, scale: Double) {
    // The center may be an edge: rounding must not decide which of its two bins counts.
    let slack = 1e-9 * (edges[edges.count - 1] - edges[0])
    var unit = scale
    for (low, high) in zip(edges, edges.dropFirst()) where low - slack <= center && center <= high + slack {
      unit = max(unit, high - low)
    }
    if unit <= 0 { unit = edges[edges.count - 1] - edges[0] }
    self.edges = edges.map { ($0 - center) / unit }
    // Two scales, and the middle of a bin: (z/2)²/2 with z half the sum of the edges.
    ease = zip(self.edges, self.edges.dropFirst()).map { low, high in
      let middle = (low + high) / 2
      return exp(-middle * middle / 8)
    }
  }

  /// The weights within the bounds, shape [bins].
  func callAsFunction(_ weights: [Double], lower: [Double], upper: [Double]) -> [Double] {
    func isWithin(_ bin: Int) -> Bool { lower[bin] <= weights[bin] && weights[bin] <= upper[bin] }
    guard !weights.indices.allSatisfy(isWithin) else { return weights }
    for conditions in [3, 2, 1] {
      if let found = solved(weights, lower, upper, conditions: conditions) { return found }
    }
    return weights.indices.map { min(max(weights[$0], lower[$0]), upper[$0]) }
  }

  /// Largest change of a condition that counts as none, in contents of a bin one scale wide.
  private static let tolerance = 1e-12

  /// ∫ zᵏ over each bin, shape [bins].
  private func moments(_ k: Int) -> [Double] {
    let order = Double(k + 1)
    var moments: [Double] = []
    for (low, high) in zip(edges, edges.dropFirst()) {
      moments.append((pow(high, order) - pow(low, order)) / order)
    }
    return moments
  }

  /// The weights, with as many conditions kept; nil where that cannot be.
  private func solved(_ weights: [Double], _ lower: [Double], _ upper: [Double], conditions: Int) -> [Double]? {
    let moments = (0..<conditions).map { self.moments($0) }
    var multipliers = [Double](repeating: 0, count: conditions)
    /// The weights of some multipliers, and whether each is free.
    func clipped(_ multipliers: [Double]) -> (weights: [Double], isFree: [Bool]) {
      var found = weights
      var isFree: [Bool] = []
      for bin in found.indices {
        let share = ease[bin] / (edges[bin + 1] - edges[bin])
        for k in 0..<conditions { found[bin] += multipliers[k] * share * moments[k][bin] }
        isFree.append(lower[bin] < found[bin] && found[bin] < upper[bin])
        found[bin] = min(max(found[bin], lower[bin]), upper[bin])
      }
      return (found, isFree)
    }
    /// By how much the conditions fail.
    func misses(_ found: [Double]) -> [Double] {
      moments.map { row in
        var sum = 0.0
        for bin in found.indices { sum += row[bin] * (found[bin] - weights[bin]) }
        return sum
      }
    }
    func size(_ misses: [Double]) -> Double {
      var sum = 0.0
      for miss in misses { sum += miss * miss }
      return sum.squareRoot()
    }

    var now = clipped(multipliers)
    for _ in 0..<60 {
      let missed = misses(now.weights)
      if size(missed) <= Self.tolerance { return now.weights }
      guard let step = Self.solution(of: slopes(moments, now.isFree), missed.map { -$0 }) else { return nil }
      var share = 1.0
      while share > 1e-4 {
        let trial = zip(multipliers, step).map { $0 + share * $1 }
        let next = clipped(trial)
        if size(misses(next.weights)) < (1 - 1e-4 * share) * size(missed) {
          (multipliers, now) = (trial, next)
          break
        }
        share /= 2
      }
      guard share > 1e-4 else { return nil }
    }
    return nil
  }

  /// Derivatives of the conditions by the multipliers.
  private func slopes(_ moments: [[Double]], _ isFree: [Bool]) -> [[Double]] {
    moments.map { row in
      moments.map { other in
        var sum = 0.0
        for bin in row.indices where isFree[bin] {
          sum += row[bin] * other[bin] * ease[bin] / (edges[bin + 1] - edges[bin])
        }
        return sum
      }
    }
  }

  /// Solution of a small system of equations by elimination; nil where it is singular.
  private static func solution(of matrix: [[Double]], _ right: [Double]) -> [Double]? {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let largest = matrix.joined().map(abs).max() ?? 0
    for column in rows.indices {
      let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      guard abs(rows[pivot][column]) > 1e-13 * largest else { return nil }
      rows.swapAt(column, pivot)
      for row in rows.indices where row != column {
        let factor = rows[row][column] / rows[column][column]
        for k in column...rows.count { rows[row][k] -= factor * rows[column][k] }
      }
    }
    return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
  }
}
