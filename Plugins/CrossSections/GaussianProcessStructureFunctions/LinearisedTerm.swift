import NuTuneCore
import NuTuneNumerics

/// The likelihood of a sample near some rates: pulls p and their change −D with the rates, for which
///
///     d(−lnL) = −pᵀ D d(rate)     expected information of the rates = Dᵀ D
///
/// Of values with a covariance p = −r and D = ∂r/∂rate are residuals and their Jacobian (Gauss–Newton), of numbers of
/// events p = (n − ν)/√ν and D = ∂ν/∂rate / √ν (Fisher scoring). Of the shape of N events, whose scale is free, p is the same
/// and D_ij = (δ_ij − ν_i/N) / √ν_i.
struct LinearisedTerm {
  /// p, shape [rows].
  let pulls: [Double]
  private let slopes: Slopes

  private enum Slopes {
    /// D of independent bins, shape [bins].
    case diagonal([Double])
    /// D, shape [rows × bins].
    case dense(Matrix)
    /// √ν and ν/N of a shape, each of shape [bins]; for rates in units of events.
    case shape(roots: [Double], shares: [Double])
  }

  /// Expands a term at rates of shape [bins].
  ///
  /// - Parameter strength: factor of −2lnL.
  init(_ term: any LikelihoodTerm, at rates: [Double], strength: Double) throws {
    let root = strength.squareRoot()
    if let poisson = term as? PoissonTerm {
      let expected = rates.map { poisson.normalization * $0 }
      pulls = zip(poisson.counts, expected).map { root * ($0 - $1) / $1.squareRoot() }
      slopes = .diagonal(expected.map { root * poisson.normalization / $0.squareRoot() })
      return
    }
    guard let term = term as? any ResidualTerm else {
      throw NuTuneError(
        .internalError, key: "gaussian-process-sf", found: "a \(type(of: term))", expected: "a term with residuals")
    }
    do throws(TermError) {
      let residuals = try term.residuals(of: rates)
      pulls = residuals.values.map { -root * $0 }
      var jacobian = residuals.jacobian
      if root != 1 {
        for i in 0..<jacobian.rows { for j in 0..<jacobian.columns { jacobian[i, j] *= root } }
      }
      slopes = .dense(jacobian)
    } catch {
      throw NuTuneError(.runtime, found: "\(error)", expected: error.expectation)
    }
  }

  /// Expands the shape of numbers of events.
  ///
  /// - Parameters:
  ///   - counts: data, shape [bins].
  ///   - expected: ν, shape [bins].
  ///   - isReached: whether the rate of a bin is more than rounding; one that is not has no share.
  init(shapeOf counts: [Double], expected: [Double], isReached: [Bool]) {
    let roots = expected.map { $0.squareRoot() }
    let total = expected.reduce(0, +)
    pulls = zip(zip(counts, expected), roots).map { ($0.0 - $0.1) / $1 }
    slopes = .shape(roots: roots, shares: zip(expected, isReached).map { $1 ? $0 / total : 0 })
  }

  /// Computes D · changes, shape [rows × weights], of changes of the rates of shape [bins × weights].
  func pullChanges(_ changes: Matrix) throws -> Matrix {
    switch slopes {
    case .dense(let matrix): return try matrix.multiplied(by: changes)
    case .diagonal(let factors):
      var result = changes
      for i in 0..<result.rows { for j in 0..<result.columns { result[i, j] *= factors[i] } }
      return result
    case .shape(let roots, let shares):
      var sums = [Double](repeating: 0, count: changes.columns)
      for i in 0..<changes.rows { for j in sums.indices { sums[j] += changes[i, j] } }
      var result = changes
      for i in 0..<result.rows {
        for j in sums.indices { result[i, j] = (changes[i, j] - shares[i] * sums[j]) / roots[i] }
      }
      return result
    }
  }
}
