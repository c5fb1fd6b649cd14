import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

/// A flux that is fitted with the model: closed forms where logarithms are compared, a search written out elsewhere.
@Suite struct FluxComponentTermTests {
  private static let values: [Double] = [3, 5, 2, 7, 4]
  private static let rates: [Double] = [1.4, 2.6, 0.9, 3.7, 2.1]
  /// Relative changes of the bins: a norm and a tilt.
  private static let changes = [[0.2, 0.2, 0.2, 0.2, 0.2], [-0.1, -0.04, 0.02, 0.06, 0.12]]

  /// 10 % for itself with a correlation of neighbours, and the flux.
  private static func covariance(flux: Bool, rest: Bool = true) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices {
        let near = rest ? (i == j ? 0.01 : abs(i - j) == 1 ? 0.003 : 0) : 0
        let shared = flux ? changes.reduce(0) { $0 + $1[i] * $1[j] } : 0
        matrix[i, j] = values[i] * values[j] * (near + shared)
      }
    }
    return matrix
  }

  private static func measured(flux: Bool) throws -> MeasuredValues {
    try MeasuredValues(values: values, covariance: covariance(flux: flux), normalization: 2.1)
  }

  @Test("logarithms do not tell a flux that is fitted from one in the covariance")
  func equalsTheCovariance() throws {
    let inside = try LogNormalTerm(try Self.measured(flux: true))
    let fitted = try FluxComponentTerm(
      try LogNormalTerm(try Self.measured(flux: false)), components: try Matrix(Self.changes))
    let (expected, found) = (
      try inside.minusTwoLogLikelihood(of: Self.rates), try fitted.minusTwoLogLikelihood(of: Self.rates)
    )
    #expect(abs(found.value / expected.value - 1) < 1e-10)
    for (a, b) in zip(found.gradient, expected.gradient) { #expect(abs(a - b) < 1e-8 * max(abs(b), 1)) }
    let residuals = try fitted.residuals(of: Self.rates)
    #expect(residuals.values.count == 5 && fitted.residualCount == 5 && inside.residualCount == 5)
    #expect(abs(residuals.chiSquare / expected.value - 1) < 1e-10)
    // JᵀJ is the information of both, the inverse of the whole covariance of logarithms over the rates.
    let (own, other) = (
      try residuals.jacobian.gram(), try inside.residuals(of: Self.rates).jacobian.gram()
    )
    for (a, b) in zip(own.elements, other.elements) { #expect(abs(a - b) < 1e-8 * max(abs(b), 1)) }
    // b = −Δ R⁻¹ ln(s/v).
    var relative = Self.covariance(flux: true)
    for i in 0..<5 { for j in 0..<5 { relative[i, j] /= Self.values[i] * Self.values[j] } }
    let solved = try Cholesky(relative).solve(zip(Self.rates, Self.values).map { log(2.1 * $0 / $1) })
    for (pull, change) in zip(try fitted.pulls(of: Self.rates), Self.changes) {
      #expect(abs(pull + zip(change, solved).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9)
    }
  }

  @Test("the pulls of other statistics are at the minimum of χ², and its gradient is that of the minimum")
  func minimum() throws {
    let measured = try Self.measured(flux: false)
    for inner in [try GaussianTerm(measured), try NormShapeTerm(measured)] as [any ResidualTerm] {
      let term = try FluxComponentTerm(inner, components: try Matrix(Self.changes))
      let (value, gradient) = try term.minusTwoLogLikelihood(of: Self.rates)
      let pulls = try term.pulls(of: Self.rates)
      func chiSquare(_ b: [Double]) throws -> Double {
        let rates = (0..<5).map { bin in
          Self.rates[bin] * exp(b[0] * Self.changes[0][bin] + b[1] * Self.changes[1][bin])
        }
        return try inner.minusTwoLogLikelihood(of: rates).value + b[0] * b[0] + b[1] * b[1]
      }
      #expect(abs(try chiSquare(pulls) - value) < 1e-10 * value)
      for step in [[0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01], [0.01, 0.01]] {
        #expect(try chiSquare(zip(pulls, step).map { $0 + $1 }) > value)
      }
      let residuals = try term.residuals(of: Self.rates)
      #expect(abs(residuals.chiSquare - value) < 1e-9 * value && residuals.values.count == term.residualCount)
      for bin in 0..<5 {
        func at(_ step: Double) throws -> Double {
          var rates = Self.rates
          rates[bin] += step
          return try term.minusTwoLogLikelihood(of: rates).value
        }
        let difference = (try at(1e-5) - at(-1e-5)) / 2e-5
        #expect(abs(gradient[bin] - difference) < 1e-5 * max(abs(difference), 1), "\(type(of: inner)) \(bin)")
        let slope = residuals.values.indices.reduce(0) { $0 + 2 * residuals.values[$1] * residuals.jacobian[$1, bin] }
        #expect(abs(slope - gradient[bin]) < 1e-7 * max(abs(slope), 1))
      }
    }
  }

  @Test("components are those of the relative covariance, and what remains is the rest")
  func principalComponents() throws {
    let flux = Self.covariance(flux: true, rest: false)
    let all = try FluxComponents(flux, of: Self.values, count: 9)
    #expect(all.changes.count == 2 && abs(all.share - 1) < 1e-9)
    let rest = all.removed(from: Self.covariance(flux: true), of: Self.values)
    for (a, b) in zip(rest.elements, Self.covariance(flux: false).elements) { #expect(abs(a - b) < 1e-12) }
    let one = try FluxComponents(flux, of: Self.values, count: 1)
    #expect(one.changes == [all.changes[0]] && one.share > 0.5 && one.share < 1)
    #expect(all.changes[0].allSatisfy { $0 > 0.1 })
    // Uncorrelated, and the largest first.
    let product = zip(all.changes[0], all.changes[1]).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(product) < 1e-12)
  }

  /// Peelle's puzzle: a right shape whose norm is 20 % off by the flux, with a covariance that follows the data.
  @Test("a fitted flux leaves the norm to the flux")
  func noPeelle() throws {
    // Bins that scatter by 10 % around 1.2 times the prediction.
    let scatter = [1.1, 0.9, 1.1, 0.9, 1.0]
    let truth = [3.0, 5, 2, 7, 4]
    let values = zip(truth, scatter).map { 1.2 * $0 * $1 }
    var rest = Matrix(rows: 5, columns: 5)
    for i in 0..<5 { rest[i, i] = 0.01 * values[i] * values[i] }
    let term = try FluxComponentTerm(
      try LogNormalTerm(try MeasuredValues(values: values, covariance: rest)),
      components: try Matrix([[0.2, 0.2, 0.2, 0.2, 0.2]]))
    let pull = try term.pulls(of: truth)[0]
    // ln 1.2 = 0.18 of five bins with 10 % each beside a prior of 20 %.
    let mean = scatter.reduce(log(1.2)) { $0 + log($1) / 5 }
    #expect(abs(pull - mean / 0.2 * (0.04 / (0.04 + 0.01 / 5))) < 1e-6)
  }
}
