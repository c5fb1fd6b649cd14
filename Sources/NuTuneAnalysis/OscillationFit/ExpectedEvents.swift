import NuTuneNumerics
import NuTuneStatistics

/// Events that are expected in the far samples, and how they change along the pulls of nuisance parameters; pseudo-experiments are
/// drawn from them.
package struct ExpectedEvents: Sendable {
  /// Shape [samples][bins].
  let events: [[Double]]
  /// Rates in any normalisation and their changes, in the shapes of the samples.
  let prediction: LinearPrediction
  /// Number of pulls.
  let pulls: Int
  /// Pulls without a prior, which are not drawn.
  let free: Set<Int>

  /// Creates expected events of samples; see the properties.
  package init(events: [[Double]], prediction: LinearPrediction, pulls: Int, free: Set<Int>) {
    self.events = events
    self.prediction = prediction
    self.pulls = pulls
    self.free = free
  }

  /// Draws the pulls from their priors, and with them events from the Poisson law; shape [samples][bins]. A rate that the pulls
  /// would make negative is zero.
  package func thrown(_ stream: RandomStream) throws -> [[Double]] {
    let drawn = (0..<pulls).map { _ in stream.gaussian() }
    let moved = moved(to: drawn.enumerated().map { free.contains($0) ? 0 : $1 })
    return try moved.map { try $0.map { Double(try stream.poisson(mean: $0)) } }
  }

  /// Expected events at values of the pulls, shape [samples][bins].
  package func moved(to pulls: [Double]) -> [[Double]] {
    events.indices.map { sample in
      let (rates, changes) = (prediction.rates[sample], prediction.directions[sample])
      return events[sample].indices.map { bin in
        guard rates[bin] > 0 else { return events[sample][bin] }
        let change = pulls.indices.reduce(0) { $0 + pulls[$1] * changes[$1 * rates.count + bin] }
        return events[sample][bin] * max(0, 1 + change / rates[bin])
      }
    }
  }
}
