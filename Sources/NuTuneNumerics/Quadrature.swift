import CGSL

/// One-dimensional adaptive quadrature; nest it for integrals in more dimensions.
public enum Quadrature {
  /// Integrates: ∫ f(x) dx over `range` by CQUAD, doubly adaptive Clenshaw–Curtis quadrature (P. Gonnet, ACM TOMS 37
  /// (2010) 26).
  ///
  /// Ends when the error estimate is below `max(absoluteTolerance, relativeTolerance·|value|)`. A tolerance that
  /// rounding or the number of `intervals` puts out of reach is an error, not a silently worse value: in nested
  /// integrals ask the inner one for a smaller tolerance than the outer one.
  ///
  /// Cost: from 33 evaluations for a smooth integrand; one workspace of 0.8 kB per interval for the call.
  /// - Parameters:
  ///   - range: finite.
  ///   - absoluteTolerance: in the unit of the integral, not negative.
  ///   - relativeTolerance: not negative; one of the two is above zero.
  ///   - intervals: largest number of subintervals that are refined at a time.
  ///   - function: called at the ends of the range too. Its errors are rethrown; NaN or infinity is a ``NumericsError``
  ///     with status `badFunction`.
  public static func adaptive(
    over range: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-10,
    intervals: Int = 128, _ function: (Double) throws -> Double
  ) throws -> Integral {
    let operation = "Quadrature.adaptive"
    NumericsLibrary.prepare()
    guard range.lowerBound.isFinite, range.upperBound.isFinite else {
      throw NumericsError(operation, .invalidArgument, "the range \(range) is not finite")
    }
    guard absoluteTolerance >= 0, relativeTolerance >= 0, absoluteTolerance + relativeTolerance > 0 else {
      throw NumericsError(
        operation, .invalidArgument, "tolerances \(absoluteTolerance) (absolute), \(relativeTolerance) (relative)")
    }
    guard range.lowerBound < range.upperBound else { return Integral(value: 0, error: 0, evaluations: 0) }
    let workspace = try NumericsLibrary.allocated(
      gsl_integration_cquad_workspace_alloc(max(3, intervals)), operation)
    defer { gsl_integration_cquad_workspace_free(workspace) }

    var value = 0.0
    var error = 0.0
    // CQUAD skips nodes where the integrand is NaN, so NaN cannot stop it after an error; a constant can.
    let (status, evaluations) = try withScalarCallback(operation, function, afterFailure: 0) { gslFunction in
      gsl_integration_cquad(
        gslFunction, range.lowerBound, range.upperBound, absoluteTolerance, relativeTolerance, workspace, &value,
        &error, nil)
    }
    try NumericsLibrary.check(status, operation, "over \(range): value \(value), error \(error)")
    // CQUAD returns success also when it gave up on intervals that cannot be halved any more.
    guard error <= max(absoluteTolerance, relativeTolerance * abs(value)) || error == 0 else {
      throw NumericsError(
        operation, .toleranceNotReached,
        "over \(range): value \(value), error \(error), wanted \(absoluteTolerance) absolute or "
          + "\(relativeTolerance) relative, after \(evaluations) evaluations")
    }
    return Integral(value: value, error: error, evaluations: evaluations)
  }
}
