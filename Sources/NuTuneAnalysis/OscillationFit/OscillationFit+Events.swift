import NuTuneCore
import NuTuneStatistics

extension OscillationFit {
  /// A measured far sample of the fit.
  package struct MeasuredSample: Sendable {
    /// Its name, that of its only component or the one that the study gives to a sum.
    package var name: String
    /// Its bins.
    package var binning: Binning
    /// Whether it is fitted; a sample that is only predicted adds nothing to the likelihood.
    package var isFitted: Bool
    /// Whether its number of events counts, and not only its shape.
    package var comparesNumbers: Bool
  }

  /// The measured far samples, in the order of ``events`` and ``expectedEvents(at:)``.
  package var samples: [MeasuredSample] {
    zip(sums.samples, terms).map { parts, term in
      let dataset = responses.folded.far[parts[0].component].dataset
      return MeasuredSample(
        name: dataset.measuredAs, binning: dataset.sample.binning, isFitted: dataset.roles.contains(.fit),
        comparesNumbers: term.normalization != nil)
    }
  }

  /// Observed events, shape [samples][bins]; zeros for a sample that is not fitted.
  package var events: [[Double]] { terms.map(\.counts) }

  /// Computes the expected events at values of the fitted parameters, shape [samples][bins]: of a model at its posterior
  /// mean, with nuisance parameters at their central values. A shape has as many events as are observed; a sample without
  /// observed events has its probabilities.
  package func expectedEvents(at values: [Double]) throws -> [[Double]] {
    let prediction = farPrediction
    return zip(prediction.prediction(try prediction.beams(at: values)).rates, terms).map { rates, term in
      let total = rates.reduce(0, +)
      guard total > 0 else { return rates }
      // The same factor as in the term, so that the likelihood can be computed from what is returned.
      let factor = term.normalization ?? (term.events > 0 ? term.events : 1) / total
      return rates.map { factor * $0 }
    }
  }

  /// Returns the fit of other events, shape [samples][bins]; those of samples that are not fitted are ignored.
  ///
  /// - Throws: `InferenceError` for events that are negative or not finite, `NuTuneError` for another number of bins.
  package func observing(_ events: [[Double]]) throws -> OscillationFit {
    let samples = samples
    guard events.map(\.count) == terms.map(\.counts.count) else {
      throw NuTuneError(
        .badData, key: "events", found: "\(events.map(\.count)) bins",
        expected: "\(terms.map(\.counts.count)), those of the samples")
    }
    var copy = self
    copy.terms = try terms.indices.map {
      samples[$0].isFitted
        ? try CountTerm(counts: events[$0], normalization: terms[$0].normalization) : terms[$0]
    }
    return copy
  }
}
