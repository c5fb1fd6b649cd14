import Foundation

/// Nonlinear least squares: the parameters θ, each within its range, that minimise χ² = Σ rᵢ(θ)².
///
/// Every step is the minimum, within the ranges, of a quadratic model of χ² with Levenberg and Marquardt's damping. Its second
/// derivatives are JᵀJ, or JᵀJ + S where that predicted the step before better: S is what the steps so far have shown of the
/// second derivatives of the residuals (`ResidualCurvature`), without which the last steps of a fit with a large χ² are short.
///
/// The search ends when the model says that χ² falls by less than a tolerance; with ρ the ratio of the last fall to the predicted
/// one, when the predicted fall is below 1 − |ρ − 1| times the tolerance. In a valley along which the model is steeper than
/// χ² by a factor 1 + ε, all further falls together are the predicted one times 1 + ε, and ρ = 2 − 1/(1 + ε).
public enum LeastSquares {
  /// Share of χ² below which a predicted fall is rounding.
  private static let rounding = 1e-13
  /// Share of the tolerance below which a predicted fall ends the search, whatever the last one was: that in a valley a hundred
  /// times flatter than the model.
  private static let leastTrust = 0.01
  /// Smallest share of the predicted fall with which a step is made.
  private static let leastRatio = 1e-3

  /// Fits the parameters.
  ///
  /// - Parameters:
  ///   - start: initial parameters, shape [parameters], moved into their ranges.
  ///   - ranges: shape [parameters].
  ///   - tolerance: fall of χ² at which the search ends; the step that is predicted to make it is made.
  ///   - maximumSteps: ends the fit without an error; the status says so.
  ///   - report: hears of χ² at the start (step 1) and after each step.
  ///   - jacobian: ∂rᵢ/∂θⱼ at parameters where the residuals were computed before, shape [residuals × parameters]; columns
  ///     are linearly independent.
  ///   - function: residuals, shape [parameters] → [residuals].
  public static func fit(
    from start: [Double], in ranges: [ClosedRange<Double>], tolerance: Double = 1e-8, maximumSteps: Int = 100,
    report: (_ step: Int, _ chiSquare: Double) -> Void = { _, _ in }, jacobian: ([Double]) throws -> Matrix,
    _ function: ([Double]) throws -> [Double]
  ) throws -> LeastSquaresResult {
    guard !start.isEmpty, start.count == ranges.count, start.allSatisfy(\.isFinite) else {
      throw NumericsError(
        Point.operation, .invalidArgument, "start \(start) for \(ranges.count) ranges; expected finite parameters")
    }
    var here = try Point(zip(start, ranges).map { min(max($0, $1.lowerBound), $1.upperBound) }, function)
    try here.linearise(jacobian)
    var bending = ResidualCurvature(start.count)
    var (history, ratio, damping, growth) = ([here.chiSquare], 0.0, 1e-3, 2.0)
    report(1, here.chiSquare)
    while history.count <= maximumSteps {
      let model = here.quadratic(bending)
      let room = zip(here.parameters, ranges).map { ($1.lowerBound - $0)...($1.upperBound - $0) }
      let newton = try model.minimum(in: room)
      let trusted = tolerance * max(leastTrust, 1 - abs(ratio - 1))
      let isLast = -(try model.value(at: newton)) < max(trusted, rounding * here.chiSquare)
      let step = isLast ? newton : try model.adding(here.gram.diagonal.map { damping * $0 }).minimum(in: room)
      var next = try Point(here.moved(by: step, in: room, ranges), function)
      let (predicted, fall) = (-(try model.value(at: step)), here.chiSquare - next.chiSquare)
      if isLast {
        guard fall > 0 else { return here.result(history, .converged) }
        report(history.count + 1, next.chiSquare)
        return next.result(history + [next.chiSquare], .converged)
      }
      guard predicted > rounding * here.chiSquare else {
        return here.result(history, .notConverged("no step lowers χ² as its derivatives say"))
      }
      ratio = fall / predicted
      try bending.judge(step, fall: fall, here.gauss)
      guard ratio > leastRatio else {
        damping *= growth
        growth *= 2
        continue
      }
      damping *= max(1.0 / 3, 1 - pow(2 * ratio - 1, 3))
      growth = 2
      try next.linearise(jacobian)
      try bending.learn(from: here, to: next)
      here = next
      history.append(here.chiSquare)
      report(history.count, here.chiSquare)
    }
    return here.result(history, .notConverged("χ² still falls after \(maximumSteps) steps"))
  }
}

/// Parameters with their residuals, and with derivatives where these were asked for.
private struct Point {
  static let operation = "LeastSquares.fit"

  let parameters: [Double]
  let residuals: [Double]
  let chiSquare: Double
  /// J, shape [residuals × parameters].
  var jacobian = Matrix(rows: 0, columns: 0)
  /// Jᵀr, shape [parameters].
  var gradient: [Double] = []
  /// JᵀJ, shape [parameters × parameters].
  var gram = Matrix(rows: 0, columns: 0)

  init(_ parameters: [Double], _ function: ([Double]) throws -> [Double]) throws {
    self.parameters = parameters
    residuals = try function(parameters)
    chiSquare = residuals.reduce(0) { $0 + $1 * $1 }
    if let bad = residuals.firstIndex(where: { !$0.isFinite }) {
      throw NumericsError(Self.operation, .badFunction, "residual \(bad) is \(residuals[bad]) at \(parameters)")
    }
  }

  mutating func linearise(_ function: ([Double]) throws -> Matrix) throws {
    jacobian = try function(parameters)
    guard jacobian.rows == residuals.count, jacobian.columns == parameters.count,
      jacobian.elements.allSatisfy(\.isFinite)
    else {
      throw NumericsError(
        Self.operation, .badFunction,
        "Jacobian of \(jacobian.rows)×\(jacobian.columns); expected \(residuals.count)×\(parameters.count), all finite")
    }
    gradient = try jacobian.transposeMultiplied(by: residuals)
    gram = try jacobian.gram()
  }

  /// The model of χ² with JᵀJ.
  var gauss: BoundedQuadratic { BoundedQuadratic(gradient: gradient, curvature: gram) }

  /// The model of χ²; that with JᵀJ + S where it predicted better, or with as much of S as leaves it a minimum.
  func quadratic(_ bending: ResidualCurvature) -> BoundedQuadratic {
    guard bending.isBetter else { return gauss }
    for share in [1, 0.5, 0.25, 0.125] {
      var curvature = gram
      for i in parameters.indices { for j in parameters.indices { curvature[i, j] += share * bending.matrix[i, j] } }
      if (try? Cholesky(curvature)) != nil { return BoundedQuadratic(gradient: gradient, curvature: curvature) }
    }
    return gauss
  }

  /// Returns the parameters after a step, exactly at the end of a range where the step ends there.
  func moved(by step: [Double], in room: [ClosedRange<Double>], _ ranges: [ClosedRange<Double>]) -> [Double] {
    parameters.indices.map { index in
      let (room, range) = (room[index], ranges[index])
      if step[index] <= room.lowerBound { return range.lowerBound }
      if step[index] >= room.upperBound { return range.upperBound }
      return min(max(parameters[index] + step[index], range.lowerBound), range.upperBound)
    }
  }

  func result(_ history: [Double], _ status: ConvergenceStatus) -> LeastSquaresResult {
    LeastSquaresResult(parameters: parameters, chiSquare: chiSquare, history: history, status: status)
  }
}

extension ResidualCurvature {
  /// Learns from the step between two points.
  fileprivate mutating func learn(from before: Point, to after: Point) throws {
    try learn(
      zip(after.parameters, before.parameters).map { $0 - $1 },
      change: zip(after.gradient, before.gradient).map { $0 - $1 },
      bending: zip(after.gradient, try before.jacobian.transposeMultiplied(by: after.residuals)).map { $0 - $1 })
  }
}
