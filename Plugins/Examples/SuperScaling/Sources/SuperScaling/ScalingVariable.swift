import NuTuneCore

/// The scaling variable of the relativistic Fermi gas for one nucleus.
public struct ScalingVariable: Sendable, Hashable {
  /// Fermi momentum k_F in GeV.
  public var fermiMomentum: Double
  /// Energy shift E_s in GeV, the energy to free a nucleon in addition to its kinetic energy.
  public var energyShift: Double

  /// Creates the variable of a nucleus.
  public init(fermiMomentum: Double, energyShift: Double) {
    self.fermiMomentum = fermiMomentum
    self.energyShift = energyShift
  }

  /// Computes ψ′ at (ω, Q²) in GeV and GeV²; nil where ω − E_s is more than the momentum transfer, or no nucleon could
  /// absorb it.
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
