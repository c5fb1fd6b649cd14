import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

/// Terms of measured values with a covariance: closed forms, finite differences, and Peelle's puzzle.
@Suite struct MeasuredTermTests {
  private static let values: [Double] = [3, 5, 2, 7, 4]
  private static let rates: [Double] = [1.4, 2.6, 0.9, 3.7, 2.1]

  /// Relative errors e of every bin and f of all: D + f² v vᵀ, with a correlation of neighbours.
  private static func covariance(_ values: [Double] = values, e: Double = 0.1, f: Double = 0.2) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices {
        let near = i == j ? 1 : abs(i - j) == 1 ? 0.3 : 0
        matrix[i, j] = values[i] * values[j] * (e * e * near + f * f)
      }
    }
    return matrix
  }

  private static func measured(normalization: Double = 2.1) throws -> MeasuredValues {
    try MeasuredValues(values: values, covariance: covariance(), normalization: normalization)
  }

  private static func smearing() throws -> Matrix {
    try Matrix([
      [0.9, 0.1, 0, 0, 0], [0.1, 0.8, 0.1, 0, 0], [-0.02, 0.1, 0.85, 0.1, 0], [0, 0, 0.1, 0.8, 0.1],
      [0, 0, 0, 0.1, 0.95],
    ])
  }

  private static func terms() throws -> [any ResidualTerm] {
    let measured = try measured()
    return [
      try GaussianTerm(measured), try NormShapeTerm(measured), try LogNormalTerm(measured),
      try PredictionScaledTerm(measured, reference: [2, 6, 2, 6, 5]),
      try SmearedTerm(try NormShapeTerm(measured), smearing: try smearing()),
    ]
  }

  @Test func gradientsAndResidualsAreOneFunction() throws {
    for term in try Self.terms() {
      let (value, gradient) = try term.minusTwoLogLikelihood(of: Self.rates)
      let residuals = try term.residuals(of: Self.rates)
      #expect(abs(residuals.chiSquare - value) < 1e-11 * value, "\(type(of: term))")
      #expect(residuals.values.count == term.residualCount && term.residualCount == 5)
      for bin in Self.rates.indices {
        func at(_ step: Double) throws -> (value: Double, residuals: [Double]) {
          var rates = Self.rates
          rates[bin] += step
          return (try term.minusTwoLogLikelihood(of: rates).value, try term.residuals(of: rates).values)
        }
        let (up, down) = (try at(1e-5), try at(-1e-5))
        #expect(abs(gradient[bin] - (up.value - down.value) / 2e-5) < 1e-5 * max(abs(gradient[bin]), 1))
        var slope = 0.0
        for row in residuals.values.indices {
          let difference = (up.residuals[row] - down.residuals[row]) / 2e-5
          #expect(abs(residuals.jacobian[row, bin] - difference) < 1e-6 * max(abs(difference), 1), "\(type(of: term))")
          slope += 2 * residuals.values[row] * residuals.jacobian[row, bin]
        }
        #expect(abs(slope - gradient[bin]) < 1e-10 * max(abs(slope), 1))
      }
    }
  }

  /// The shape without any one bin, with the ordinary inverse of its covariance J V Jᵀ, in plain loops.
  @Test(arguments: 0..<5) func whichBinTheShapeLeavesOutDoesNotMatter(left: Int) throws {
    let (v, V) = (Self.values, Self.covariance())
    let total = v.reduce(0, +)
    var jacobian = Matrix(rows: 5, columns: 5)
    for i in 0..<5 { for j in 0..<5 { jacobian[i, j] = ((i == j ? 1 : 0) - v[i] / total) / total } }
    let shape = try jacobian.multiplied(by: V).multiplied(by: jacobian.transposed)
    let kept = (0..<5).filter { $0 != left }
    var small = Matrix(rows: 4, columns: 4)
    for (a, i) in kept.enumerated() { for (b, j) in kept.enumerated() { small[a, b] = shape[i, j] } }
    let predicted = Self.rates.map { 2.1 * $0 }
    let sum = predicted.reduce(0, +)
    let difference = kept.map { predicted[$0] / sum - v[$0] / total }
    let solved = try Cholesky(small).solve(difference)
    let expected =
      zip(difference, solved).reduce(0) { $0 + $1.0 * $1.1 }
      + (sum - total) * (sum - total) / V.elements.reduce(0, +)
    let term = try NormShapeTerm(try Self.measured())
    #expect(term.whitening.rank == 4)
    #expect(abs(try term.minusTwoLogLikelihood(of: Self.rates).value - expected) < 1e-9 * expected)
  }

  /// Two bins by hand. V = [[1, c], [c, 4]], v = (1, 3): N = 4, the shape has one direction, (s₁ − 1/4)² / Var(v₁/N).
  @Test func twoBinsByHand() throws {
    let c = 0.5
    let measured = try MeasuredValues(values: [1, 3], covariance: try Matrix([[1, c], [c, 4]]))
    // ∂(v₁/N) = ((N − v₁) dv₁ − v₁ dv₂)/N² = (3 dv₁ − dv₂)/16.
    let variance = (9 - 6 * c + 4) / 256
    let expected = (0.4 - 0.25) * (0.4 - 0.25) / variance + (5.0 - 4) * (5 - 4) / (5 + 2 * c)
    let found = try NormShapeTerm(measured).minusTwoLogLikelihood(of: [2, 3]).value
    #expect(abs(found - expected) < 1e-12 * expected)
    let logs = [log(2.0), log(1.0)]
    // R = [[1, c/3], [c/3, 4/9]].
    let determinant = 4.0 / 9 - c * c / 9
    #expect(
      abs(
        try LogNormalTerm(measured).minusTwoLogLikelihood(of: [2, 3]).value - logs[0] * logs[0] * 4 / 9 / determinant)
        < 1e-12)
  }

  /// Peelle's own: 1.5 and 1.0 of one quantity, 10 % each and 20 % in common, average to 0.88 by plain χ².
  @Test func peellesPuzzle() throws {
    let values = [1.5, 1.0]
    var covariance = Matrix(rows: 2, columns: 2)
    for i in 0..<2 { for j in 0..<2 { covariance[i, j] = values[i] * values[j] * ((i == j ? 0.01 : 0) + 0.04) } }
    let measured = try MeasuredValues(values: values, covariance: covariance)
    #expect(abs(try best(GaussianTerm(measured), [1, 1]) - 0.88235) < 1e-4)
    #expect(abs(try best(NormShapeTerm(measured), [1, 1]) - 1.25) < 1e-6)
    #expect(abs(try best(LogNormalTerm(measured), [1, 1]) - 1.5.squareRoot()) < 1e-6)
    // A common error of the prediction moves no mean: weights 1/(e v)².
    let start = try PredictionScaledTerm(measured, multiplicative: part(values, 0.2))
    #expect(abs(try best(start, [1, 1]) - 0.88235) < 1e-4)
    #expect(abs(try best(start.renewed(with: [0.9, 0.9]), [1, 1]) - 15.0 / 13) < 1e-6)
  }

  private func part(_ values: [Double], _ f: Double) -> Matrix {
    var part = Matrix(rows: values.count, columns: values.count)
    for i in values.indices { for j in values.indices { part[i, j] = f * f * values[i] * values[j] } }
    return part
  }

  /// The factor on a prediction that minimises a term, by Newton steps on the residuals.
  private func best(_ term: any ResidualTerm, _ shape: [Double]) throws -> Double {
    var factor = 1.0
    for _ in 0..<40 {
      let residuals = try term.residuals(of: shape.map { $0 * factor })
      let slopes = try residuals.jacobian.multiplied(by: shape)
      let step =
        zip(slopes, residuals.values).reduce(0) { $0 + $1.0 * $1.1 } / slopes.reduce(0) { $0 + $1 * $1 }
      factor = max(factor - step, factor / 4)
      if abs(step) < 1e-12 { break }
    }
    return factor
  }

  /// 100 pseudo-data sets of a known prediction whose covariances are built from the data, as published ones are.
  @Test func theNormOfPseudoDataIsRight() throws {
    let truth = (0..<40).map { 2 + sin(Double($0) / 5) }
    let (e, f) = (0.12, 0.1)
    let stream = try RandomStream(seed: 5, purpose: "peelle")
    var sums = [Double](repeating: 0, count: 4)
    var common = 0.0
    for set in 0..<100 {
      // In pairs of opposite sign, so that the mean does not wait for the common error to average out.
      common = set % 2 == 0 ? f * stream.gaussian() : -common
      let data = truth.map { $0 * (1 + common + e * stream.gaussian()) }
      var covariance = part(data, f)
      for i in data.indices { covariance[i, i] += e * e * data[i] * data[i] }
      let measured = try MeasuredValues(values: data, covariance: covariance)
      let followed = try PredictionScaledTerm(measured, multiplicative: part(data, f), reference: truth)
      let terms: [any ResidualTerm] = [
        try GaussianTerm(measured), try NormShapeTerm(measured), try LogNormalTerm(measured), followed,
      ]
      for (index, term) in terms.enumerated() { sums[index] += try best(term, truth) / 100 }
    }
    #expect(abs(sums[1] - 1) < 0.03, "\(sums)")
    // 1/(1 + f² χ²_shape) with χ²_shape = 40 is 0.71.
    #expect(abs(sums[0] - 1 / 1.4) < 0.06, "\(sums)")
    // Errors of each bin that are fractions of data that fluctuate leave −e²/2 and −2e².
    #expect(abs(sums[2] - 1 + e * e / 2) < 0.03 && abs(sums[3] - 1 + 2 * e * e) < 0.03, "\(sums)")
  }

  /// V_t by hand: the multiplicative part times t/v, and the values themselves as a reference give plain χ².
  @Test func theCovarianceFollowsThePrediction() throws {
    let measured = try Self.measured(normalization: 1)
    let part = part(Self.values, 0.2)
    let plain = try GaussianTerm(measured).minusTwoLogLikelihood(of: Self.rates).value
    let start = try PredictionScaledTerm(measured, multiplicative: part)
    #expect(abs(try start.minusTwoLogLikelihood(of: Self.rates).value - plain) < 1e-10 * plain)
    let next = try start.renewed(with: Self.rates)
    var scaled = Self.covariance(f: 0)
    for i in 0..<5 { for j in 0..<5 { scaled[i, j] += 0.04 * Self.rates[i] * Self.rates[j] } }
    let expected = try GaussianTerm(values: Self.values, covariance: scaled).minusTwoLogLikelihood(of: Self.rates).value
    #expect(abs(try next.minusTwoLogLikelihood(of: Self.rates).value - expected) < 1e-9 * expected)
    #expect(abs(expected - plain) > 0.1 * plain)
    // Where no part is known: D + f² v vᵀ contains at least the norm f.
    let common = try PredictionScaledTerm.commonNorm(of: measured)
    #expect(common[1, 2] > 0.95 * 0.04 * 5 * 2)
    var rest = Self.covariance()
    for i in 0..<5 { for j in 0..<5 { rest[i, j] -= common[i, j] } }
    #expect(throws: Never.self) { try Cholesky(rest) }
  }

  /// Two measured sums and one of both: what cannot be told apart does not count, and what can counts as without it.
  @Test func singularCovariancesHaveAPseudoInverse() throws {
    let singular = try Matrix([[1, 0, 1], [0, 4, 4], [1, 4, 5]])
    let whitening = try CovarianceWhitening(singular)
    #expect(whitening.rank == 2 && whitening.threshold == 1e-6)
    let unit = try whitening.matrix.multiplied(by: singular).multiplied(by: whitening.matrix.transposed)
    for i in 0..<2 { for j in 0..<2 { #expect(abs(unit[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
    // The third value is the sum of the others: χ² is that of the first two.
    let term = try GaussianTerm(values: [1, 2, 3], covariance: singular)
    let found = try term.minusTwoLogLikelihood(of: [2, 5, 7]).value
    #expect(abs(found - (1.0 + 9.0 / 4)) < 1e-9 && term.residualCount == 2)
    // A difference along the missing direction alone, σ² (1, 1, −1), does not count.
    let along = try whitening.matrix.multiplied(by: [1, 4, -5])
    #expect(along.allSatisfy { abs($0) < 1e-9 })
    // Rounding to a few digits makes the zero slightly negative, and that is no covariance lost.
    var rounded = singular
    rounded[2, 2] = 5 - 1e-6
    #expect(try CovarianceWhitening(rounded).rank == 2)
    // With a finer threshold every direction of a covariance counts.
    let faint = try Matrix([[1, 1 - 1e-7], [1 - 1e-7, 1]])
    #expect(try CovarianceWhitening(faint).rank == 1)
    #expect(try CovarianceWhitening(faint, threshold: 1e-9).rank == 2)
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    let identity = Matrix.identity(2)
    #expect(throws: TermError.invalidData("bin 1 contains 0.0, which has no logarithm")) {
      try LogNormalTerm(try MeasuredValues(values: [1, 0], covariance: identity))
    }
    #expect(throws: TermError.predictionNotPositive(bin: 1, prediction: 0, data: 2)) {
      try LogNormalTerm(try MeasuredValues(values: [1, 2], covariance: identity)).residuals(of: [1, 0])
    }
    #expect(throws: TermError.self) {
      try NormShapeTerm(try MeasuredValues(values: [1, -1], covariance: identity))
    }
    #expect(throws: TermError.self) {
      try NormShapeTerm(try MeasuredValues(values: [1, 1], covariance: identity)).residuals(of: [0, 0])
    }
    #expect(throws: TermError.invalidData("bin 0 has the error 0.0")) {
      try CovarianceWhitening(Matrix(diagonal: [0, 1]))
    }
    #expect(throws: TermError.invalidData("2 bins with a smearing of 3 × 3")) {
      try SmearedTerm(try GaussianTerm(values: [1, 2], covariance: identity), smearing: Matrix.identity(3))
    }
  }
}
