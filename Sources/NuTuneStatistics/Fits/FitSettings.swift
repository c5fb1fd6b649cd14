/// Tolerances and steps of a fit; lengths in units of each parameter's scale.
public struct FitSettings: Equatable, Sendable {
  /// Norm of ∂(−2lnL)/∂v, v in units of the scale, below which a descent ends.
  public var gradientTolerance = 1e-5
  /// Step of central differences for the gradient.
  public var gradientStep = 1e-3
  /// Largest number of iterations of one BFGS descent.
  public var maximumIterations = 200
  /// A minimum counts as converged when the estimated vertical distance ½ gᵀ H⁻¹ g to it is below this. MINUIT takes
  /// 1e-4 (0.001 · tolerance 0.1).
  public var distanceTolerance = 1e-6
  /// Two ends of descents count as one minimum when ½ Δxᵀ H Δx is below this: 0.05 σ.
  public var sameMinimum = 0.0025
  /// A parameter closer to a bound than this many scales is at the bound.
  public var boundTolerance = 1e-3

  /// Creates the default settings.
  public init() {}
}
