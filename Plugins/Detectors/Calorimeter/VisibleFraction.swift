import NuTuneCore
import NuTuneNumerics

/// The distribution of the visible share x of an energy transfer: what neutrons, neutrinos and broken nuclei take is
/// missing, and differs from event to event. A beta distribution with given mean and standard deviation, as a few values
/// with weights.
///
/// Values and weights are those of Gauss–Jacobi quadrature, so that mean, variance and all moments up to the 95th are exact;
/// what is smeared by a resolution σ_E/ω above some 2 % is exact too, to rounding.
struct VisibleFraction: Sendable {
  /// Visible shares, from 0 to 1.
  let values: [Double]
  /// Their probabilities, sum one.
  let weights: [Double]

  private static let count = 48

  /// Creates the distribution.
  ///
  /// - Parameters:
  ///   - mean: mean share, in (0, 1].
  ///   - spread: standard deviation; 0 for the mean in every event.
  /// - Throws: `NuTuneError` when no distribution on 0 … 1 with that mean is so wide.
  init(mean: Double, spread: Double) throws {
    guard spread > 0 else {
      (values, weights) = ([mean], [1])
      return
    }
    let concentration = mean * (1 - mean) / (spread * spread) - 1
    guard concentration > 0 else {
      throw NuTuneError(
        .badData, key: "spread", found: "\(spread)",
        expected:
          "less than \((mean * (1 - mean)).squareRoot()), as wide as shares from 0 to 1 with the mean \(mean) can be")
    }
    (values, weights) = try Self.rule(first: concentration * mean, second: concentration * (1 - mean))
  }

  /// Nodes and weights for the density x^(first − 1) (1 − x)^(second − 1) on 0 … 1, from the eigenvalues and eigenvectors of
  /// the Jacobi matrix (Golub and Welsch).
  private static func rule(first: Double, second: Double) throws -> (values: [Double], weights: [Double]) {
    let (alpha, beta) = (second - 1, first - 1)
    let sum = alpha + beta
    var matrix = Matrix(rows: count, columns: count)
    matrix[0, 0] = (beta - alpha) / (sum + 2)
    for n in 1..<count {
      let order = Double(n)
      let place = 2 * order + sum
      matrix[n, n] = (beta * beta - alpha * alpha) / (place * (place + 2))
      let square =
        n == 1
        ? 4 * (1 + alpha) * (1 + beta) / (place * place * (place + 1))
        : 4 * order * (order + alpha) * (order + beta) * (order + sum) / (place * place * (place * place - 1))
      matrix[n, n - 1] = square.squareRoot()
      matrix[n - 1, n] = matrix[n, n - 1]
    }
    let eigen = try SymmetricEigen(matrix)
    return (
      eigen.values.map { min(max((1 + $0) / 2, 0), 1) },
      (0..<count).map { eigen.vectors[0, $0] * eigen.vectors[0, $0] }
    )
  }
}
