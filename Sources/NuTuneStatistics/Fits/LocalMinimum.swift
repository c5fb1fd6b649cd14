import NuTuneNumerics

/// A local minimum of −2 ln L with the curvature around it.
public struct LocalMinimum: Equatable, Sendable {
  /// Parameter values, in the parameters' units, shape [parameters].
  public let position: [Double]
  /// −2 ln L at ``position``.
  public let value: Double
  /// Whether each parameter lies at a bound; such parameters are held there for curvature and errors. Shape
  /// [parameters].
  public let atBound: [Bool]
  /// ∂²(−2lnL)/∂xᵢ∂xⱼ, shape [parameters × parameters]; rows and columns of parameters at a bound are zero.
  public let hessian: Matrix
  /// 2 H⁻¹ over the parameters that are not at a bound, zero elsewhere; nil when H is not positive definite.
  /// Shape [parameters × parameters].
  public let covariance: Matrix?
  /// Estimated vertical distance to the true minimum, ½ gᵀ H⁻¹ g; nil when H is not positive definite.
  public let estimatedDistance: Double?
  /// Whether this is a minimum by the criterion of ``FitSettings``, or why it is not.
  public let status: ConvergenceStatus

  /// A direction in which −2 ln L falls on both sides, one scale long; nil except at a saddle point.
  let descentDirection: [Double]?

  /// Thresholds on curvatures from numerical second derivatives, relative to the largest: a negative one beyond the
  /// first means a saddle, and a positive one below the second cannot be told from zero.
  private static let negligibleCurvature = 1e-4
  private static let resolvedCurvature = 1e-7

  /// Whether the Hessian is positive definite; otherwise there are no parabolic errors, e.g. at a quartic minimum
  /// (maximal mixing) or along a flat direction.
  public var isPositiveDefinite: Bool { covariance != nil }

  /// Standard errors, in the parameters' units; nil at a bound and without a covariance. Shape [parameters].
  public var errors: [Double?] {
    position.indices.map { i in
      guard let covariance, !atBound[i] else { return nil }
      return covariance[i, i].squareRoot()
    }
  }

  /// Returns the correlation of two parameters; nil if one of them has no error.
  public func correlation(_ i: Int, _ j: Int) -> Double? {
    guard let covariance, !atBound[i], !atBound[j] else { return nil }
    return covariance[i, j] / (covariance[i, i] * covariance[j, j]).squareRoot()
  }

  init(
    descent: LocalDescent, parameters: [FitParameter], settings: FitSettings, _ objective: Objective
  ) throws {
    position = zip(parameters, descent.position).map { $0.wrapped($1) }
    value = descent.value
    let atBound = zip(parameters, descent.position).map { parameter, x in
      parameter.room(at: x) < settings.boundTolerance * parameter.scale
    }
    self.atBound = atBound
    let free = atBound.indices.filter { !atBound[$0] }
    guard !free.isEmpty else {
      let zero = Matrix(rows: parameters.count, columns: parameters.count)
      (hessian, covariance, estimatedDistance) = (zero, zero, 0)
      descentDirection = nil
      status = descent.status
      return
    }
    let curvature = try FreeCurvature(at: descent, free: free, of: parameters, objective)
    hessian = curvature.hessian
    let (smallest, largest) = (curvature.smallest, curvature.largest)
    if smallest < -max(Self.negligibleCurvature * abs(largest), 1e-9) {
      descentDirection = curvature.softestDirection
      (covariance, estimatedDistance) = (nil, nil)
      status = .notConverged("a saddle point: curvature \(smallest) per squared scale")
      return
    }
    descentDirection = nil
    guard smallest > Self.resolvedCurvature * largest else {
      (covariance, estimatedDistance) = (nil, nil)
      status = descent.status
      return
    }
    covariance = curvature.covariance
    let distance = curvature.distance
    estimatedDistance = distance
    // A descent that ended on rounding is judged by its position, as in MINUIT.
    status =
      distance < settings.distanceTolerance
      ? .converged
      : .notConverged("estimated distance to the minimum \(distance) (\(descent.status))")
  }
}
