import Foundation
import NuTuneNumerics

extension MomentMatching {
  /// Returns R, shape [bins][outcomes from the first on].
  func probabilities() -> [[Double]] {
    var conditions = edges.map { $0.moments.contains { $0 != 0 } ? Self.orders : 0 }
    for _ in 0..<2 * Self.orders {
      let (found, misses) = solved(conditions)
      let failed = misses.indices.filter { misses[$0] > Self.tolerance && conditions[$0] > 1 }
      if failed.isEmpty { return found }
      let worst = failed.map { misses[$0] }.max() ?? 0
      for edge in failed where misses[edge] > 1e-3 * worst { conditions[edge] -= 1 }
    }
    return bins.map(\.probabilities)
  }

  /// Largest accepted deviation of a moment, in units of the edge.
  private static var tolerance: Double { 1e-10 }
  /// Largest number of steps of Newton's method; a dozen is usual.
  private static var mostSteps: Int { 30 }

  /// Computes the function to be minimised, and R, at some λ.
  private func state(_ multipliers: [[Double]]) -> (value: Double, probabilities: [[Double]]) {
    var value = 0.0
    for (edge, row) in zip(edges, multipliers) { for k in row.indices { value -= row[k] * edge.moments[k] } }
    let probabilities = bins.map { bin in
      var exponents = [Double](repeating: 0, count: bin.probabilities.count)
      for step in bin.powers.indices.reversed() {
        let row = multipliers[bin.first + step]
        var sum = 0.0
        for k in row.indices { sum += row[k] * bin.powers[step][k] }
        exponents[step] = exponents[step + 1] + sum
      }
      let top = exponents.max() ?? 0
      var found = zip(bin.probabilities, exponents).map { $0 * exp($1 - top) }
      let sum = found.reduce(0, +)
      for outcome in found.indices { found[outcome] /= sum }
      value += bin.width * (log(sum) + top)
      return found
    }
    return (value, probabilities)
  }

  /// Returns R with the given number of moments kept at each edge, and the deviations of the moments of each edge.
  private func solved(_ conditions: [Int]) -> (probabilities: [[Double]], misses: [Double]) {
    var starts = [0]
    for count in conditions { starts.append(starts[starts.count - 1] + count) }
    var multipliers = conditions.map { [Double](repeating: 0, count: $0) }
    var now = state(multipliers)
    var misses = [Double](repeating: 0, count: edges.count)
    guard starts[edges.count] > 0 else { return (now.probabilities, misses) }
    let smallest = edges.map(\.unit).min() ?? 0
    for _ in 0..<Self.mostSteps {
      let (gradient, curvature) = derivatives(now.probabilities, conditions, starts)
      for (index, edge) in edges.enumerated() {
        misses[index] = 0
        // Moments of far bins are known to rounding only.
        for k in 0..<conditions[index] {
          let miss = abs(gradient[starts[index] + k]) / (edge.unit + 1e-4 * abs(edge.moments[k]))
          misses[index] = max(misses[index], miss)
        }
      }
      guard misses.contains(where: { $0 > 1e-3 * Self.tolerance }) else { break }
      guard let step = Self.solution(curvature, gradient) else { break }
      let slope = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      var share = 1.0
      var isBetter = false
      while share > 1e-6, !isBetter {
        var trial = multipliers
        for edge in edges.indices {
          for k in 0..<conditions[edge] { trial[edge][k] -= share * step[starts[edge] + k] }
        }
        let next = state(trial)
        // Near the minimum the function no longer distinguishes steps, but Newton's are right.
        if next.value <= now.value - 1e-4 * share * slope || slope < 1e-8 * smallest {
          (multipliers, now, isBetter) = (trial, next, true)
        }
        share /= 2
      }
      if !isBetter { break }
    }
    return (now.probabilities, misses)
  }

  /// Computes first and second derivatives with respect to λ.
  private func derivatives(
    _ probabilities: [[Double]], _ conditions: [Int], _ starts: [Int]
  ) -> (gradient: [Double], curvature: Matrix) {
    var gradient = [Double](repeating: 0, count: starts[conditions.count])
    var curvature = Matrix(rows: gradient.count, columns: gradient.count)
    for (edge, count) in conditions.enumerated() {
      for k in 0..<count { gradient[starts[edge] + k] = -edges[edge].moments[k] }
    }
    for (bin, found) in zip(bins, probabilities) {
      var below: [Double] = []
      for outcome in found.dropLast() { below.append((below.last ?? 0) + outcome) }
      for step in bin.powers.indices {
        let edge = bin.first + step
        for k in 0..<conditions[edge] { gradient[starts[edge] + k] += bin.width * below[step] * bin.powers[step][k] }
        for other in 0...step {
          let covariance = bin.width * below[other] * (1 - below[step])
          let column = starts[bin.first + other]
          for k in 0..<conditions[edge] {
            for l in 0..<conditions[bin.first + other] {
              curvature[starts[edge] + k, column + l] += covariance * bin.powers[step][k] * bin.powers[other][l]
            }
          }
        }
      }
    }
    return (gradient, curvature)
  }

  /// Returns Newton's step; the diagonal is raised if the matrix is singular.
  private static func solution(_ matrix: Matrix, _ gradient: [Double]) -> [Double]? {
    var largest = 0.0
    for row in 0..<matrix.rows { largest = max(largest, matrix[row, row]) }
    for raise in [1e-15, 1e-12, 1e-9, 1e-6] {
      var raised = matrix
      for row in 0..<matrix.rows { raised[row, row] += raise * largest }
      if let solution = try? Cholesky(raised).solve(gradient) { return solution }
    }
    return nil
  }
}
