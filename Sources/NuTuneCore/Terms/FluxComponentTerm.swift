import Foundation
import NuTuneNumerics

/// Measured values that are compared by another term after the flux was shifted along its principal components,
///
///     χ²(s) = min_b { χ²_term(s_i exp(Σ_k b_k δ_ki)) + |b|² },
///
/// with s the rates, δ_ki the change of bin i by one standard deviation of component k, as a fraction, and b_k its pull.
///
/// Pulls are fitted together with whatever makes the rates: their minimum is found for every rate, residuals are those at
/// the minimum in the directions that no pull can take, so that Gauss–Newton steps and a covariance are those of a fit of
/// both. As factors on a prediction they have no Peelle's puzzle. The covariance of the term must not contain them again.
public struct FluxComponentTerm: ResidualTerm {
  /// The term of shifted rates.
  public let term: any ResidualTerm
  /// δ, shape [components × bins].
  public let components: Matrix

  private static let mostSteps = 50
  /// Change of a pull below which a search has ended.
  private static let tolerance = 1e-10

  /// Creates a term.
  ///
  /// - Throws: `TermError.invalidData` unless there are components, of as many bins.
  public init(_ term: any ResidualTerm, components: Matrix) throws(TermError) {
    guard components.rows > 0, components.columns == term.binCount else {
      throw TermError.invalidData("\(term.binCount) bins with components of \(components.rows) × \(components.columns)")
    }
    self.term = term
    self.components = components
  }

  /// Number of bins.
  public var binCount: Int { term.binCount }
  /// Whether the covariance of the term does.
  public var followsPrediction: Bool { term.followsPrediction }
  /// Number of bins.
  public var scale: Double { term.scale }
  /// Number of residuals of the term: every component adds a pull, and fits one.
  public var residualCount: Int { term.residualCount }
  /// The inverse of the covariance of the term.
  public var whitening: CovarianceWhitening { term.whitening }

  /// The pulls b that describe the data best at some rates, shape [components].
  public func pulls(of rates: [Double]) throws(TermError) -> [Double] { try minimum(rates).pulls }

  /// Rates with the flux shifted by pulls, shape [bins].
  public func shifted(_ rates: [Double], by pulls: [Double]) -> [Double] {
    zip(rates, factors(pulls)).map { $0 * $1 }
  }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    let rates = Array(rates)
    let pulls = try minimum(rates).pulls
    let factors = factors(pulls)
    let value = try zip(rates, factors).map { $0 * $1 }.withRates { shifted throws(TermError) in
      try term.evaluate(rates: shifted, gradient: gradient)
    }
    // At the minimum χ² does not depend on the pulls.
    for bin in rates.indices { gradient[bin] *= factors[bin] }
    return value + pulls.reduce(0) { $0 + $1 * $1 } / (2 * scale)
  }

  /// See ``ResidualTerm``.
  public func residuals(of rates: [Double]) throws(TermError) -> Residuals {
    let minimum = try minimum(rates)
    let (rows, bins, count) = (minimum.residuals.values.count, rates.count, components.rows)
    let factors = factors(minimum.pulls)
    var values = minimum.residuals.values + minimum.pulls
    var jacobian = Matrix(rows: rows + count, columns: bins)
    for i in 0..<rows { for j in 0..<bins { jacobian[i, j] = minimum.residuals.jacobian[i, j] * factors[j] } }
    var slopes = minimum.slopes
    Self.reflect(&slopes, &values, &jacobian)
    return Residuals(
      values: Array(values[count...]),
      jacobian: (try? Matrix(rows: rows, columns: bins, elements: Array(jacobian.elements[(count * bins)...])))
        ?? Matrix(rows: rows, columns: bins))
  }

  /// The same with the next term.
  public func renewed(with rates: [Double]) throws(TermError) -> FluxComponentTerm {
    try FluxComponentTerm(
      try term.renewed(with: shifted(rates, by: try pulls(of: rates))), components: components)
  }

  /// exp(Σ_k b_k δ_ki), shape [bins].
  private func factors(_ pulls: [Double]) -> [Double] {
    (0..<components.columns).map { bin in
      exp(pulls.indices.reduce(0) { $0 + pulls[$1] * components[$1, bin] })
    }
  }

  /// The pulls at the minimum, with what belongs to them.
  private struct Minimum {
    /// b, shape [components].
    var pulls: [Double]
    /// Residuals of the term at the shifted rates.
    var residuals: Residuals
    /// ∂(r, b)/∂b, shape [residuals + components × components].
    var slopes: Matrix
  }

  /// Newton steps with the information of Gauss and Newton, halved until χ² falls.
  private func minimum(_ rates: [Double]) throws(TermError) -> Minimum {
    func at(_ pulls: [Double]) throws(TermError) -> (minimum: Minimum, chiSquare: Double) {
      let shifted = shifted(rates, by: pulls)
      let residuals = try term.residuals(of: shifted)
      let rows = residuals.values.count
      var slopes = Matrix(rows: rows + pulls.count, columns: pulls.count)
      for k in pulls.indices {
        for i in 0..<rows {
          slopes[i, k] = shifted.indices.reduce(0) { $0 + residuals.jacobian[i, $1] * shifted[$1] * components[k, $1] }
        }
        slopes[rows + k, k] = 1
      }
      return (
        Minimum(pulls: pulls, residuals: residuals, slopes: slopes),
        residuals.chiSquare + pulls.reduce(0) { $0 + $1 * $1 }
      )
    }
    var (here, chiSquare) = try at([Double](repeating: 0, count: components.rows))
    for _ in 0..<Self.mostSteps {
      let all = here.residuals.values + here.pulls
      let gradient = here.pulls.indices.map { k in all.indices.reduce(0) { $0 + here.slopes[$1, k] * all[$1] } }
      guard let step = try? Cholesky(here.slopes.gram()).solve(gradient) else {
        throw TermError.invalidData("flux components that are not finite")
      }
      var length = 1.0
      var next = try at(zip(here.pulls, step).map { $0 - $1 })
      while next.chiSquare > chiSquare * (1 + 1e-13) + 1e-13, length > 1e-6 {
        length /= 2
        next = try at(zip(here.pulls, step).map { $0 - length * $1 })
      }
      guard next.chiSquare <= chiSquare * (1 + 1e-13) + 1e-13 else { break }
      (here, chiSquare) = next
      if step.allSatisfy({ abs($0) < Self.tolerance }) { break }
    }
    return here
  }

  /// Householder's reflections that make the columns of `slopes` a triangle at the top, applied to residuals and Jacobian:
  /// below it are the directions that no pull changes, an orthonormal basis of them.
  private static func reflect(_ slopes: inout Matrix, _ values: inout [Double], _ jacobian: inout Matrix) {
    for k in 0..<slopes.columns {
      var vector = (0..<slopes.rows).map { $0 < k ? 0 : slopes[$0, k] }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector[k] += vector[k] < 0 ? -norm : norm
      let square = vector.reduce(0) { $0 + $1 * $1 }
      func reflect(_ matrix: inout Matrix) {
        for j in 0..<matrix.columns {
          var product = 0.0
          for i in k..<matrix.rows { product += vector[i] * matrix[i, j] }
          for i in k..<matrix.rows { matrix[i, j] -= 2 * product / square * vector[i] }
        }
      }
      reflect(&slopes)
      reflect(&jacobian)
      let product = zip(vector, values).reduce(0) { $0 + $1.0 * $1.1 }
      for i in values.indices { values[i] -= 2 * product / square * vector[i] }
    }
  }
}
