import Foundation

/// The scaling function f(ψ′), one for all nuclei and momentum transfers.
public enum ScalingFunction: String, Sendable, CaseIterable {
  /// Fitted to the longitudinal response of (e, e′): J. E. Amaro et al., Phys. Rev. C 71 (2005) 015501,
  ///
  ///     f(ψ) = 1.5576 / [1 + 1.7720² (ψ + 0.3014)²] / (1 + e^(−2.4291 ψ))
  ///
  /// Its integral is 1.014 up to ψ = 5, where data end, and 1.107 with the continued tail.
  case superscaling
  /// The relativistic Fermi gas, ¾ (1 − ψ²) for |ψ| < 1, with integral one.
  case fermiGas = "fermi-gas"

  /// Computes f at ψ, dimensionless.
  public func value(_ psi: Double) -> Double {
    switch self {
    case .superscaling:
      let pull = 1.7720 * (psi + 0.3014)
      return 1.5576 / (1 + pull * pull) / (1 + exp(-2.4291 * psi))
    case .fermiGas:
      return max(0.75 * (1 - psi * psi), 0)
    }
  }
}
