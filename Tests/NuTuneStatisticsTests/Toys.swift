import Foundation
import NuTuneStatistics
import NuTuneNumerics

/// −2 ln L = Σ (x − c)ᵢ Wᵢⱼ (x − c)ⱼ + offset: covariance W⁻¹.
struct QuadraticLikelihood: Likelihood {
  let center: [Double]
  let weight: Matrix
  var offset = 0.0

  func minusTwoLogLikelihood(at x: [Double]) throws -> Double {
    var sum = offset
    for i in x.indices { for j in x.indices { sum += (x[i] - center[i]) * weight[i, j] * (x[j] - center[j]) } }
    return sum
  }
}

/// Any function as a likelihood.
struct FunctionLikelihood: Likelihood {
  let function: @Sendable ([Double]) throws -> Double
  func minusTwoLogLikelihood(at x: [Double]) throws -> Double { try function(x) }
}

/// A Gaussian shape on bins −3…3: p_b ∝ exp(a x_b + b x_b²). An exponential family, so the Hessian of −2 ln L is
/// 2N Cov(x, x²) for any data.
enum GaussianShape {
  static let x = (0..<61).map { -3 + 0.1 * Double($0) }

  @Sendable static func prediction(_ p: [Double]) -> [Double] { x.map { exp(p[0] * $0 + p[1] * $0 * $0) } }

  static func covariance(_ p: [Double], events: Double) throws -> Matrix {
    let weights = prediction(p)
    let total = weights.reduce(0, +)
    func mean(_ f: (Double) -> Double) -> Double { zip(x, weights).reduce(0) { $0 + f($1.0) * $1.1 } / total }
    let (m1, m2) = (mean { $0 }, mean { $0 * $0 })
    let c11 = mean { ($0 - m1) * ($0 - m1) }
    let c12 = mean { ($0 - m1) * ($0 * $0 - m2) }
    let c22 = mean { ($0 * $0 - m2) * ($0 * $0 - m2) }
    let determinant = events * (c11 * c22 - c12 * c12)
    return try Matrix([[c22 / determinant, -c12 / determinant], [-c12 / determinant, c11 / determinant]])
  }
}

/// Disappearance that sees only s(1 − s): p_b ∝ f_b [1 − 4 s (1 − s) sin²(φ m / e_b)], symmetric about s = ½.
enum TwoOctants {
  static let energy = (0..<30).map { 0.6 + 0.15 * Double($0) }

  @Sendable static func prediction(_ p: [Double]) -> [Double] {
    energy.map { e in
      let wave = sin(3 * p[1] / e)
      return exp(-(e - 2.5) * (e - 2.5)) * (1 - 4 * p[0] * (1 - p[0]) * wave * wave)
    }
  }

  static func likelihood(s: Double, mass: Double = 1, events: Double) throws -> ShapeLikelihood {
    try ShapeLikelihood(
      counts: PseudoData.asimov(probabilities: prediction([s, mass]), events: events), prediction: prediction)
  }

  static func parameters() throws -> [FitParameter] {
    [
      try FitParameter(name: "s", starts: [0.4, 0.6], bounds: 0.2...0.8, scale: 0.02),
      try FitParameter(name: "m", unit: "eV²", starts: [0.95, 1.05], bounds: 0.7...1.3, scale: 0.01),
    ]
  }
}
