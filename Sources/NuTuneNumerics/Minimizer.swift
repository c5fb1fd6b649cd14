import CGSL

/// Minimisers of a function of several variables. Scale the variables so that a unit is a typical change: the
/// stopping criteria and steps below are in these units.
///
/// A run that ends without meeting its criterion returns its best point with
/// ``ConvergenceStatus/notConverged(_:)``; an error is thrown only when the function threw, or returned NaN or
/// infinity.
public enum Minimizer {
  /// Nelder and Mead's simplex (GSL `nmsimplex2`), for functions without a usable gradient.
  /// - Parameters:
  ///   - start: first corner, shape [n].
  ///   - steps: initial size of the simplex in each variable, shape [n].
  ///   - sizeTolerance: converged when the mean distance of the corners from their centre is below it.
  ///   - maximumIterations: ends the search without an error; the status says so.
  ///   - function: the objective, shape [n] → value.
  public static func nelderMead(
    from start: [Double], steps: [Double], sizeTolerance: Double = 1e-6, maximumIterations: Int = 2000,
    _ function: ([Double]) throws -> Double
  ) throws -> MinimizationResult {
    let operation = "Minimizer.nelderMead"
    try checkStart(start, operation)
    guard steps.count == start.count, steps.allSatisfy({ $0.isFinite && $0 != 0 }) else {
      throw NumericsError(operation, .invalidArgument, "steps \(steps) for \(start.count) parameters")
    }
    let minimizer = try NumericsLibrary.allocated(
      gsl_multimin_fminimizer_alloc(cgsl_multimin_fminimizer_nmsimplex2(), start.count), operation)
    defer { gsl_multimin_fminimizer_free(minimizer) }
    var (start, steps) = (start, steps)

    let count = start.count
    return try withMultivariateCallback(operation, function, gradient: nil) { box in
      var gslFunction = gsl_multimin_function(
        f: { multivariateValue($0, $1) }, n: count, params: UnsafeMutableRawPointer(box))
      let initial = withGSLVector(&start) { start in
        withGSLVector(&steps) { gsl_multimin_fminimizer_set(minimizer, &gslFunction, start, $0) }
      }
      var iterations = 0
      var status = ended(initial, "start")
      while status == nil, box.pointee.callback.failure == nil {
        let code = gsl_multimin_fminimizer_iterate(minimizer)
        iterations += 1
        if code != GSL_SUCCESS {
          status = ended(code, "iteration \(iterations)")
        } else if gsl_multimin_fminimizer_size(minimizer) < sizeTolerance {
          status = .converged
        } else if iterations >= maximumIterations {
          status = .notConverged("no convergence in \(iterations) iterations")
        }
      }
      return MinimizationResult(
        position: UnsafePointer(gsl_multimin_fminimizer_x(minimizer)!).values,
        value: gsl_multimin_fminimizer_minimum(minimizer), gradientNorm: nil, iterations: iterations,
        evaluations: box.pointee.callback.evaluations, status: status ?? .notConverged("the function failed"))
    }
  }

  /// Broyden, Fletcher, Goldfarb and Shanno's quasi-Newton method (GSL `vector_bfgs2`).
  /// - Parameters:
  ///   - start: first point, shape [n].
  ///   - firstStep: length of the first trial step.
  ///   - lineTolerance: accuracy of the line searches; 0.1 is GSL's recommendation.
  ///   - gradientTolerance: converged when the Euclidean norm of the gradient is below it.
  ///   - maximumIterations: ends the search without an error; the status says so.
  ///   - differenceSteps: steps hᵢ of central differences, shape [n]; used when `gradient` is nil, 1e-5 by default.
  ///   - gradient: the gradient at a point, shape [n] → [n].
  ///   - function: the objective, shape [n] → value.
  public static func bfgs(
    from start: [Double], firstStep: Double = 0.1, lineTolerance: Double = 0.1, gradientTolerance: Double = 1e-6,
    maximumIterations: Int = 500, differenceSteps: [Double]? = nil, gradient: (([Double]) throws -> [Double])? = nil,
    _ function: ([Double]) throws -> Double
  ) throws -> MinimizationResult {
    let operation = "Minimizer.bfgs"
    try checkStart(start, operation)
    let minimizer = try NumericsLibrary.allocated(
      gsl_multimin_fdfminimizer_alloc(cgsl_multimin_fdfminimizer_vector_bfgs2(), start.count), operation)
    defer { gsl_multimin_fdfminimizer_free(minimizer) }
    var start = start

    let count = start.count
    return try withMultivariateCallback(
      operation, function, gradient: gradient,
      differenceSteps: differenceSteps ?? [Double](repeating: 1e-5, count: count)
    ) { box in
      var gslFunction = gsl_multimin_function_fdf(
        f: { multivariateValue($0, $1) }, df: { multivariateGradient($0, $1, $2) },
        fdf: { x, context, value, gradient in
          value?.pointee = multivariateValue(x, context)
          multivariateGradient(x, context, gradient)
        }, n: count, params: UnsafeMutableRawPointer(box))
      let initial = withGSLVector(&start) {
        gsl_multimin_fdfminimizer_set(minimizer, &gslFunction, $0, firstStep, lineTolerance)
      }
      var iterations = 0
      var norm = gsl_blas_dnrm2(gsl_multimin_fdfminimizer_gradient(minimizer))
      var status = norm < gradientTolerance ? .converged : ended(initial, "start")
      while status == nil, box.pointee.callback.failure == nil {
        let code = gsl_multimin_fdfminimizer_iterate(minimizer)
        iterations += 1
        norm = gsl_blas_dnrm2(gsl_multimin_fdfminimizer_gradient(minimizer))
        if norm < gradientTolerance {
          status = .converged
        } else if code != GSL_SUCCESS {
          status = ended(code, "iteration \(iterations), gradient norm \(norm)")
        } else if iterations >= maximumIterations {
          status = .notConverged("gradient norm \(norm) after \(iterations) iterations")
        }
      }
      return MinimizationResult(
        position: UnsafePointer(gsl_multimin_fdfminimizer_x(minimizer)!).values,
        value: gsl_multimin_fdfminimizer_minimum(minimizer), gradientNorm: norm, iterations: iterations,
        evaluations: box.pointee.callback.evaluations, status: status ?? .notConverged("the function failed"))
    }
  }

  private static func checkStart(_ start: [Double], _ operation: String) throws {
    NumericsLibrary.prepare()
    guard !start.isEmpty, start.allSatisfy(\.isFinite) else {
      throw NumericsError(operation, .invalidArgument, "start \(start); expected finite values, at least one")
    }
  }

  private static func ended(_ code: Int32, _ place: String) -> ConvergenceStatus? {
    guard code != GSL_SUCCESS else { return nil }
    return .notConverged("\(NumericsError.Status(rawValue: code).message) (GSL \(code)) at \(place)")
  }
}
