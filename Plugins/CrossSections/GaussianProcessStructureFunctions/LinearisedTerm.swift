import NuTuneCore
import NuTuneNumerics

/// A term of a likelihood near some rates: pulls p and their change −D with the rates, for which
///
///     d(−lnL) = −pᵀ D d(rate)     expected information of the rates = Dᵀ D
///
/// Of values with a covariance p = −r and D = ∂r/∂rate are residuals and their Jacobian (Gauss–Newton), of numbers of
/// events p = (n − ν)/√ν and D = ∂ν/∂rate / √ν (Fisher scoring).
struct LinearisedTerm {
  /// p, shape [rows].
  let pulls: [Double]
  private let slopes: Slopes

  private enum Slopes {
    /// D of independent bins, shape [bins].
    case diagonal([Double])
    /// D, shape [rows × bins].
    case dense(Matrix)
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

  /// Computes D · changes, shape [rows × weights], of changes of the rates of shape [bins × weights].
  func pullChanges(_ changes: Matrix) throws -> Matrix {
    switch slopes {
    case .dense(let matrix): return try matrix.multiplied(by: changes)
    case .diagonal(let factors):
      var result = changes
      for i in 0..<result.rows { for j in 0..<result.columns { result[i, j] *= factors[i] } }
      return result
    }
  }

  /// Computes D · change, shape [rows], of a change of the rates of shape [bins].
  func pullChange(_ change: [Double]) throws -> [Double] {
    switch slopes {
    case .dense(let matrix): try matrix.multiplied(by: change)
    case .diagonal(let factors): zip(factors, change).map { $0 * $1 }
    }
  }
}
