import NuTuneNumerics

/// −2 ln L minimised over some parameters at one point after the other along a line, where the remaining ones are held.
///
/// Where the likelihood has derivatives a point is reached by Newton steps from where the points before lead, with the
/// second derivatives of the point before, which BFGS updates at every step: two or three evaluations in place of a descent.
/// A point that they do not reach (a bound, a jump into another minimum) is descended to as if it were the first.
struct ProfileWalk {
  /// What is found at a point.
  typealias Minimum = (position: [Double], value: Double, status: ConvergenceStatus)

  private let profile: ProfileLikelihood
  /// Places of the parameters that are minimised over.
  private let free: [Int]
  /// Values of all parameters where the first descent starts, shape [parameters].
  private let start: [Double]
  /// The latest points, newest first, with their coordinate along the line.
  private var known: [(place: Double, position: [Double])] = []
  /// ∂²(−2 ln L) of the minimised parameters in units of their scales; nil where none is known. Shape [free × free].
  private var curvature: Matrix?
  private var hasDerivatives: Bool?

  /// Largest error of −2 ln L that Newton steps leave.
  static let accuracy = 1e-9
  private static let maximumSteps = 6
  /// How much worse second derivatives may be along a step than along the one before.
  private static let caution = 10.0
  /// Points through which the polynomial goes that tells where the next one is.
  private static let memory = 4

  /// - Parameters:
  ///   - profile: the likelihood and its parameters.
  ///   - held: places of the parameters that are not minimised over.
  ///   - start: values of all parameters where the first descent starts, shape [parameters].
  init(_ profile: ProfileLikelihood, holding held: [Int], from start: [Double]) {
    self.profile = profile
    free = profile.parameters.indices.filter { !held.contains($0) }
    self.start = start
  }

  /// A walk that begins at a minimum over all parameters, whose second derivatives lead to the first point.
  ///
  /// - Parameters:
  ///   - profile: the likelihood and its parameters.
  ///   - index: place of the one parameter that is not minimised over, which is the coordinate along the line.
  ///   - minimum: the minimum.
  init(_ profile: ProfileLikelihood, along index: Int, from minimum: LocalMinimum) {
    self.init(profile, holding: [index], from: minimum.position)
    known = [(minimum.position[index], minimum.position)]
    guard minimum.isPositiveDefinite, !free.isEmpty, isInside(minimum.position) else { return }
    curvature = scaled(minimum.hessian, places: free)
  }

  /// Minimises at the next point.
  ///
  /// - Parameters:
  ///   - held: values of the parameters that are held, by their places.
  ///   - place: coordinate of the point along the line.
  mutating func minimum(holding held: [Int: Double], at place: Double) throws -> Minimum {
    let found: Minimum
    if let reached = try newton(holding: held, at: place) {
      found = reached
    } else {
      found = try profile.minimum(holding: held, from: straight)
      curvature = found.status.isConverged ? try freshCurvature(at: found) : nil
    }
    known.removeAll { $0.place == place }
    known.insert((place, found.position), at: 0)
    if known.count > Self.memory { known.removeLast() }
    return found
  }

  /// Where the parameters are expected at the next point, in a straight line from the two before; shape [parameters].
  private var straight: [Double] {
    guard let last = known.first?.position else { return start }
    guard known.count > 1 else { return last }
    let before = known[1].position
    return profile.parameters.enumerated().map { index, parameter in
      guard free.contains(index) else { return last[index] }
      let step = parameter.difference(last[index], before[index])
      // A jump into another minimum does not go on.
      guard abs(step) < parameter.scale else { return last[index] }
      return parameter.clamped(last[index] + step)
    }
  }

  /// The same by the polynomial through the latest points.
  private func expected(at place: Double) -> [Double] {
    guard let last = known.first?.position else { return start }
    var position = last
    for index in free {
      let parameter = profile.parameters[index]
      var step = 0.0
      for (i, point) in known.enumerated().dropFirst() {
        var weight = parameter.difference(point.position[index], last[index])
        for (j, other) in known.enumerated() where j != i {
          weight *= (place - other.place) / (point.place - other.place)
        }
        step += weight
      }
      if abs(step) < parameter.scale { position[index] += step }
    }
    return position
  }

  /// Takes Newton steps; nil where they do not lead to a minimum inside the bounds.
  private mutating func newton(holding held: [Int: Double], at place: Double) throws -> Minimum? {
    guard var curvature else { return nil }
    let scales = free.map { profile.parameters[$0].scale }
    var point = expected(at: place)
    for (index, value) in held { point[index] = value }
    var last: (value: Double, distance: Double, gradient: [Double], step: [Double])?
    for _ in 0..<Self.maximumSteps {
      guard isInside(point), let slope = try profile.likelihood.slope(at: point) else { return nil }
      let gradient = zip(free, scales).map { slope.gradient[$0] * $1 }
      if let last {
        guard slope.value <= last.value + Self.accuracy else { return nil }
        Self.update(&curvature, step: last.step, from: last.gradient, to: gradient)
      }
      guard let step = try? Cholesky(curvature).solve(gradient).map({ -$0 }) else { return nil }
      let distance = -0.5 * Self.dot(gradient, step)
      guard distance >= 0, step.allSatisfy({ abs($0) < 1 }) else { return nil }
      for (i, index) in free.enumerated() { point[index] += scales[i] * step[i] }
      // Second derivatives that are wrong by a share ε leave ε² of the distance and predict it to ε; in another direction
      // they may be worse.
      let share = last.map { min(1, Self.caution * (distance / $0.distance).squareRoot()) } ?? 1
      if share * distance < Self.accuracy, isInside(point) {
        self.curvature = curvature
        return (point, slope.value - distance, .converged)
      }
      last = (slope.value, distance, gradient, step)
    }
    return nil
  }

  /// Whether no parameter is at a bound.
  private func isInside(_ position: [Double]) -> Bool {
    free.allSatisfy { index in
      let parameter = profile.parameters[index]
      return parameter.room(at: position[index]) > profile.settings.boundTolerance * parameter.scale
    }
  }

  /// BFGS's update of second derivatives by the change of the gradient along a Newton step −H⁻¹ g.
  private static func update(
    _ curvature: inout Matrix, step: [Double], from gradient: [Double], to next: [Double]
  ) {
    let change = zip(next, gradient).map { $0 - $1 }
    let (along, before) = (dot(change, step), -dot(gradient, step))
    guard along > 0, before > 0 else { return }
    for i in step.indices {
      for j in step.indices {
        curvature[i, j] += change[i] * change[j] / along - gradient[i] * gradient[j] / before
      }
    }
  }

  /// Second derivatives at a minimum that a descent found; nil without derivatives of the likelihood and at bounds.
  private mutating func freshCurvature(at found: Minimum) throws -> Matrix? {
    let likelihood = profile.likelihood
    if hasDerivatives == nil { hasDerivatives = try likelihood.slope(at: found.position) != nil }
    guard hasDerivatives == true, isInside(found.position) else { return nil }
    let parameters = free.map { profile.parameters[$0] }
    let place = free.map { found.position[$0] }
    let hessian = try Hessian(
      at: place, value: found.value, scales: parameters.map(\.scale),
      room: zip(parameters, place).map { $0.room(at: $1) },
      Objective(likelihood).restricted(to: free, at: found.position)
    ).matrix
    return scaled(hessian, places: Array(free.indices))
  }

  /// Second derivatives of the minimised parameters in units of their scales, which stand at some places of a matrix.
  private func scaled(_ hessian: Matrix, places: [Int]) -> Matrix {
    var scaled = Matrix(rows: free.count, columns: free.count)
    for (i, first) in free.enumerated() {
      for (j, second) in free.enumerated() {
        scaled[i, j] =
          hessian[places[i], places[j]] * profile.parameters[first].scale * profile.parameters[second].scale
      }
    }
    return scaled
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
