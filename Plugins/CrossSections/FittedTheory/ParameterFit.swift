import Foundation
import NuTuneCore
import NuTuneNumerics

/// The most probable parameters of a theory given near data, by Levenberg and Marquardt's method on
///
///     χ²(θ) = Σ r_i(θ)² + Σ η_j²,     η = (θ − mean)/error of the prior
///
/// and their covariance (1 + AᵀA)⁻¹ in η, the inverse of the expected information at the minimum (Laplace's
/// approximation). Derivatives are differences of node values, folded once for each parameter.
struct ParameterFit {
  let theory: AdjustableTheory
  let near: NearResiduals
  let threads: Int
  let report: (_ step: Int, _ chiSquare: Double) -> Void

  /// The end of one search.
  struct Minimum {
    /// θ, shape [parameters].
    var values: [Double]
    /// χ² with priors.
    var chiSquare: Double
    /// Whether a parameter is at an end of its range and held there, shape [parameters].
    var isHeld: [Bool]
    /// χ² after each step.
    var history: [Double]
  }

  /// The posterior around a minimum.
  struct Posterior {
    /// F, where F Fᵀ is the covariance of η, upper triangular, shape [parameters × parameters].
    var factor: Matrix
    /// Traces of the hat matrix of each sample.
    var effectiveParameters: [EffectiveParameters]
    /// Residuals of each sample.
    var residuals: [NearResiduals.SampleResiduals]
    /// Fall of χ² that another Newton step would bring; parameters that are held at an end of their range stay there as
    /// long as χ² falls beyond it.
    var distance: Double
  }

  /// Largest number of steps of one search.
  static let maximumSteps = 100
  /// Distance from an end of the range, in prior errors, below which a parameter that is driven there is held there.
  private static let reach = 0.02
  /// Fall of χ² in a step below which a parameter at an end of its range is held there at once: towards an end, where its
  /// coordinate is stationary, steps become ever shorter and a hundred of them change nothing.
  private static let settledFall = 0.01

  /// Ends a search in which a parameter is driven to an end of its range and nothing else happens.
  private struct Settled: Error {
    /// θ, shape [parameters].
    var values: [Double]
  }

  private var parameters: [FreeParameter] { theory.parameters }

  /// Searches from some values, shape [parameters]; one that is driven to an end of its range is held there.
  func minimum(from start: [Double]) throws -> Minimum {
    var minimum = Minimum(
      values: zip(parameters, start).map { $0.held($1) }, chiSquare: .infinity,
      isHeld: [Bool](repeating: false, count: start.count), history: [])
    while true {
      if minimum.isHeld.contains(false) { try search(&minimum) }
      let found = try pushed(minimum)
      guard found != minimum.isHeld else { break }
      for index in found.indices where found[index] {
        let range = parameters[index].range
        let isLower = minimum.values[index] - range.lowerBound < range.upperBound - minimum.values[index]
        minimum.values[index] = isLower ? range.lowerBound : range.upperBound
      }
      minimum.isHeld = found
    }
    let residuals = try near.residuals(of: near.rates(try near.nodeValues(of: theory.model(at: minimum.values))))
    minimum.chiSquare = Self.sumOfSquares(residuals) + pulls(minimum.values).reduce(0) { $0 + $1 * $1 }
    return minimum
  }

  /// One Levenberg–Marquardt fit of the parameters that are not held.
  private func search(_ minimum: inout Minimum) throws {
    let (start, isFree) = (minimum.values, minimum.isHeld.map { !$0 })
    let free = start.indices.filter { isFree[$0] }
    let coordinates = free.map { BoundedCoordinate(parameters[$0], start: start[$0]) }
    func values(_ v: [Double]) -> [Double] {
      var all = start
      for (position, index) in free.enumerated() { all[index] = coordinates[position].value(v[position]) }
      return all
    }
    func data(_ values: [Double]) throws -> [Double] {
      try near.residuals(of: near.rates(try near.nodeValues(of: theory.model(at: values)))).flatMap(\.values)
    }
    let count = try data(start).count
    var history = minimum.history
    let before = history.count
    func jacobian(_ v: [Double]) throws -> Matrix {
      let (residuals, values) = (try linearised(values(v), of: free), values(v))
      history.append(Self.sumOfSquares(residuals) + pulls(values).reduce(0) { $0 + $1 * $1 })
      report(history.count, history[history.count - 1])
      let fell =
        history.count > before + 1 ? history[history.count - 2] - history[history.count - 1] : nil
      if let fell, fell < Self.settledFall, pushed(values, among: free, slopes: Self.slopes(residuals)).contains(true) {
        throw Settled(values: values)
      }
      var jacobian = Matrix(rows: count + start.count, columns: free.count)
      for (column, index) in free.enumerated() {
        let slope = coordinates[column].slope(v[column]) / parameters[index].priorError
        var row = 0
        for sample in residuals {
          for i in 0..<sample.jacobian.rows { jacobian[row + i, column] = slope * sample.jacobian[i, column] }
          row += sample.jacobian.rows
        }
        jacobian[count + index, column] = slope
      }
      return jacobian
    }
    do {
      let result = try LeastSquares.fit(
        from: [Double](repeating: 0, count: free.count), residuals: count + start.count, tolerance: 1e-8,
        maximumIterations: Self.maximumSteps, jacobian: jacobian
      ) { v in
        let values = values(v)
        return try data(values) + pulls(values)
      }
      minimum.values = values(result.parameters)
    } catch let settled as Settled {
      minimum.values = settled.values
    }
    minimum.history = history
  }

  /// Which parameters are held, or lie at an end of their range with a χ² that falls beyond it.
  private func pushed(_ minimum: Minimum) throws -> [Bool] {
    let near = parameters.indices.filter { !minimum.isHeld[$0] && isAtEnd($0, minimum.values) }
    guard !near.isEmpty else { return minimum.isHeld }
    var isHeld = minimum.isHeld
    let found = pushed(
      minimum.values, among: near, slopes: Self.slopes(try linearised(minimum.values, of: near)))
    for (position, index) in near.enumerated() { isHeld[index] = found[position] }
    return isHeld
  }

  /// Which of some parameters lie at an end of their range with a χ² that falls beyond it; slopes are half of the
  /// derivatives of χ² of the data, both of shape [indices].
  private func pushed(_ values: [Double], among indices: [Int], slopes: [Double]) -> [Bool] {
    let pulls = pulls(values)
    return zip(indices, slopes).map { index, slope in
      guard isAtEnd(index, values) else { return false }
      let range = parameters[index].range
      let isLower = values[index] - range.lowerBound < range.upperBound - values[index]
      return isLower ? slope + pulls[index] > 0 : slope + pulls[index] < 0
    }
  }

  private func isAtEnd(_ index: Int, _ values: [Double]) -> Bool {
    let (parameter, value) = (parameters[index], values[index])
    return min(value - parameter.range.lowerBound, parameter.range.upperBound - value)
      < Self.reach * parameter.priorError
  }

  /// Computes the posterior around a minimum.
  func posterior(_ minimum: Minimum) throws -> Posterior {
    let residuals = try linearised(minimum.values, of: Array(parameters.indices))
    var information = Matrix.identity(parameters.count)
    for sample in residuals {
      let gram = try sample.design.gram()
      for i in parameters.indices { for j in parameters.indices { information[i, j] += gram[i, j] } }
    }
    let factor = try Cholesky(information).inverseTransposedLower()
    let hats = try residuals.map { try $0.design.multiplied(by: factor) }
    // tr H and tr H² of the rows of a sample in H = S Sᵀ, S = A F of all samples.
    var whole = Matrix(rows: parameters.count, columns: parameters.count)
    let grams = try hats.map { try $0.gram() }
    for gram in grams { for i in parameters.indices { for j in parameters.indices { whole[i, j] += gram[i, j] } } }
    let traces = grams.map { gram in
      EffectiveParameters(
        trace: gram.diagonal.reduce(0, +),
        squareTrace: zip(gram.elements, whole.elements).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return Posterior(
      factor: factor, effectiveParameters: traces, residuals: residuals,
      distance: try distance(minimum, slopes: Self.slopes(residuals), information))
  }

  /// Computes gᵀH⁻¹g over the parameters that may move, with g half the gradient of χ².
  private func distance(_ minimum: Minimum, slopes: [Double], _ information: Matrix) throws -> Double {
    let gradient = zip(slopes, pulls(minimum.values)).map { $0 + $1 }
    let movable = parameters.indices.filter { index in
      guard minimum.isHeld[index] else { return true }
      return minimum.values[index] == parameters[index].range.lowerBound ? gradient[index] < 0 : gradient[index] > 0
    }
    guard !movable.isEmpty else { return 0 }
    var part = Matrix(rows: movable.count, columns: movable.count)
    for (i, row) in movable.enumerated() {
      for (j, column) in movable.enumerated() { part[i, j] = information[row, column] }
    }
    let slope = movable.map { gradient[$0] }
    return zip(slope, try Cholesky(part).solve(slope)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Computes residuals with derivatives with respect to η of some parameters.
  private func linearised(_ values: [Double], of indices: [Int]) throws -> [NearResiduals.SampleResiduals] {
    let rates = near.rates(try near.nodeValues(of: theory.model(at: values)))
    let slopes = try Parallel.map(indices.count, threads: threads) { position in
      near.rates(try theory.derivative(of: indices[position], at: values) { try near.nodeValues(of: $0) })
    }
    return try near.residuals(of: rates, slopes: slopes)
  }

  /// Computes η, shape [parameters].
  func pulls(_ values: [Double]) -> [Double] {
    zip(parameters, values).map { ($1 - $0.priorMean) / $0.priorError }
  }

  /// Half the gradient of Σ r².
  private static func slopes(_ residuals: [NearResiduals.SampleResiduals]) -> [Double] {
    let columns = residuals.first?.jacobian.columns ?? 0
    return (0..<columns).map { column in
      residuals.reduce(0) { sum, sample in
        sum + sample.values.indices.reduce(0) { $0 + sample.values[$1] * sample.jacobian[$1, column] }
      }
    }
  }

  static func sumOfSquares(_ residuals: [NearResiduals.SampleResiduals]) -> Double {
    residuals.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1 * $1 } }
  }
}
