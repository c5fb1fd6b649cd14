import NuTuneLearning

/// A monotone rational-quadratic spline of [0, 1] onto itself (Durkan et al., arXiv:1906.04032, eqs. 4–6), in memory
/// that its caller owns.
///
/// In bin k with width w, height h, s = h/w and slopes d₀, d₁ at its ends, with ξ = (x − x_k)/w and θ = ξ(1−ξ):
///
///     u = y_k + h (sξ² + d₀θ) / D,   du/dx = s² (d₁ξ² + 2sθ + d₀(1−ξ)²) / D²,   D = s + (d₀ + d₁ − 2s)θ
///
/// The slopes at 0 and 1 are free, too, so the density at the edges of the region can have any value. All numbers come
/// from 3K + 1 raw ones r, limited to ± a limit as r/(1 + |r|/limit). Widths are an even share plus a softmax, so that
/// no bin becomes narrower than quadrature resolves; heights are a softmax; a slope is the geometric mean of the
/// neighbouring h/w times an exponential, so that no spike stands between two low bins. Raw numbers of zero give the
/// identity.
struct SplineKnots {
  /// Number of bins K.
  let bins: Int
  /// x_k [K], widths [K], y_k [K], heights [K], slopes [K + 1].
  private let base: UnsafeMutablePointer<Double>

  /// Limit on raw numbers of widths and heights.
  static let limit = 10.0
  /// Limit on raw numbers of slopes.
  static let slopeLimit = 3.0
  /// Share of the widths that is divided evenly among the bins.
  static let evenShare = 0.3

  /// Returns the number of raw numbers of a spline.
  static func rawCount(bins: Int) -> Int { 3 * bins + 1 }
  /// Returns the number of elements of the knots in memory.
  static func storage(bins: Int) -> Int { 5 * bins + 1 }

  init(bins: Int, at base: UnsafeMutablePointer<Double>) {
    self.bins = bins
    self.base = base
  }

  private var widths: UnsafeMutablePointer<Double> { base + bins }
  private var bottoms: UnsafeMutablePointer<Double> { base + 2 * bins }
  private var heights: UnsafeMutablePointer<Double> { base + 3 * bins }
  private var slopes: UnsafeMutablePointer<Double> { base + 4 * bins }

  /// Makes the knots from raw numbers, shape [3K + 1], which are overwritten.
  func set(fromRaw raw: UnsafeMutablePointer<Double>) {
    let count = Self.rawCount(bins: bins)
    for i in 0..<2 * bins { raw[i] = raw[i] / (1 + abs(raw[i]) / Self.limit) }
    for i in 2 * bins..<count { raw[i] = raw[i] / (1 + abs(raw[i]) / Self.slopeLimit) }
    VectorFunctions.exp(
      UnsafeBufferPointer(start: raw, count: count), into: UnsafeMutableBufferPointer(start: raw, count: count))
    var (widthSum, heightSum) = (0.0, 0.0)
    for k in 0..<bins {
      widthSum += raw[k]
      heightSum += raw[bins + k]
    }
    let (perWidth, perHeight) = ((1 - Self.evenShare) / widthSum, 1 / heightSum)
    let even = Self.evenShare / Double(bins)
    var (x, y) = (0.0, 0.0)
    for k in 0..<bins {
      (base[k], bottoms[k]) = (x, y)
      widths[k] = even + raw[k] * perWidth
      heights[k] = raw[bins + k] * perHeight
      x += widths[k]
      y += heights[k]
    }
    var last = heights[0] / widths[0]
    for k in 0...bins {
      let next = k < bins ? heights[k] / widths[k] : last
      slopes[k] = raw[2 * bins + k] * (last * next).squareRoot()
      last = next
    }
  }

  /// Finds the bin that contains x, walking from another one.
  @inline(__always)
  func bin(of x: Double, from start: Int) -> Int {
    var k = start
    while k + 1 < bins, x >= base[k + 1] { k += 1 }
    while k > 0, x < base[k] { k -= 1 }
    return k
  }

  /// Computes du/dx at x in bin k.
  @inline(__always)
  func density(_ x: Double, bin k: Int) -> Double {
    let s = heights[k] / widths[k]
    let (d0, d1) = (slopes[k], slopes[k + 1])
    let xi = (x - base[k]) / widths[k]
    let rest = 1 - xi
    let theta = xi * rest
    let denominator = s + (d0 + d1 - 2 * s) * theta
    return s * s * (d1 * xi * xi + 2 * s * theta + d0 * rest * rest) / (denominator * denominator)
  }

  /// Computes u at x.
  func value(_ x: Double) -> Double {
    let k = bin(of: x, from: 0)
    let s = heights[k] / widths[k]
    let xi = (x - base[k]) / widths[k]
    let theta = xi * (1 - xi)
    let denominator = s + (slopes[k] + slopes[k + 1] - 2 * s) * theta
    return bottoms[k] + heights[k] * (s * xi * xi + slopes[k] * theta) / denominator
  }

  /// Computes x at u, by the quadratic formula in the form without cancellation.
  func inverse(_ u: Double) -> Double {
    var k = 0
    while k + 1 < bins, u >= bottoms[k + 1] { k += 1 }
    let s = heights[k] / widths[k]
    let rise = u - bottoms[k]
    let curvature = slopes[k] + slopes[k + 1] - 2 * s
    let a = heights[k] * (s - slopes[k]) + rise * curvature
    let b = heights[k] * slopes[k] - rise * curvature
    let c = -s * rise
    let root = max(b * b - 4 * a * c, 0).squareRoot()
    return base[k] + widths[k] * min(max(2 * c / (-b - root), 0), 1)
  }
}

extension SplineKnots {
  func width(_ k: Int) -> Double { base[bins + k] }
  func height(_ k: Int) -> Double { base[3 * bins + k] }
  func slope(_ k: Int) -> Double { base[4 * bins + k] }

  @inline(__always)
  func local(
    _ x: Double, bin k: Int
  ) -> (xi: Double, s: Double, d0: Double, d1: Double, width: Double, numerator: Double, denominator: Double) {
    let s = height(k) / width(k)
    let (d0, d1) = (slope(k), slope(k + 1))
    let xi = (x - base[k]) / width(k)
    let theta = xi * (1 - xi)
    return (
      xi, s, d0, d1, width(k), d1 * xi * xi + 2 * s * theta + d0 * (1 - xi) * (1 - xi), s + (d0 + d1 - 2 * s) * theta
    )
  }
}
