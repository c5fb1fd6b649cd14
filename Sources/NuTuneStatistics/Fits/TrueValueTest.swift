import NuTuneNumerics

/// How far a fit puts the true parameters from its best ones: Δ(−2 ln L) at the true value of each parameter, the others
/// profiled, and of all together. An interval or region of a level contains the truth where Δ is at most the level.
public struct TrueValueTest: Sendable {
  /// Δ at the true value of each parameter, shape [parameters].
  public let each: [Double]
  /// Δ at the true values of all.
  public let joint: Double
  /// The minimum nearest to the truth, of the same octant for instance, in units of the parameters' scales; shape [parameters].
  public let best: [Double]
  /// Errors there from the curvature of −2 ln L; nil at a bound or where the curvature is none. Shape [parameters].
  public let errors: [Double?]
  /// Whether all minimisations converged, and none found a lower point than the fit.
  public let isConverged: Bool

  /// How far below the fit's lowest minimum a point may lie by the tolerance of descents; lower, the fit has missed one.
  private static let missed = 1e-3

  /// Fits and compares.
  ///
  /// - Parameters:
  ///   - likelihood: what is fitted.
  ///   - parameters: all parameters of the likelihood, in its order.
  ///   - truth: the true values, shape [parameters].
  ///   - settings: tolerances of the minimisations.
  public init(
    _ likelihood: some Likelihood, _ parameters: [FitParameter], truth: [Double], settings: FitSettings = FitSettings()
  ) throws {
    let fit = try Fit.minimize(likelihood, parameters, settings: settings)
    let profile = ProfileLikelihood(likelihood: likelihood, parameters: parameters, settings: settings)
    var converged = fit.best.status.isConverged
    each = try parameters.indices.map { index in
      // Every valley may hold the lowest point.
      let found = try fit.minima.map { try profile.minimum(holding: [index: truth[index]], from: $0.position) }
      guard let lowest = found.min(by: { $0.value < $1.value }) else { return 0 }
      if !lowest.status.isConverged || lowest.value < fit.best.value - Self.missed { converged = false }
      return max(lowest.value - fit.best.value, 0)
    }
    let difference = try likelihood.minusTwoLogLikelihood(at: truth) - fit.best.value
    if difference < -Self.missed { converged = false }
    joint = max(difference, 0)
    let nearest = fit.minimum(nearest: truth)
    best = nearest.position
    errors = nearest.errors
    isConverged = converged
  }
}
