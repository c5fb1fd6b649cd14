/// Gradients with respect to the knots of one spline, summed over points; y_k do not enter a density.
struct SplineGradient {
  /// Number of bins K.
  let bins: Int
  /// Gradients with respect to x_k [K], widths [K], heights [K], slopes [K + 1].
  private let base: UnsafeMutablePointer<Double>

  /// Returns the number of elements in memory.
  static func storage(bins: Int) -> Int { 4 * bins + 1 }

  init(bins: Int, at base: UnsafeMutablePointer<Double>) {
    self.bins = bins
    self.base = base
  }

  /// Sets the gradients to zero.
  func clear() { base.update(repeating: 0, count: Self.storage(bins: bins)) }

  /// Adds `weight` times the gradient of ln du/dx at x in bin k.
  @inline(__always)
  func add(_ weight: Double, logDensityOf knots: SplineKnots, at x: Double, bin k: Int) {
    let local = knots.local(x, bin: k)
    let n = weight / local.numerator
    let d = 2 * weight / local.denominator
    let (xi, rest, theta) = (local.xi, 1 - local.xi, local.xi * (1 - local.xi))
    let tilt = 1 - 2 * xi
    let bySlope = 2 * weight / local.s + 2 * theta * n - (1 - 2 * theta) * d
    let byXi =
      2 * (local.d1 * xi + local.s * tilt - local.d0 * rest) * n - (local.d0 + local.d1 - 2 * local.s) * tilt * d
    let perWidth = 1 / local.width
    base[k] -= byXi * perWidth
    base[bins + k] -= (bySlope * local.s + byXi * xi) * perWidth
    base[2 * bins + k] += bySlope * perWidth
    base[3 * bins + k] += rest * rest * n - theta * d
    base[3 * bins + k + 1] += xi * xi * n - theta * d
  }

  /// Replaces the raw numbers of the spline, shape [3K + 1], by the gradient with respect to them.
  func replace(raw: UnsafeMutablePointer<Double>, of knots: SplineKnots) {
    for k in 0...bins {
      let byLogSlope = knots.slope(k) * base[3 * bins + k]
      raw[2 * bins + k] = Self.limiting(raw[2 * bins + k], SplineKnots.slopeLimit) * byLogSlope
      for side in 0..<2 {
        let neighbour = min(max(k - side, 0), bins - 1)
        base[bins + neighbour] -= 0.5 * byLogSlope / knots.width(neighbour)
        base[2 * bins + neighbour] += 0.5 * byLogSlope / knots.height(neighbour)
      }
    }
    let even = SplineKnots.evenShare / Double(bins)
    var byX = 0.0
    var (widthMean, heightMean) = (0.0, 0.0)
    for k in (0..<bins).reversed() {
      base[bins + k] += byX  // x_j moves with every width before it
      byX += base[k]
      widthMean += (knots.width(k) - even) * base[bins + k]
      heightMean += knots.height(k) * base[2 * bins + k]
    }
    widthMean /= 1 - SplineKnots.evenShare
    for k in 0..<bins {
      raw[k] = Self.limiting(raw[k], SplineKnots.limit) * (knots.width(k) - even) * (base[bins + k] - widthMean)
      raw[bins + k] =
        Self.limiting(raw[bins + k], SplineKnots.limit) * knots.height(k) * (base[2 * bins + k] - heightMean)
    }
  }

  /// Computes the derivative of r/(1 + |r|/limit).
  private static func limiting(_ raw: Double, _ limit: Double) -> Double {
    let factor = 1 / (1 + abs(raw) / limit)
    return factor * factor
  }
}
