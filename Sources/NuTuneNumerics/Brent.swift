import CGSL

/// Brent's methods for functions of one variable.
public enum Brent {
  /// Finds the root of `function` in `bracket`, at whose ends it must have different signs (Brent–Dekker).
  ///
  /// Converged when the bracket is shorter than `absoluteTolerance + relativeTolerance·|x|`; otherwise throws with
  /// status `tooManyIterations`. An end where the function is exactly zero is a root.
  public static func root(
    in bracket: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-12,
    maximumIterations: Int = 100, _ function: (Double) throws -> Double
  ) throws -> Root {
    let operation = "Brent.root"
    NumericsLibrary.prepare()
    let solver = try NumericsLibrary.allocated(gsl_root_fsolver_alloc(cgsl_root_fsolver_brent()), operation)
    defer { gsl_root_fsolver_free(solver) }
    let (status, evaluations) = try withScalarCallback(operation, function) { gslFunction -> Int32 in
      let initial = gsl_root_fsolver_set(solver, gslFunction, bracket.lowerBound, bracket.upperBound)
      guard initial == GSL_SUCCESS else { return initial }
      for _ in 0..<maximumIterations {
        let code = gsl_root_fsolver_iterate(solver)
        guard code == GSL_SUCCESS else { return code }
        let test = gsl_root_test_interval(
          gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver), absoluteTolerance, relativeTolerance)
        if test != Int32(GSL_CONTINUE) { return test }
      }
      return NumericsError.Status.tooManyIterations.rawValue
    }
    try NumericsLibrary.check(status, operation, "in \(bracket)")
    let (lower, upper) = (gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver))
    return Root(
      position: gsl_root_fsolver_root(solver), bracket: min(lower, upper)...max(lower, upper), evaluations: evaluations)
  }

  /// Finds the minimum of `function` in `range` by parabolas and golden sections.
  /// - Parameters:
  ///   - range: the interval that is searched.
  ///   - guess: a point inside where the function is below both ends; the golden section of the range by default. If it
  ///     is not below both ends, the range need not enclose a minimum, and status `invalidArgument` is thrown.
  ///   - absoluteTolerance: converged when the bracket is shorter than `absoluteTolerance + relativeTolerance·|x|`.
  ///     Relative accuracy beyond the square root of machine precision (1.5e-8) cannot be reached from function values.
  ///   - relativeTolerance: see `absoluteTolerance`.
  ///   - maximumIterations: ends the search without an error; the status says so.
  ///   - function: finite in the range.
  public static func minimum(
    in range: ClosedRange<Double>, guess: Double? = nil, absoluteTolerance: Double = 0,
    relativeTolerance: Double = 1e-7, maximumIterations: Int = 200, _ function: (Double) throws -> Double
  ) throws -> MinimizationResult {
    let operation = "Brent.minimum"
    NumericsLibrary.prepare()
    let minimizer = try NumericsLibrary.allocated(gsl_min_fminimizer_alloc(cgsl_min_fminimizer_brent()), operation)
    defer { gsl_min_fminimizer_free(minimizer) }
    let guess = guess ?? range.lowerBound + 0.381_966_011_250_105 * (range.upperBound - range.lowerBound)
    var iterations = 0
    let (status, evaluations) = try withScalarCallback(operation, function) { gslFunction -> Int32 in
      let initial = gsl_min_fminimizer_set(minimizer, gslFunction, guess, range.lowerBound, range.upperBound)
      guard initial == GSL_SUCCESS else { return initial }
      for _ in 0..<maximumIterations {
        let code = gsl_min_fminimizer_iterate(minimizer)
        iterations += 1
        guard code == GSL_SUCCESS else { return code }
        let test = gsl_min_test_interval(
          gsl_min_fminimizer_x_lower(minimizer), gsl_min_fminimizer_x_upper(minimizer), absoluteTolerance,
          relativeTolerance)
        if test != Int32(GSL_CONTINUE) { return test }
      }
      return Int32(GSL_CONTINUE)
    }
    if status != Int32(GSL_CONTINUE) {
      try NumericsLibrary.check(status, operation, "no minimum enclosed by \(range) with guess \(guess)")
    }
    return MinimizationResult(
      position: [gsl_min_fminimizer_x_minimum(minimizer)], value: gsl_min_fminimizer_f_minimum(minimizer),
      gradientNorm: nil, iterations: iterations, evaluations: evaluations,
      status: status == GSL_SUCCESS ? .converged : .notConverged("no convergence in \(iterations) iterations"))
  }
}
