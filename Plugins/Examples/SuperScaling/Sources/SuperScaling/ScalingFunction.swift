import Foundation
import NuTuneCore

/// The scaling function f(ψ′), one for all nuclei and momentum transfers.
public enum ScalingFunction: String, Sendable, CaseIterable {
  /// Fitted to the longitudinal response of (e, e′): J. E. Amaro et al., Phys. Rev. C 71 (2005) 015501,
  ///
  ///     f(ψ) = 1.5576 / [1 + 1.7720² (ψ + 0.3014)²] / (1 + e^(−2.4291 ψ))
  ///
  /// Its integral is 1.014 up to ψ = 5, where data end, and 1.107 with the tail as it is continued.
  case superscaling
  /// The relativistic Fermi gas, ¾ (1 − ψ²) for |ψ| < 1, with integral one.
  case fermiGas = "fermi-gas"

  /// f at ψ, dimensionless.
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

/// The scaling variable of the relativistic Fermi gas for one nucleus.
public struct ScalingVariable: Sendable, Hashable {
  /// Fermi momentum k_F in GeV.
  public var fermiMomentum: Double
  /// Energy shift E_s in GeV, what a nucleon costs beside its kinetic energy.
  public var energyShift: Double

  /// The variable of a nucleus.
  public init(fermiMomentum: Double, energyShift: Double) {
    self.fermiMomentum = fermiMomentum
    self.energyShift = energyShift
  }

  /// ψ′ at (ω, Q²) in GeV and GeV²; nil where ω − E_s is more than the momentum transfer, or no nucleon could take it.
  ///
  /// With κ = |q|/2M, λ′ = (ω − E_s)/2M, τ′ = κ² − λ′², ξ_F = √(1 + k_F²/M²) − 1:
  ///
  ///     ψ′ = (λ′ − τ′) / √{ξ_F [(1 + λ′)τ′ + κ√(τ′(1 + τ′))]}
  public func value(omega: Double, q2: Double) -> Double? {
    let mass = PhysicalConstants.nucleonMass
    let kappaSquared = (q2 + omega * omega) / (4 * mass * mass)
    let lambda = (omega - energyShift) / (2 * mass)
    let tau = kappaSquared - lambda * lambda
    guard tau > 0 else { return nil }
    let ratio = fermiMomentum / mass
    // √(1+η²) − 1 without the difference
    let xi = ratio * ratio / ((1 + ratio * ratio).squareRoot() + 1)
    let scale = xi * ((1 + lambda) * tau + (kappaSquared * tau * (1 + tau)).squareRoot())
    return (lambda - tau) / scale.squareRoot()
  }
}
