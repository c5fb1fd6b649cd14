import Foundation

/// The signed root of a bin's Poisson deviance, whose square is its part of −2lnL:
///
///     r = sign(μ − n) √(2[μ − n + n ln(n/μ)]) = √n t √g,    t = (μ − n)/n,   g = 2[t − ln(1+t)]/t²
///
/// g is smooth and one at t = 0, so that neither r nor its slope cancels.
package struct DevianceResidual: Sendable, Hashable {
  /// r.
  package let value: Double
  /// ∂r/∂μ.
  package let slope: Double

  /// Computes the residual of n ≥ 0 events where μ > 0 are expected.
  package init(events n: Double, expected mu: Double) {
    guard n > 0 else {
      value = (2 * mu).squareRoot()
      slope = 1 / value
      return
    }
    let t = (mu - n) / n
    let g: Double
    if abs(t) < 1e-3 {
      g = 1 - t * (2 / 3 - t * (1 / 2 - t * (2 / 5 - t / 3)))
    } else {
      g = 2 * (t - (t < -0.5 ? log(mu / n) : log1p(t))) / (t * t)
    }
    let root = (n * g).squareRoot()
    value = t * root
    slope = n / (mu * root)
  }
}
