import Foundation
import NuTuneCore
import NuTuneStatistics
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// Whether a model describes the near data that it was tuned on, with a sentence when it does not.
  func goodnessOfFit(
    _ samples: [NearSample], _ record: TuningRecord
  ) throws -> (fit: GoodnessOfFit, warning: String?) {
    let isObserved = samples.contains { nearDataset($0.data).map { !$0.dataset.observation.isSimulated } ?? false }
    return isObserved || analysis.options.near.number != nil && analysis.options.near.sampling != .asimov
      ? try fluctuating(samples, record) : try exact(samples, record)
  }

  /// The deviance of some samples, less the parameters that a model has determined from them; those that are compared together
  /// are one vector, and χ² has the weight that it had in the fit, with errors for which it has the same mean.
  private func test(_ vectors: [[NearSample]], _ record: TuningRecord) throws -> DevianceTest {
    let fixed = vectors.compactMap { record.effectiveParameters?[name(of: $0)] }
    let valued = Set(folded.near.filter { $0.dataset.statistic.comparesValues }.map(\.sample.name))
    let counted = vectors.filter { !valued.contains($0[0].data.name) }.map(joined)
    var test = try DevianceTest(
      counts: counted.map(\.data.contents), predictions: counted.map(\.rates),
      effectiveParameters: fixed.reduce(0) { $0 + $1.trace }, squareTrace: fixed.reduce(0) { $0 + $1.squareTrace })
    // χ² of values with a covariance has a mean of the number of residuals: of bins, unless the covariance is singular.
    for vector in vectors where valued.contains(vector[0].data.name) {
      let bins = Double(
        try residualTerm(vector, weighted: true)?.residualCount ?? vector.reduce(0) { $0 + $1.rates.count })
      test = DevianceTest(
        deviance: test.deviance + (try deviance(vector, weighted: true)), expected: test.expected + bins,
        variance: test.variance + 2 * bins)
    }
    return test
  }

  /// Data with fluctuations: the deviance against its distribution for a right model.
  private func fluctuating(
    _ samples: [NearSample], _ record: TuningRecord
  ) throws -> (GoodnessOfFit, String?) {
    let vectors = vectors(samples)
    let whole = try test(vectors, record)
    let above = try whole.probabilityAbove()
    let judgement = try record.judgement.map { held in
      GoodnessOfFit.Judgement(
        fraction: held.fraction, step: held.step, deviance: held.deviance, expectedDeviance: held.expected,
        pValue: try DevianceTest(deviance: held.deviance, expected: held.expected, variance: held.variance)
          .probabilityAbove())
    }
    let estimated = record.judgement?.effectiveParameters
    var fit = GoodnessOfFit(
      verdict: .good, expectedDeviance: whole.expected - (estimated ?? 0),
      standardDeviation: max(0, whole.variance).squareRoot(),
      effectiveParameters: record.effectiveParameters?.values.reduce(0) { $0 + $1.trace } ?? estimated,
      pValue: judgement?.pValue ?? above, judgement: judgement,
      samples: try vectors.map { vector in
        let one = try test([vector], record)
        return GoodnessOfFit.SampleFit(
          name: name(of: vector), deviance: one.deviance, bins: vector.reduce(0) { $0 + $1.rates.count },
          expectedDeviance: one.expected, pValue: try one.probabilityAbove())
      })
    // Held-out events count no parameters; what was tuned on counts none either unless the model knows them, which makes
    // a deviance that is too large only look better. A small one is held against a model that knows nothing better.
    if let judgement, judgement.pValue < GoodnessOfFit.leastProbability {
      fit.verdict = .poor
      return (
        fit, Self.sentence("held-out near data", judgement.deviance, judgement.expectedDeviance, judgement.pValue)
      )
    }
    if above < GoodnessOfFit.leastProbability {
      fit.verdict = .poor
      return (fit, Self.sentence("near data", whole.deviance, whole.expected, above))
    }
    if judgement == nil, 1 - above < GoodnessOfFit.leastProbability {
      fit.verdict = .overfitted
      return (
        fit,
        "the training has learned fluctuations of the near data: their deviance is \(Self.text(whole.deviance)) where "
          + "\(Self.text(whole.expected)) ± \(Self.text(whole.variance.squareRoot())) is expected; predictions follow the "
          + "fluctuations, too"
      )
    }
    return (fit, nil)
  }

  /// Data without fluctuations: the number of events with which the misfit would be seen, against the one assumed.
  private func exact(
    _ samples: [NearSample], _ record: TuningRecord
  ) throws -> (GoodnessOfFit, String?) {
    let samples = vectors(samples).map(joined)
    let finite = samples.compactMap(\.data.events)
    let total = finite.count == samples.count ? finite.reduce(0, +) : nil
    let weights = samples.map { sample in total.map { (sample.data.events ?? 0) / $0 } ?? 1 / Double(samples.count) }
    let visible = try ExactMisfit(
      data: samples.map(\.data.probabilities), predictions: samples.map(\.rates), weights: weights
    ).visibleEvents()
    let assumed = record.assumedEvents ?? total ?? analysis.options.precision
    var fit = GoodnessOfFit(
      verdict: .good, effectiveParameters: record.effectiveParameters?.values.reduce(0) { $0 + $1.trace },
      visibleEvents: visible, assumedEvents: assumed,
      samples: try samples.map { sample in
        let events = sample.data.events ?? 1
        return GoodnessOfFit.SampleFit(
          name: sample.data.name,
          deviance: try FiguresOfMerit.deviance(
            counts: sample.data.probabilities.map { $0 * events }, probabilities: sample.rates),
          bins: sample.rates.count)
      })
    guard let visible, visible < assumed else { return (fit, nil) }
    fit.verdict = .poor
    return (
      fit,
      "near data are not described: the misfit would be seen with \(Self.text(visible)) events, where the precision of "
        + "\(Self.text(assumed)) is assumed; it decides the far prediction, and no error contains it"
    )
  }

  private static func sentence(_ what: String, _ deviance: Double, _ expected: Double, _ p: Double) -> String {
    "\(what) are not described: their deviance is \(text(deviance)) where \(text(expected)) is expected (p "
      + "\(p < 1e-99 ? "below 1e-99" : "= \(text(p))")); the model has no room for them or its tuning ended too early, "
      + "and no error contains that"
  }

  private static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}
