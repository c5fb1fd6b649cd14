import NuTuneNumerics

/// One descent from one start into one local minimum.
struct LocalDescent {
  let position: [Double]
  let value: Double
  let evaluations: Int
  let status: ConvergenceStatus

  /// Descends by BFGS with the derivatives of the function, or central differences without; if that stalls, Nelder and Mead's simplex continues from its best point
  /// and BFGS tries again. An end that still stalls at a bound is tested there (``atBounds(_:value:of:settings:_:)``).
  /// - Parameters:
  ///   - parameters: the varied parameters, in the order of `start`.
  ///   - objective: −2 ln L of these parameters.
  init(from start: [Double], parameters: [FitParameter], settings: FitSettings, _ objective: Objective) throws {
    guard !parameters.isEmpty else {
      position = []
      value = try objective.value([])
      evaluations = 1
      status = .converged
      return
    }
    let unit = [Double](repeating: 1, count: parameters.count)
    var from = start
    var evaluations = 0
    var best = (position: start, value: Double.infinity)
    var status = ConvergenceStatus.notConverged("not started")
    for attempt in 0..<3 {
      let coordinates = BoundedCoordinates(parameters, start: from)
      let bfgs = try Self.bfgs(in: coordinates, settings, objective, count: parameters.count)
      evaluations += bfgs.evaluations
      status = bfgs.status
      if bfgs.value < best.value { best = (coordinates.position(bfgs.position), bfgs.value) }
      if status.isConverged || attempt == 2 { break }
      let simplexCoordinates = BoundedCoordinates(parameters, start: best.position)
      let simplex = try Minimizer.nelderMead(
        from: unit.map { _ in 0 }, steps: unit.map { 0.3 * $0 }, sizeTolerance: 1e-4,
        maximumIterations: 10 * settings.maximumIterations
      ) { try objective.value(simplexCoordinates.position($0)) }
      evaluations += simplex.evaluations
      if simplex.value < best.value { best = (simplexCoordinates.position(simplex.position), simplex.value) }
      from = best.position
    }
    if !status.isConverged,
      let held = try Self.atBounds(best.position, value: best.value, of: parameters, settings: settings, objective)
    {
      (position, value, self.evaluations) = (held.position, held.value, evaluations + held.evaluations)
      self.status = .converged
      return
    }
    position = best.position
    // A value that comes with derivatives may be of their accuracy.
    value = try objective.value(best.position)
    self.evaluations = evaluations + 1
    self.status = status
  }

  /// One descent in unbounded coordinates. A line search asks for value and gradient at the same place, one after the other;
  /// where the function has derivatives both come from one evaluation.
  private static func bfgs(
    in coordinates: BoundedCoordinates, _ settings: FitSettings, _ objective: Objective, count: Int
  ) throws -> MinimizationResult {
    let start = [Double](repeating: 0, count: count)
    guard let first = try objective.slope(coordinates.position(start)) else {
      return try Minimizer.bfgs(
        from: start, firstStep: 0.1, gradientTolerance: settings.gradientTolerance,
        maximumIterations: settings.maximumIterations, differenceSteps: start.map { _ in settings.gradientStep }
      ) { try objective.value(coordinates.position($0)) }
    }
    var known = (place: start, slope: first)
    func slope(_ place: [Double]) throws -> LikelihoodSlope {
      guard place != known.place else { return known.slope }
      guard let found = try objective.slope(coordinates.position(place)) else {
        throw InferenceError.notConverged("a likelihood that has derivatives at some places only")
      }
      known = (place, found)
      return found
    }
    return try Minimizer.bfgs(
      from: start, firstStep: 0.1, gradientTolerance: settings.gradientTolerance,
      maximumIterations: settings.maximumIterations,
      gradient: { place in zip(try slope(place).gradient, coordinates.slopes(place)).map { $0 * $1 } }
    ) { try slope($0).value }
  }

  /// Returns the minimum with the parameters that ended at a bound held exactly there; nil when there are none, the
  /// others do not converge, it lies higher, or −2 ln L falls from the bound inwards.
  ///
  /// A function of √x has a cusp at x = 0, where the gradient of a descent does not vanish although it is at the
  /// minimum.
  private static func atBounds(
    _ position: [Double], value: Double, of parameters: [FitParameter], settings: FitSettings,
    _ objective: Objective
  ) throws -> (position: [Double], value: Double, evaluations: Int)? {
    let isHeld = zip(parameters, position).map { $0.room(at: $1) < 10 * settings.boundTolerance * $0.scale }
    let free = parameters.indices.filter { !isHeld[$0] }
    guard free.count < parameters.count else { return nil }
    var place = position
    for (index, parameter) in parameters.enumerated() where isHeld[index] {
      let bounds = parameter.bounds
      let isLower = position[index] - bounds.lowerBound < bounds.upperBound - position[index]
      place[index] = isLower ? bounds.lowerBound : bounds.upperBound
    }
    let descent = try LocalDescent(
      from: free.map { place[$0] }, parameters: free.map { parameters[$0] }, settings: settings,
      objective.restricted(to: free, at: place))
    for (index, x) in zip(free, descent.position) { place[index] = x }
    guard descent.status.isConverged, descent.value <= value + settings.distanceTolerance else { return nil }
    var evaluations = descent.evaluations
    for (index, parameter) in parameters.enumerated() where isHeld[index] {
      var inside = place
      let step = 10 * settings.boundTolerance * parameter.scale
      inside[index] += place[index] == parameter.bounds.lowerBound ? step : -step
      evaluations += 1
      guard try objective.value(inside) >= descent.value - settings.distanceTolerance else { return nil }
    }
    return (place, descent.value, evaluations)
  }
}
