import NuTuneNumerics

/// The distance of predictions from expectations that do not fluctuate, as the number of events that would reveal it.
public struct ExactMisfit: Sendable {
  /// Multinomial deviance per event, 2 Σ p ln(p/q), summed over the samples with their weights.
  public let deviancePerEvent: Double
  private let shares: [[Double]]

  /// - Parameters:
  ///   - data: expected shapes of any normalisation, shape [samples][bins].
  ///   - predictions: predicted shapes of any normalisation, shape [samples][bins].
  ///   - weights: share of each sample in all events, shape [samples].
  public init(data: [[Double]], predictions: [[Double]], weights: [Double]) throws {
    var (sum, shares) = (0.0, [[Double]]())
    for (weight, (data, prediction)) in zip(weights, zip(data, predictions)) {
      let total = try Counts.normalization(of: data)
      sum += weight * (try FiguresOfMerit.deviance(counts: data.map { $0 / total }, probabilities: prediction))
      let rate = prediction.reduce(0, +)
      shares.append(prediction.map { weight * $0 / rate })
    }
    (deviancePerEvent, self.shares) = (sum, shares)
  }

  /// Computes the mean deviance of data with so many events from a right model, each sample normalised to its own
  /// total.
  public func expectedDeviance(events: Double) throws -> Double {
    try shares.reduce(-Double(shares.count)) { sum, sample in
      try sample.reduce(sum) { $0 + (try PoissonDeviance(mean: max(0, $1) * events).expectation) }
    }
  }

  /// Computes the number of events whose fluctuations give the same deviance as the misfit; nil without a misfit.
  public func visibleEvents() throws -> Double? {
    let bins = shares.reduce(0) { $0 + $1.count }
    guard deviancePerEvent > 0 else { return nil }
    // Bins with few events contribute less than one: step down from above to the largest solution.
    var events = Double(max(1, bins - shares.count)) / deviancePerEvent
    for _ in 0..<20 {
      let next = max(1, try expectedDeviance(events: events)) / deviancePerEvent
      let isSettled = abs(next - events) < 1e-3 * events
      events = next
      if isSettled { break }
    }
    return events.isFinite ? events : nil
  }
}
