import CGSL

/// Nonlinear least squares: the parameters that minimise Σ rᵢ(θ)², by Levenberg and Marquardt's trust-region method
/// with QR solves (GSL `multifit_nlinear`).
public enum LeastSquares {
  /// Fits the parameters, starting from `start`.
  /// - Parameters:
  ///   - start: initial parameters, shape [parameters].
  ///   - count: number of residuals.
  ///   - tolerance: converged when the relative change of the parameters, or the gradient relative to χ² (or to 1 if
  ///     χ² is smaller), is below it.
  ///   - maximumIterations: ends the fit without an error; the status says so.
  ///   - jacobian: ∂rᵢ/∂θⱼ, shape [residuals × parameters]; central differences when nil.
  ///   - function: (model − data)/error, shape [parameters] → [residuals].
  public static func fit(
    from start: [Double], residuals count: Int, tolerance: Double = 1e-10, maximumIterations: Int = 200,
    jacobian: (([Double]) throws -> Matrix)? = nil, _ function: ([Double]) throws -> [Double]
  ) throws -> LeastSquaresResult {
    let operation = "LeastSquares.fit"
    NumericsLibrary.prepare()
    let parameters = start.count
    guard parameters > 0, count >= parameters, start.allSatisfy(\.isFinite) else {
      throw NumericsError(
        operation, .invalidArgument,
        "\(count) residuals for start \(start); expected at least as many residuals as finite parameters")
    }
    var settings = gsl_multifit_nlinear_default_parameters()
    settings.trs = cgsl_multifit_nlinear_trs_lm()
    settings.scale = cgsl_multifit_nlinear_scale_more()
    settings.solver = cgsl_multifit_nlinear_solver_qr()
    settings.fdtype = GSL_MULTIFIT_NLINEAR_CTRDIFF
    // Central differences are best near the cube root of machine precision; GSL's default suits forward ones.
    settings.h_df = 6e-6
    let workspace = try NumericsLibrary.allocated(
      gsl_multifit_nlinear_alloc(cgsl_multifit_nlinear_trust(), &settings, count, parameters), operation)
    defer { gsl_multifit_nlinear_free(workspace) }

    return try withoutActuallyEscaping(function) { function in
      var box = ResidualsCallback(
        callback: Callback(function: function), jacobian: jacobian, operation: operation, residuals: count)
      let outcome: Result<LeastSquaresResult, any Error> = withUnsafeMutablePointer(to: &box) { pointer in
        Result { try run(workspace, pointer, start, tolerance, maximumIterations) }
      }
      if let failure = box.callback.failure { throw failure }
      return try outcome.get()
    }
  }

  private static func run(
    _ workspace: UnsafeMutablePointer<gsl_multifit_nlinear_workspace>, _ box: UnsafeMutablePointer<ResidualsCallback>,
    _ start: [Double], _ tolerance: Double, _ maximumIterations: Int
  ) throws -> LeastSquaresResult {
    let operation = box.pointee.operation
    let count = box.pointee.residuals
    var problem = gsl_multifit_nlinear_fdf()
    problem.f = { x, context, out in
      guard let x, let context, let out else { return Int32(GSL_EFAULT) }
      return context.assumingMemoryBound(to: ResidualsCallback.self).pointee.residuals(at: x.values, into: out)
    }
    if box.pointee.jacobian != nil {
      problem.df = { x, context, out in
        guard let x, let context, let out else { return Int32(GSL_EFAULT) }
        return context.assumingMemoryBound(to: ResidualsCallback.self).pointee.jacobian(at: x.values, into: out)
      }
    }
    problem.n = count
    problem.p = start.count
    problem.params = UnsafeMutableRawPointer(box)
    var start = start
    try NumericsLibrary.check(
      withGSLVector(&start) { gsl_multifit_nlinear_init($0, &problem, workspace) }, operation, "start \(start)")
    var criterion: Int32 = 0
    // GSL 2.7 does not test χ², hence 0 for its tolerance.
    let code = gsl_multifit_nlinear_driver(
      maximumIterations, tolerance, tolerance, 0, nil, nil, &criterion, workspace)
    let iterations = Int(gsl_multifit_nlinear_niter(workspace))
    var covariance = Matrix(rows: start.count, columns: start.count)
    try NumericsLibrary.check(
      withGSLMatrix(&covariance) { gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(workspace), 0, $0) }, operation,
      "covariance")
    let residuals = gsl_multifit_nlinear_residual(workspace)!.values
    return LeastSquaresResult(
      parameters: gsl_multifit_nlinear_position(workspace)!.values, covariance: covariance,
      chiSquare: residuals.reduce(0) { $0 + $1 * $1 }, degreesOfFreedom: count - start.count, iterations: iterations,
      status: code == GSL_SUCCESS
        ? .converged
        : .notConverged(
          "\(NumericsError.Status(rawValue: code).message) (GSL \(code)) after \(iterations) iterations"))
  }
}

private struct ResidualsCallback {
  var callback: Callback<([Double]) throws -> [Double]>
  let jacobian: (([Double]) throws -> Matrix)?
  let operation: String
  let residuals: Int

  mutating func residuals(at x: [Double], into out: UnsafeMutablePointer<gsl_vector>) -> Int32 {
    let (function, expected, operation) = (callback.function, residuals, operation)
    callback.evaluations += 1
    return perform {
      let values = try function(x)
      guard values.count == expected else {
        throw NumericsError(operation, .badLength, "\(values.count) residuals; expected \(expected)")
      }
      if let bad = values.firstIndex(where: { !$0.isFinite }) {
        throw NumericsError(operation, .badFunction, "residual \(bad) is \(values[bad]) at \(x)")
      }
      out.assign(values)
    }
  }

  mutating func jacobian(at x: [Double], into out: UnsafeMutablePointer<gsl_matrix>) -> Int32 {
    guard let jacobian else { return Int32(GSL_EBADFUNC) }
    let (expected, operation) = (residuals, operation)
    return perform {
      let values = try jacobian(x)
      guard values.rows == expected, values.columns == x.count, values.elements.allSatisfy(\.isFinite) else {
        throw NumericsError(
          operation, .badFunction,
          "Jacobian of \(values.rows)×\(values.columns); expected \(expected)×\(x.count), all finite")
      }
      out.assign(values)
    }
  }

  private mutating func perform(_ body: () throws -> Void) -> Int32 {
    guard callback.failure == nil else { return Int32(GSL_EBADFUNC) }
    do {
      try body()
      return Int32(GSL_SUCCESS)
    } catch {
      callback.failure = error
      return Int32(GSL_EBADFUNC)
    }
  }
}
