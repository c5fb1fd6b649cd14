import NuTuneNumerics

/// Data drawn from a prediction.
public enum PseudoData {
  /// Returns Asimov data: the expectation itself, N p with p the normalised prediction, shape [bins] (G. Cowan et al.,
  /// EPJC 71 (2011) 1554).
  public static func asimov(probabilities: [Double], events: Double) throws -> [Double] {
    guard events > 0, events.isFinite else { throw InferenceError.badCounts("\(events) events") }
    let total = try Counts.normalization(of: probabilities)
    return probabilities.map { events * $0 / total }
  }

  /// Draws an independent Poisson number in every bin, shape [bins]; the total fluctuates around `events`.
  public static func poisson(probabilities: [Double], events: Double, stream: RandomStream) throws -> [Double] {
    try asimov(probabilities: probabilities, events: events).map { Double(try stream.poisson(mean: $0)) }
  }

  /// Distributes exactly `events` events over the bins, shape [bins].
  public static func multinomial(probabilities: [Double], events: Int, stream: RandomStream) throws -> [Double] {
    _ = try Counts.normalization(of: probabilities)
    return try stream.multinomial(count: events, probabilities: probabilities).map(Double.init)
  }
}
