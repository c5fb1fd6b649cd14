import NuTuneNumerics

/// Events that judge a tuning: events held out of it, or the tuning events themselves.
public struct JudgingSet: Sendable {
  /// Events in the bins of each sample, shape [samples][bins].
  public let counts: [[Double]]
  /// Names of the samples.
  public let names: [String]

  /// Number of events in all samples.
  public var events: Double { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Computes the multinomial deviance 2 Σ n ln(n/(N p)) summed over samples.
  ///
  /// - Parameter rates: predictions of any normalisation, positive where there are events, shape [samples][bins].
  public func deviance(of rates: [[Double]]) -> Double {
    var sum = 0.0
    for (counts, rates) in zip(counts, rates) {
      let scale = counts.reduce(0, +) / rates.reduce(0, +)
      guard scale > 0 else { continue }
      for (events, rate) in zip(counts, rates) where rate > 0 || events > 0 {
        sum += PoissonDeviance.value(events: events, mean: rate * scale)
      }
    }
    return sum
  }

  /// Computes mean and variance of that deviance for a perfect model with these rates; the normalisation of each sample
  /// is free.
  public func moments(of rates: [[Double]]) throws -> (expected: Double, variance: Double) {
    var (expected, variance) = (0.0, 0.0)
    for (counts, rates) in zip(counts, rates) {
      let scale = counts.reduce(0, +) / rates.reduce(0, +)
      guard scale > 0 else { continue }
      for rate in rates {
        let bin = try PoissonDeviance(mean: max(0, rate * scale))
        expected += bin.expectation
        variance += bin.variance
      }
      expected -= 1
      variance -= 2
    }
    return (expected, variance)
  }

  /// Computes the loss (half the deviance per event) at which a tuning on these data has reached their noise: half the
  /// expected deviance per event, with the events of each bin in place of its mean.
  public func noise() throws -> Double {
    guard events > 0 else { return 0 }
    return 0.5 * max(0, try moments(of: counts).expected) / events
  }
}

extension TuningProblem {
  /// Whether the data fluctuate: every bin has a whole number of events. Expectations have fractions.
  public var hasFluctuations: Bool {
    samples.allSatisfy { sample in
      guard let counts = sample.counts else { return false }
      return counts.allSatisfy { abs($0 - $0.rounded()) <= 1e-6 * max(1, $0) }
    }
  }

  /// All the data as judging set; nil for data without fluctuations.
  public var judgingSet: JudgingSet? {
    guard hasFluctuations else { return nil }
    return JudgingSet(counts: samples.compactMap(\.counts), names: samples.map(\.sample.name))
  }

  /// Scales data without fluctuations to `events` events, so that a tuning can end when its misfit would be lost in the
  /// noise of that many; nil for data that fluctuate.
  public func judgingSet(assuming events: Double) -> JudgingSet? {
    guard !hasFluctuations else { return nil }
    let finite = samples.compactMap(\.events)
    let total = finite.count == samples.count ? finite.reduce(0, +) : nil
    return JudgingSet(
      counts: samples.map { sample in
        let share = total.map { (sample.events ?? 0) / $0 } ?? 1 / Double(samples.count)
        return sample.probabilities.map { $0 * events * share }
      }, names: samples.map(\.sample.name))
  }

  /// Divides the data at random: each event goes to the judging set with the probability `fraction`, to the tuning
  /// otherwise.
  ///
  /// The two are independent samples of one distribution. Random numbers come from the problem's seed, one stream for
  /// each sample.
  /// - Returns: the problem with the remaining events, and the judging set; nil when the data do not fluctuate, or one
  ///   of the two would be empty in some sample.
  public func thinned(fraction: Double) throws -> (problem: TuningProblem, judging: JudgingSet)? {
    guard hasFluctuations else { return nil }
    var thinned = self
    var judging: [[Double]] = []
    for (index, sample) in samples.enumerated() {
      let counts = (sample.counts ?? []).map { Int($0.rounded()) }
      let stream = try RandomStream(seed: seed, purpose: "thinning.\(sample.sample.name)", member: index)
      let held = try counts.map { try stream.binomial(count: $0, probability: fraction) }
      let left = zip(counts, held).map { Double($0 - $1) }
      let events = left.reduce(0, +)
      guard events > 0, held.contains(where: { $0 > 0 }) else { return nil }
      judging.append(held.map(Double.init))
      thinned.samples[index].probabilities = left.map { $0 / events }
      thinned.samples[index].events = events
    }
    return (thinned, JudgingSet(counts: judging, names: samples.map(\.sample.name)))
  }
}

extension TuningSample {
  /// Events in each bin, shape [bins]; nil when their number is infinite.
  var counts: [Double]? { events.map { events in probabilities.map { $0 * events } } }
}
