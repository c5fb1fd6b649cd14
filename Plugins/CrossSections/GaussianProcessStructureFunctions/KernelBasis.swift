import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// A finite basis of a Gaussian process with the squared-exponential kernel
///
///     k(x, x') = exp[−(t−t')²/2ℓ_t² − (u−u')²/2ℓ_u²],   t = asinh((W²−M²)/0.25 GeV²),   u = ln(Q² + 0.03 GeV²)
///
/// The kernel is a product, and so is the basis: φ(x) = φ_t(t) ⊗ φ_u(u) with φ_t(t) = L⁻¹ k_t(Z, t) and L Lᵀ = k_t(Z, Z)
/// on equidistant points Z. With independent standard-normal weights φ(x)·η has the covariance k up to
/// exp(−(π/s)²/2), 4·10⁻⁵ for the spacing s = 0.7 lengths; see C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes
/// for Machine Learning", MIT Press 2006, section 8.
struct KernelBasis: Sendable {
  /// Equidistant points of one coordinate with a length.
  struct Axis: Sendable, Hashable {
    let first: Double
    let step: Double
    let count: Int
    let length: Double

    /// Places points that cover a range and extend half a length beyond it.
    init(covering range: ClosedRange<Double>, length: Double, spacing: Double) {
      let (low, high) = (range.lowerBound - 0.5 * length, range.upperBound + 0.5 * length)
      count = max(2, Int(((high - low) / (spacing * length)).rounded(.up)) + 1)
      first = low
      step = (high - low) / Double(count - 1)
      self.length = length
    }

    init(first: Double, step: Double, count: Int, length: Double) {
      self.first = first
      self.step = step
      self.count = count
      self.length = length
    }

    /// Computes L⁻¹, shape [count × count], lower triangular.
    func whitening() throws -> Matrix {
      var covariance = Matrix(rows: count, columns: count)
      for i in 0..<count {
        for j in 0..<count { covariance[i, j] = kernel(Double(i - j) * step) + (i == j ? 1e-9 : 0) }
      }
      return try Cholesky(covariance).inverseTransposedLower().transposed
    }

    func kernel(_ distance: Double) -> Double { exp(-0.5 * (distance / length) * (distance / length)) }
  }

  let t: Axis
  let u: Axis
  private let tWhitening: Matrix
  private let uWhitening: Matrix

  /// Largest number of basis functions: three times as many weights have a covariance of 0.6 GB.
  static let most = 3000

  /// Number of basis functions.
  var count: Int { t.count * u.count }

  init(t: Axis, u: Axis) throws {
    self.t = t
    self.u = u
    tWhitening = try t.whitening()
    uWhitening = try u.whitening()
  }

  /// Creates a basis that covers some points.
  init(covering points: InvariantPoints, lengths: (t: Double, u: Double), spacing: Double) throws {
    var (tLow, tHigh, uLow, uHigh) = (Double.infinity, -Double.infinity, Double.infinity, -Double.infinity)
    for i in 0..<points.count {
      let (t, u) = NodeGrid.coordinates(omega: points.omega[i], q2: points.q2[i])
      (tLow, tHigh) = (min(tLow, t), max(tHigh, t))
      (uLow, uHigh) = (min(uLow, u), max(uHigh, u))
    }
    let (t, u) = (
      Axis(covering: tLow...tHigh, length: lengths.t, spacing: spacing),
      Axis(covering: uLow...uHigh, length: lengths.u, spacing: spacing)
    )
    guard t.count * u.count <= Self.most else {
      throw NuTuneError(
        .badData, key: "kernel.length_w2", found: "\(t.count) × \(u.count) basis functions",
        expected: "at most \(Self.most); longer correlation lengths or a wider kernel.spacing")
    }
    try self.init(t: t, u: u)
  }

  /// Computes factors φ_t, shape [points × t.count], and φ_u, shape [points × u.count]; basis function (a, b) at point
  /// i is φ_t[i, a] φ_u[i, b] and has index a · u.count + b.
  func factors(at points: InvariantPoints) throws -> (t: Matrix, u: Matrix) {
    let places = (0..<points.count).map { NodeGrid.coordinates(omega: points.omega[$0], q2: points.q2[$0]) }
    return (try onT(places.map(\.t)), try onU(places.map(\.u)))
  }

  /// Computes φ_t at some t, shape [values × t.count].
  func onT(_ values: [Double]) throws -> Matrix { try Self.functions(of: t, tWhitening, at: values) }

  /// Computes φ_u at some u, shape [values × u.count].
  func onU(_ values: [Double]) throws -> Matrix { try Self.functions(of: u, uWhitening, at: values) }

  private static func functions(of axis: Axis, _ whitening: Matrix, at values: [Double]) throws -> Matrix {
    var kernels = Matrix(rows: values.count, columns: axis.count)
    for (i, value) in values.enumerated() {
      for k in 0..<axis.count { kernels[i, k] = axis.kernel(value - axis.first - Double(k) * axis.step) }
    }
    return try kernels.multiplied(by: whitening.transposed)
  }

  /// Computes φ(x)·η at points with known factors, shape [points].
  func values(of weights: ArraySlice<Double>, _ factors: (t: Matrix, u: Matrix)) throws -> [Double] {
    let matrix = try Matrix(rows: t.count, columns: u.count, elements: Array(weights))
    let contracted = try factors.t.multiplied(by: matrix)
    return (0..<contracted.rows).map { i in
      var sum = 0.0
      for b in 0..<u.count { sum += contracted[i, b] * factors.u[i, b] }
      return sum
    }
  }

  /// Computes g_j = Σ_k mixing[j, k] φ·η_k at points with known factors, shape [functions][points].
  func modulations(of weights: [Double], mixing: Matrix, _ factors: (t: Matrix, u: Matrix)) throws -> [[Double]] {
    let independent = try (0..<mixing.rows).map { k in
      try values(of: weights[k * count..<(k + 1) * count], factors)
    }
    return (0..<mixing.rows).map { j in
      var sum = [Double](repeating: 0, count: factors.t.rows)
      for k in 0...j where mixing[j, k] != 0 {
        for i in sum.indices { sum[i] += mixing[j, k] * independent[k][i] }
      }
      return sum
    }
  }
}
