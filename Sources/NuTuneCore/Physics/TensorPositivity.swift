/// Conditions for a positive hadron tensor at one (ω, Q²), for massless leptons:
///
///     W_T = W₁ ≥ 0        W_L = (1+ω²/Q²) W₂ − W₁ ≥ 0        |W₃| |q|/(2M) ≤ W₁
///
/// Then no combination of lepton momenta gives a negative cross section. Lepton masses bring in W₄ and W₅, which these
/// conditions do not constrain.
public struct TensorPositivity: Sendable {
  /// W_T in GeV⁻¹.
  public let transverse: Double
  /// W_L in GeV⁻¹.
  public let longitudinal: Double
  /// |W₃| |q|/(2M) in GeV⁻¹.
  public let parityViolating: Double
  /// |W₁| + (1+ω²/Q²)|W₂| + |W₃| |q|/(2M), the scale against which rounding is measured.
  public let size: Double

  /// Computes the bounds from structure functions in GeV⁻¹ at ω in GeV and Q² > 0 in GeV².
  @inlinable
  public init(w1: Double, w2: Double, w3: Double, omega: Double, q2: Double) {
    let momentumSquared = q2 + omega * omega
    let second = momentumSquared / q2 * w2
    transverse = w1
    longitudinal = second - w1
    parityViolating = abs(w3) * momentumSquared.squareRoot() / (2 * PhysicalConstants.nucleonMass)
    size = abs(w1) + abs(second) + parityViolating
  }

  /// The largest violation of the three bounds, as a share of ``size``; 0 if none is violated.
  public var violation: Double {
    guard size > 0 else { return 0 }
    return max(0, -transverse, -longitudinal, parityViolating - max(transverse, 0)) / size
  }

  /// Whether W₃ is at its bound to a relative `tolerance`; a model whose W₃ is clipped there has a kink.
  public func isAtBound(within tolerance: Double) -> Bool {
    parityViolating > 0 && parityViolating >= (1 - tolerance) * transverse
  }
}

extension StructureFunctions {
  /// Computes the positivity bounds at every point, shape [points].
  public func positivity(at points: InvariantPoints) -> [TensorPositivity] {
    (0..<count).map {
      TensorPositivity(w1: w[0][$0], w2: w[1][$0], w3: w[2][$0], omega: points.omega[$0], q2: points.q2[$0])
    }
  }
}
