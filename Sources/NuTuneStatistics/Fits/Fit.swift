import NuTuneNumerics

/// Maximum-likelihood fits from several starts.
public enum Fit {
  /// Minimises −2 ln L from the Cartesian product of all parameters' starts and keeps every distinct local minimum.
  ///
  /// A start that ends in a saddle point continues to both sides of it and has two runs in the result.
  ///
  /// Each start costs some 10 to 30 iterations of 1 + 2n evaluations and one Hessian of about 4n² + 10n; with derivatives one
  /// evaluation for each iteration and 6n for a Hessian. Errors of the likelihood are rethrown. A start that does not
  /// converge is recorded in ``FitResult/runs``.
  ///
  /// - Parameters:
  ///   - likelihood: what is minimised.
  ///   - parameters: its parameters, in order, with starts and bounds.
  ///   - settings: tolerances and steps.
  ///   - jobs: number of threads; the result does not depend on it.
  public static func minimize(
    _ likelihood: some Likelihood, _ parameters: [FitParameter], settings: FitSettings = FitSettings(), jobs: Int = 1
  ) throws -> FitResult {
    let objective = Objective(likelihood)
    guard !parameters.isEmpty else {
      throw InferenceError.badParameter(name: "(none)", reason: "a fit needs at least one parameter")
    }
    var minima: [LocalMinimum] = []
    var runs: [FitResult.Run] = []
    let starts = combinations(parameters.map(\.starts))
    let descents = try Parallel.map(starts.count, threads: jobs) {
      try LocalDescent(from: starts[$0], parameters: parameters, settings: settings, Objective(likelihood))
    }
    var pending = zip(starts, descents).map { (descent: $1, start: $0, escapes: 0) }
    while !pending.isEmpty {
      let (descent, start, escapes) = pending.removeFirst()
      // A descent that ended in a known minimum needs no Hessian of its own.
      if descent.status.isConverged,
        let known = minima.firstIndex(where: {
          $0.status.isConverged && isSame($0, descent.position, descent.value, parameters, settings)
        })
      {
        runs.append(.init(start: start, minimum: known, evaluations: descent.evaluations, status: descent.status))
        continue
      }
      let minimum = try LocalMinimum(descent: descent, parameters: parameters, settings: settings, objective)
      if let direction = minimum.descentDirection, escapes < 2 {
        // A start on a symmetry axis ends on the ridge between two minima: continue to both sides.
        for sign in [-1.0, 1] {
          let aside = parameters.indices.map { i in
            parameters[i].clamped(minimum.position[i] + sign * direction[i])
          }
          let further = try LocalDescent(from: aside, parameters: parameters, settings: settings, objective)
          pending.insert((further, start, escapes + 1), at: 0)
        }
        continue
      }
      runs.append(
        .init(start: start, minimum: minima.count, evaluations: descent.evaluations, status: minimum.status))
      minima.append(minimum)
    }
    return FitResult(parameters: parameters, found: minima, runs: runs) { a, b in
      isSame(a, b.position, b.value, parameters, settings)
    }
  }

  /// Whether `position` lies in the minimum `known`, within the accuracy of descents.
  private static func isSame(
    _ known: LocalMinimum, _ position: [Double], _ value: Double, _ parameters: [FitParameter], _ settings: FitSettings
  ) -> Bool {
    let shift = parameters.indices.map { parameters[$0].difference(position[$0], known.position[$0]) }
    guard known.isPositiveDefinite, abs(value - known.value) < settings.sameMinimum else {
      return zip(shift, parameters).allSatisfy { abs($0) < settings.boundTolerance * $1.scale }
    }
    // Parameters at a bound have no curvature here: compare them by distance.
    for i in shift.indices where known.atBound[i] {
      if abs(shift[i]) > 2 * settings.boundTolerance * parameters[i].scale { return false }
    }
    var rise = 0.0
    for i in shift.indices { for j in shift.indices { rise += 0.5 * known.hessian[i, j] * shift[i] * shift[j] } }
    return rise < settings.sameMinimum
  }

  private static func combinations(_ starts: [[Double]]) -> [[Double]] {
    starts.reduce([[]]) { partial, values in partial.flatMap { head in values.map { head + [$0] } } }
  }
}
