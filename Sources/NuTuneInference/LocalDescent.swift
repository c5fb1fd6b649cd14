import NuTuneNumerics

/// One descent from one start into one local minimum.
struct LocalDescent {
  let position: [Double]
  let value: Double
  let evaluations: Int
  let status: ConvergenceStatus

  /// Descends by BFGS with central differences; where it stalls, Nelder and Mead's simplex goes on from its best
  /// point and BFGS tries again.
  /// - Parameters:
  ///   - parameters: those that vary, in the order of `start`.
  ///   - function: −2 ln L, shape [parameters] → one number.
  init(
    from start: [Double], parameters: [FitParameter], settings: FitSettings, _ function: ([Double]) throws -> Double
  ) throws {
    guard !parameters.isEmpty else {
      position = []
      value = try function([])
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
      let bfgs = try Minimizer.bfgs(
        from: unit.map { _ in 0 }, firstStep: 0.1, gradientTolerance: settings.gradientTolerance,
        maximumIterations: settings.maximumIterations, differenceSteps: unit.map { $0 * settings.gradientStep }
      ) { try function(coordinates.position($0)) }
      evaluations += bfgs.evaluations
      status = bfgs.status
      if bfgs.value < best.value { best = (coordinates.position(bfgs.position), bfgs.value) }
      if status.isConverged || attempt == 2 { break }
      let simplexCoordinates = BoundedCoordinates(parameters, start: best.position)
      let simplex = try Minimizer.nelderMead(
        from: unit.map { _ in 0 }, steps: unit.map { 0.3 * $0 }, sizeTolerance: 1e-4,
        maximumIterations: 10 * settings.maximumIterations
      ) { try function(simplexCoordinates.position($0)) }
      evaluations += simplex.evaluations
      if simplex.value < best.value { best = (simplexCoordinates.position(simplex.position), simplex.value) }
      from = best.position
    }
    position = best.position
    value = best.value
    self.evaluations = evaluations
    self.status = status
  }
}
