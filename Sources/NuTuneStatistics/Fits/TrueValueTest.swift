import NuTuneNumerics

/// Test of the true parameters against a fit: Δ(−2 ln L) at the true value of each parameter, the others profiled, and
/// at the true values of all. An interval or region of a level contains the truth if Δ is at most the level.
public struct TrueValueTest: Sendable {
  /// Δ at the true value of each parameter, shape [parameters].
  public let each: [Double]
  /// Δ at the true values of all parameters together.
  public let joint: Double
  /// The minimum nearest to the truth (same octant), by distances in units of the parameters' scales; shape
  /// [parameters].
  public let best: [Double]
  /// Errors at the nearest minimum from the curvature of −2 ln L; nil at a bound or without positive curvature. Shape
  /// [parameters].
  public let errors: [Double?]
  /// Whether all minimisations converged, and none found a lower point than the fit.
  public let isConverged: Bool

  /// Largest distance of a point below the fit's lowest minimum that the tolerance of descents explains; a lower point
  /// means that the fit has missed a minimum.
  private static let missed = 1e-3

  /// Fits, and compares the fit with the truth.
  ///
  /// - Parameters:
  ///   - likelihood: the likelihood that is fitted.
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
      // Any local minimum may lead to the lowest point.
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
