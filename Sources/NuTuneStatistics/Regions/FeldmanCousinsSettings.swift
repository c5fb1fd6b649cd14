/// Numbers that steer ``FeldmanCousins``.
public struct FeldmanCousinsSettings: Equatable, Sendable {
  /// How the number of events of a sample fluctuates in pseudo-data.
  public enum Fluctuation: Equatable, Sendable {
    /// An independent Poisson number in every bin.
    case poisson
    /// The events of a sample, rounded to an integer, distributed over its bins.
    case multinomial
  }

  /// Pseudo-experiments at each test point. The critical value of 68.27 % has a relative error of about 1.3/√experiments,
  /// that of 95.45 % of 1.5/√experiments.
  public var experiments = 1000
  /// Every so many positions of the grid along each axis are test points, and the last ones.
  public var stride = 4
  /// Probabilities of the regions.
  public var probabilities = [EnsembleRule.probability(sigmas: 1), EnsembleRule.probability(sigmas: 2)]
  /// How pseudo-data are drawn.
  public var fluctuation = Fluctuation.poisson
  /// The study's seed.
  public var seed: UInt64 = 0
  /// Number of threads.
  public var jobs = 1

  /// The defaults above.
  public init() {}

  /// The smallest number of pseudo-experiments that leaves one beyond the critical value of every probability; fewer would
  /// give the largest Δ instead of a quantile.
  public var leastExperiments: Int {
    probabilities.map { probability in
      // 1/(1 − β) may miss an integer by rounding.
      (1...).first { (1 - probability) * Double($0) >= 1 } ?? 1
    }.max() ?? 1
  }

  func check() throws {
    guard experiments > 0, stride > 0, !probabilities.isEmpty else {
      throw InferenceError.badEnsemble(
        "\(experiments) pseudo-experiments at every \(stride)th point for \(probabilities.count) probabilities")
    }
    for probability in probabilities {
      guard probability > 0, probability < 1, (1 - probability) * Double(experiments) >= 1 else {
        throw InferenceError.badEnsemble(
          "\(experiments) pseudo-experiments for the probability \(probability); expected at least one beyond it")
      }
    }
  }
}
