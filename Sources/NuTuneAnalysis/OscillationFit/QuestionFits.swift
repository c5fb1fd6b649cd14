import NuTuneCore
import NuTuneStatistics

/// The fits that answer a question: of the far data with all parameters free, and with those held that the question holds. What
/// does not depend on the data they keep, so that many pseudo-experiments share it.
struct QuestionFits: Sendable {
  /// The fit with a parameter held at a value.
  private struct Held: Sendable {
    let name: String
    let value: Double
    let fit: OscillationFit
  }

  let question: SensitivityQuestion
  /// The fit of far data with all parameters free.
  private(set) var fit: OscillationFit
  private var held: [Held] = []
  /// Answers to another question that is open, each of which every fit tries; none where it is known.
  private let open: [FitHypothesis]

  /// Prepares the fits of a question.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - fit: the fit of far data; its oscillation model has the true values.
  ///   - open: questions whose answers are not known. Of these the mass ordering counts, where a splitting is fitted: a fit
  ///     without bounds of θ₂₃ finds the octant by itself, and not the sign of Δm².
  init(_ question: SensitivityQuestion, _ fit: OscillationFit, open: [String]) throws {
    self.question = question
    self.fit = fit
    self.open = try fit.oscillation.hypotheses.filter {
      $0.question != question.rawValue && open.contains($0.question) && !$0.values.isEmpty
        && !Set($0.fitted).isDisjoint(with: fit.names)
    }
    guard question == .cp, let name = question.parameter else { return }
    held = try [0, .pi].map { Held(name: name, value: $0, fit: try fit.holding(name, at: $0)) }
  }

  /// Answers the question from the data of the fit.
  func answer() throws -> Analysis.SensitivityAnswer {
    switch question {
    case .octant, .ordering: try wrongAnswer()
    case .cp: try conservation()
    case .resolution: try resolution()
    }
  }

  /// Answers the question from other events, shape [samples][bins], and with other priors.
  func answer(from events: [[Double]], priors: [GaussianPrior]) throws -> Analysis.SensitivityAnswer {
    var other = self
    other.fit = try fit.of(events, priors: priors)
    other.held = try held.map { held in
      Held(
        name: held.name, value: held.value,
        fit: try held.fit.of(events, priors: priors.filter { $0.parameter != held.name }))
    }
    return try other.answer()
  }

  /// Δ(−2lnL) of the best wrong answer, from the answer that the true values of the oscillation model give.
  private func wrongAnswer() throws -> Analysis.SensitivityAnswer {
    let oscillation = fit.oscillation
    let minima = try oscillation.hypotheses.filter { $0.question == question.rawValue }.map { hypothesis in
      let all = try (open.isEmpty ? [hypothesis] : open.map(hypothesis.and)).map { try fit.minimum(under: $0) }
      return (hypothesis: hypothesis, minimum: all.min { $0.value < $1.value } ?? all[0])
    }
    let right = try minima.filter { try $0.hypothesis.holds(for: oscillation) }.map(\.minimum)
    let wrong = try minima.filter { try !$0.hypothesis.holds(for: oscillation) }.map(\.minimum)
    guard let best = right.map(\.value).min(), let other = wrong.map(\.value).min() else {
      throw NuTuneError(
        .badData, key: "oscillation", found: "no two answers to “\(question.rawValue)” at these values",
        expected: "true values that answer it one way")
    }
    return Analysis.SensitivityAnswer(
      values: [Analysis.wrongAnswer: other - best], converged: minima.allSatisfy(\.minimum.status.isConverged))
  }

  /// Δ(−2lnL) of the best fit with a parameter held at one of some values, from the best fit with it free.
  private func conservation() throws -> Analysis.SensitivityAnswer {
    let free = try best(fit)
    let minima = try held.map { try best($0.fit) }
    let penalties = try held.map { held in
      try fit.priors.first { $0.parameter == held.name }.map { prior in
        let pull = try fit.parameters().first { $0.name == held.name }?.difference(held.value, prior.mean) ?? 0
        return pull * pull / (prior.sigma * prior.sigma)
      } ?? 0
    }
    let least = zip(minima, penalties).map { $0.value + $1 }.min() ?? free.value
    return Analysis.SensitivityAnswer(
      values: [Analysis.wrongAnswer: least - free.value],
      converged: ([free] + minima).allSatisfy(\.status.isConverged))
  }

  /// The best minimum of a fit, whatever the answers to the open question.
  private func best(_ fit: OscillationFit) throws -> LocalMinimum {
    guard !open.isEmpty else { return try fit.minimum() }
    let all = try open.map { try fit.minimum(under: $0) }
    return all.min { $0.value < $1.value } ?? all[0]
  }

  /// Half widths of the 68 % intervals around the best fit.
  private func resolution() throws -> Analysis.SensitivityAnswer {
    let likelihood = try fit.likelihood()
    let found = try Fit.minimize(likelihood, try fit.parameters(), jobs: fit.responses.folded.threads)
    let intervals = try fit.profileIntervals(found, around: found.best, likelihood, level: 1)
    return Analysis.SensitivityAnswer(
      values: intervals.mapValues(\.halfWidth),
      converged: found.best.status.isConverged && intervals.values.allSatisfy(\.isConverged))
  }
}

extension OscillationFit {
  /// The best minimum with all parameters free.
  fileprivate func minimum() throws -> LocalMinimum {
    try Fit.minimize(try likelihood(), try parameters(), jobs: responses.folded.threads).best
  }

  /// The same fit with a parameter held at a value, without its prior.
  fileprivate func holding(_ name: String, at value: Double) throws -> OscillationFit {
    OscillationFit(
      names: names.filter { $0 != name }, oscillation: try oscillation.setting([name: value]), responses: responses,
      modes: modes, terms: terms, sums: sums, scan: scan, nuisances: nuisances,
      priors: priors.filter { $0.parameter != name })
  }

  /// The same fit of other events, shape [samples][bins], and with other priors.
  fileprivate func of(_ events: [[Double]], priors: [GaussianPrior]) throws -> OscillationFit {
    var copy = self
    copy.terms = try zip(terms, events).map { try CountTerm(counts: $1, normalization: $0.normalization) }
    copy.priors = priors
    return copy
  }

  /// The events of this fit as what is expected at the values of its oscillation model, with their changes along the pulls.
  func expectedEvents() throws -> ExpectedEvents {
    let far = farPrediction
    return ExpectedEvents(
      events: terms.map(\.counts),
      prediction: far.prediction(try far.beams(at: try names.map { try oscillation.value(of: $0) })),
      pulls: nuisances?.count ?? 0, free: Set(nuisances?.free ?? []))
  }
}
