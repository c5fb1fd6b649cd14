import Foundation
import NuTuneCore
import NuTuneNumerics

/// The most probable parameters of a theory given near data, by nonlinear least squares (``LeastSquares``) on
///
///     χ²(θ) = Σ r_i(θ)² + Σ η_j²,     η = (θ − mean)/error of the prior
///
/// and their covariance (1 + AᵀA)⁻¹ in η, the inverse of the expected information at the minimum (Laplace's
/// approximation). Derivatives are differences of structure functions, folded once for each parameter.
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
    /// Whether a parameter is at an end of its range, shape [parameters].
    var isHeld: [Bool]
    /// χ² at the start and after each step.
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
  /// Predicted fall of χ² at which a search ends: 10⁻⁴ standard deviations.
  private static let smallestFall = 1e-8

  private var parameters: [FreeParameter] { theory.parameters }

  /// Searches from some values, shape [parameters].
  func minimum(from start: [Double]) throws -> Minimum {
    // A step is linearised where its residuals were computed.
    var latest: (values: [Double], rates: [[Double]])?
    func rates(_ values: [Double]) throws -> [[Double]] {
      if let latest, latest.values == values { return latest.rates }
      let rates = try self.rates(at: values)
      latest = (values, rates)
      return rates
    }
    let result = try LeastSquares.fit(
      from: start, in: parameters.map(\.range), tolerance: Self.smallestFall, maximumSteps: Self.maximumSteps,
      report: report,
      jacobian: { self.jacobian(try linearised($0, rates: try rates($0))) },
      { try near.residuals(of: try rates($0)).flatMap(\.values) + pulls($0) })
    return Minimum(
      values: result.parameters, chiSquare: result.chiSquare,
      isHeld: zip(parameters, result.parameters).map { $0.range.lowerBound == $1 || $0.range.upperBound == $1 },
      history: result.history)
  }

  /// ∂/∂θ of the residuals of the data and, below them, of the pulls, shape [residuals + parameters × parameters].
  private func jacobian(_ samples: [NearResiduals.SampleResiduals]) -> Matrix {
    let count = samples.reduce(0) { $0 + $1.jacobian.rows }
    var jacobian = Matrix(rows: count + parameters.count, columns: parameters.count)
    for (column, parameter) in parameters.enumerated() {
      var row = 0
      for sample in samples {
        for i in 0..<sample.jacobian.rows {
          jacobian[row + i, column] = sample.jacobian[i, column] / parameter.priorError
        }
        row += sample.jacobian.rows
      }
      jacobian[count + column, column] = 1 / parameter.priorError
    }
    return jacobian
  }

  /// Computes the posterior around a minimum.
  func posterior(_ minimum: Minimum) throws -> Posterior {
    let residuals = try linearised(minimum.values, rates: try rates(at: minimum.values))
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

  /// Computes the rates of every sample, shape [samples][bins].
  private func rates(at values: [Double]) throws -> [[Double]] {
    near.rates(try near.nodeValues(of: theory.model(at: values)))
  }

  /// Computes residuals, from the rates there, with derivatives with respect to η.
  private func linearised(_ values: [Double], rates: [[Double]]) throws -> [NearResiduals.SampleResiduals] {
    let slopes = try Parallel.map(parameters.count, threads: threads) { index in
      near.rates(try near.nodeValues(of: theory.derivative(of: index, at: values)))
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
