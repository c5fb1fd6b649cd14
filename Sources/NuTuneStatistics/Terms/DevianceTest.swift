import NuTuneNumerics

/// The probability of a deviance for a right model: a gamma distribution with the exact mean and variance.
///
/// A multinomial deviance of B bins that expect μ_b events each has the mean Σ E(μ_b) − 1, with E the mean of
/// `PoissonDeviance`, less the effective number of parameters determined from the same data. With many events in every
/// bin this is χ².
public struct DevianceTest: Sendable, Hashable {
  /// The deviance.
  public let deviance: Double
  /// Mean of the deviance for a right model.
  public let expected: Double
  /// Variance of the deviance for a right model.
  public let variance: Double

  /// Creates a test from a deviance with its mean and variance. Below one degree of freedom, ``probabilityAbove()``
  /// takes at least the mean and variance of χ² with one.
  public init(deviance: Double, expected: Double, variance: Double) {
    self.deviance = deviance
    self.expected = expected
    self.variance = variance
  }

  /// Tests the deviance of samples that each have a free normalisation; one without an event adds nothing.
  ///
  /// - Parameters:
  ///   - counts: events in the bins of each sample, shape [samples][bins].
  ///   - predictions: predicted shapes of any normalisation, shape [samples][bins].
  ///   - effectiveParameters: tr H of the tuning on these counts; 0 for data that did not enter the tuning.
  ///   - squareTrace: tr H².
  public init(
    counts: [[Double]], predictions: [[Double]], effectiveParameters: Double = 0, squareTrace: Double = 0
  ) throws {
    var (deviance, expected, variance) = (0.0, 0.0, 0.0)
    for (counts, prediction) in zip(counts, predictions) {
      deviance += try FiguresOfMerit.deviance(counts: counts, probabilities: prediction)
      let scale = try Counts.total(of: counts) / prediction.reduce(0, +)
      guard scale > 0 else { continue }
      for rate in prediction {
        let bin = try PoissonDeviance(mean: rate * scale)
        expected += bin.expectation
        variance += bin.variance
      }
      expected -= 1
      variance -= 2
    }
    self.init(
      deviance: deviance, expected: expected - effectiveParameters,
      variance: variance - 2 * (2 * effectiveParameters - squareTrace))
  }

  /// Probability of a larger deviance.
  public func probabilityAbove() throws -> Double {
    let (mean, variance) = (max(expected, 1), max(self.variance, 2))
    // A gamma distribution is a χ² distribution with 2 mean²/variance degrees of freedom, times variance/2mean.
    return try SpecialFunctions.chiSquareProbability(
      above: max(0, deviance) * 2 * mean / variance, degreesOfFreedom: 2 * mean * mean / variance)
  }
}
