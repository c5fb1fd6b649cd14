import NuTuneNumerics

/// −2 ln L with some parameters held and the others minimised over.
struct ProfileLikelihood {
  let likelihood: any Likelihood
  let parameters: [FitParameter]
  let settings: FitSettings

  /// Finds the lowest −2 ln L with the parameters of `held` at their values, descending from `start` in the others.
  /// - Parameter start: initial values, shape [parameters]; entries of held parameters are ignored.
  func minimum(holding held: [Int: Double], from start: [Double]) throws -> (
    position: [Double], value: Double, status: ConvergenceStatus
  ) {
    let free = parameters.indices.filter { held[$0] == nil }
    var point = start
    for (i, x) in held { point[i] = x }
    let base = point
    func whole(_ values: [Double]) -> [Double] {
      var whole = base
      for (i, x) in zip(free, values) { whole[i] = x }
      return whole
    }
    let varied = free.map { parameters[$0] }
    let objective = Objective(likelihood).restricted(to: free, at: base)
    let descent = try LocalDescent(
      from: free.map { base[$0] }, parameters: varied, settings: settings, objective)
    guard !descent.status.isConverged else { return (whole(descent.position), descent.value, descent.status) }
    // Far from the best fit a descent may end on rounding: it is judged by its position, like a minimum of a fit.
    let minimum = try LocalMinimum(descent: descent, parameters: varied, settings: settings, objective)
    return (whole(descent.position), descent.value, minimum.status)
  }
}
