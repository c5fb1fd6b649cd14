import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import Testing

/// Predictions with an error of their own beside measured values.
@Suite struct MeasuredPredictionTests {
  /// Relative errors of each bin and in common, as fractions of some values.
  private static func covariance(_ values: [Double], own: Double, common: Double) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices { matrix[i, j] = values[i] * values[j] * (common * common + (i == j ? own * own : 0)) }
    }
    return matrix
  }

  /// Largest distance of the distribution of probabilities from a uniform one (Kolmogorov).
  private static func distance(_ probabilities: [Double]) -> Double {
    let sorted = probabilities.sorted()
    let count = Double(sorted.count)
    return sorted.indices.map {
      max(abs(sorted[$0] - Double($0) / count), abs(sorted[$0] - Double($0 + 1) / count))
    }.max() ?? 1
  }

  /// V + P = (5, 1.5; 1.5, 5) with the determinant 22.75, det V = 7, and a difference of (1, −2), by hand.
  @Test func twoBinsByHand() throws {
    let measured = try MeasuredValues(values: [4, 3], covariance: Matrix([[4, 1], [1, 2]]))
    let prediction = try MeasuredPrediction(
      measured, predicted: [3, 5], covariance: Matrix([[1, 0.5], [0.5, 3]]))
    let agreement = try prediction.agreement(experiments: 0, seed: 1, threads: 1)
    #expect(abs(agreement.chiSquare - 31 / 22.75) < 1e-12)
    #expect(abs(try #require(agreement.logScore) + 0.5 * (31 / 22.75 + log(22.75 / 7))) < 1e-12)
    #expect(abs(agreement.pullRootMeanSquare - 0.5.squareRoot()) < 1e-12 && agreement.pullsWithinOne == 1)
    #expect(abs(try #require(agreement.totalError) - 5.0.squareRoot() / 8) < 1e-12)
    #expect(agreement.pValue == nil && agreement.experiments == nil)
    // Without an error of its own: χ² = (2 + 16 + 4)/7, and the second pull is beyond one.
    let sure = try MeasuredPrediction(measured, predicted: [3, 5]).agreement(experiments: 0, seed: 1, threads: 1)
    let score = try #require(sure.logScore)
    #expect(abs(sure.chiSquare - 22.0 / 7) < 1e-12 && abs(score + 11.0 / 7) < 1e-12)
    #expect(sure.pullsWithinOne == 0.5 && sure.totalError == nil)
  }

  /// An error of the prediction does not make differences count that have no error in the data.
  @Test func whatHasNoErrorInTheDataDoesNotCount() throws {
    let measured = try MeasuredValues(values: [2, 2], covariance: Matrix([[1, 1], [1, 1]]))
    let prediction = try MeasuredPrediction(measured, predicted: [1, 3], covariance: Matrix.identity(2))
    // The difference (1, −1) is the direction without an error; along (1, 1)/√2 the data have variance 2, the
    // prediction 1.
    let agreement = try prediction.agreement(experiments: 0, seed: 1, threads: 1)
    #expect(agreement.chiSquare < 1e-12)
    #expect(abs(try #require(agreement.logScore) + 0.5 * log(1.5)) < 1e-9)
  }

  /// One bin beside a known one: A = 1.2/2, variance 4 − 1.2²/2. A known value that repeats another tells as much as one.
  @Test func errorsGivenOthersByHand() throws {
    let one = try ConditionalErrors(Matrix([[4, 1.2], [1.2, 2]]), ofFirst: 1)
    #expect(abs(one.transfer[0, 0] - 0.6) < 1e-12 && abs(one.covariance[0, 0] - 3.28) < 1e-12)
    let twice = try ConditionalErrors(Matrix([[4, 1.2, 1.2], [1.2, 2, 2], [1.2, 2, 2]]), ofFirst: 1)
    #expect(abs(twice.transfer[0, 0] + twice.transfer[0, 1] - 0.6) < 1e-9)
    #expect(abs(twice.covariance[0, 0] - 3.28) < 1e-9)
  }

  @Test func independentErrorsGiveNoProbability() throws {
    let measured = try MeasuredValues(values: [4, 3], covariance: Matrix(diagonal: [4, 1]))
    let agreement = try MeasuredPrediction(measured, predicted: [2, 4]).agreement(
      experiments: 9, seed: 1, threads: 1)
    #expect(agreement.chiSquare == 2 && agreement.logScore == nil && agreement.pValue == nil)
  }

  /// With errors that are published as fractions of the data the truth has a uniform p value, and no uniform
  /// probability of χ², which such errors inflate. 0.23 is exceeded in one of a hundred sets of 50.
  @Test func theTruthHasAUniformPValue() throws {
    let truth: [Double] = [3, 5, 8, 6, 2, 1, 4, 7]
    let root = try Cholesky(Self.covariance(truth, own: 0.25, common: 0.1)).lower
    var (pValues, probabilities): ([Double], [Double]) = ([], [])
    for seed in 1...50 as ClosedRange<UInt64> {
      let stream = try RandomStream(seed: seed, purpose: "data")
      let values = zip(truth, try root.multiplied(by: stream.gaussians(truth.count))).map { $0 + $1 }
      let published = Self.covariance(values, own: 0.25, common: 0.1)
      let measured = try MeasuredValues(values: values, covariance: published)
      let prediction = try MeasuredPrediction(measured, predicted: truth, multiplicative: published)
      pValues.append(try prediction.pValue(experiments: 99, seed: seed, threads: 1))
      let chiSquare = try NormShapeTerm(measured).minusTwoLogLikelihood(of: truth).value
      probabilities.append(try SpecialFunctions.chiSquareProbability(above: chiSquare, degreesOfFreedom: 8))
    }
    #expect(Self.distance(pValues) < 0.23, "\(pValues.sorted())")
    #expect(Self.distance(probabilities) > 0.28)
  }

  /// The same where the covariance has two directions of five without an error.
  @Test func aSingularCovarianceHasAUniformPValue() throws {
    let truth: [Double] = [3, 5, 8, 6, 2]
    let stream = try RandomStream(seed: 5, purpose: "basis")
    let basis = try Matrix((0..<5).map { _ in stream.gaussians(3).map { 0.3 * $0 + 0.2 } })
    let covariance = try basis.transposed.gram()
    let pValues = try (1...50 as ClosedRange<UInt64>).map { seed in
      let shift = try basis.multiplied(by: try RandomStream(seed: seed, purpose: "data").gaussians(3))
      let measured = try MeasuredValues(values: zip(truth, shift).map { $0 + $1 }, covariance: covariance)
      return try MeasuredPrediction(
        measured, predicted: truth, multiplicative: Matrix(rows: 5, columns: 5)
      ).pValue(experiments: 99, seed: seed, threads: 1)
    }
    #expect(Self.distance(pValues) < 0.23, "\(pValues.sorted())")
  }

  /// A prediction far off is no fluctuation, unless its own error is as large; threads change nothing.
  @Test func pValuesKnowTheErrorOfThePrediction() throws {
    let values: [Double] = [3, 5, 8, 6]
    let published = Self.covariance(values, own: 0.05, common: 0.05)
    let predicted: [Double] = [4, 5, 8, 4]
    let measured = try MeasuredValues(values: values, covariance: published)
    let sure = try MeasuredPrediction(measured, predicted: predicted)
    #expect(try sure.pValue(experiments: 200, seed: 1, threads: 1) == 1.0 / 201)
    let unsure = try MeasuredPrediction(
      measured, predicted: predicted, covariance: Self.covariance(values, own: 0.3, common: 0.1))
    let pValue = try unsure.pValue(experiments: 200, seed: 1, threads: 1)
    #expect(pValue > 0.1)
    #expect(try unsure.pValue(experiments: 200, seed: 1, threads: 4) == pValue)
  }
}
