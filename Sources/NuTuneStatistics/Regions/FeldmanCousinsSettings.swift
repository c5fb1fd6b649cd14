/// Settings of ``FeldmanCousins``.
public struct FeldmanCousinsSettings: Equatable, Sendable {
  /// The fluctuation of the number of events of a sample in pseudo-data.
  public enum Fluctuation: Equatable, Sendable {
    /// An independent Poisson number in every bin.
    case poisson
    /// The events of a sample, rounded to an integer, distributed over its bins.
    case multinomial
  }

  /// Number of pseudo-experiments at each test point. The critical value of 68.27 % has a relative error of about
  /// 1.3/√experiments, that of 95.45 % of 1.5/√experiments.
  public var experiments = 1000
  /// Test points are every `stride`-th grid point per axis, plus the last.
  public var stride = 4
  /// Probabilities of the regions.
  public var probabilities = [EnsembleRule.probability(sigmas: 1), EnsembleRule.probability(sigmas: 2)]
  /// The fluctuation of pseudo-data.
  public var fluctuation = Fluctuation.poisson
  /// The study's seed.
  public var seed: UInt64 = 0
  /// Number of threads.
  public var jobs = 1

  /// Creates the default settings.
  public init() {}

  /// The smallest number of pseudo-experiments that leaves one beyond the critical value of every probability; with
  /// fewer, the critical value would be the largest Δ instead of a quantile.
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
