import NuTuneCore
import NuTuneResults
import NuTuneStatistics

extension OscillationFit {
  /// Fits under every answer to the questions that were asked, and where there are several under every combination of answers;
  /// nil when there are none. An answer whose fit is not converged, or ends at the end of the range that is searched, fails the
  /// results.
  func hypotheses(_ results: inout OscillationResults) throws -> [String: [String: OscillationResults.Hypothesis]]? {
    guard !questions.isEmpty else { return nil }
    var answers: [String: [String: OscillationResults.Hypothesis]] = [:]
    for all in try asked(questions) {
      var found: [(name: String, minimum: LocalMinimum)] = []
      let question = all.first?.question ?? ""
      for hypothesis in all {
        let model = try oscillation.setting(hypothesis.values)
        let parameters = try names.map { try FitParameter($0, of: model, within: hypothesis.bounds[$0]) }
        let minimum = try minimum(under: hypothesis, model, parameters)
        if case .notConverged(let reason) = minimum.status {
          results.fail("the fit with \(hypothesis.name) \(question): \(reason)")
        }
        for (index, name) in names.enumerated() where minimum.atBound[index] && hypothesis.bounds[name] == nil {
          if try model.fitDomain(of: name).ends == .chosen {
            results.fail("with \(hypothesis.name) \(question) \(name) ends at the end of the range that is searched")
          }
        }
        found.append((hypothesis.name, minimum))
      }
      let least = found.map(\.minimum.value).min() ?? 0
      answers[question] = Dictionary(
        found.map { name, minimum in
          (
            name,
            OscillationResults.Hypothesis(
              bestFit: Dictionary(uniqueKeysWithValues: zip(names, minimum.position)), delta: minimum.value - least,
              converged: minimum.status.isConverged)
          )
        }, uniquingKeysWith: { first, _ in first })
    }
    return answers
  }

  /// The answers to each of some questions, and of several the combinations of all.
  private func asked(_ questions: [String]) throws -> [[FitHypothesis]] {
    let each = try questions.map { question in try oscillation.hypotheses.filter { $0.question == question } }
    guard let first = each.first, each.count > 1 else { return each }
    return each + [each.dropFirst().reduce(first) { all, next in all.flatMap { one in next.map { one.and($0) } } }]
  }

  /// The best fit under a hypothesis.
  func minimum(under hypothesis: FitHypothesis) throws -> LocalMinimum {
    let model = try oscillation.setting(hypothesis.values)
    return try minimum(
      under: hypothesis, model, try names.map { try FitParameter($0, of: model, within: hypothesis.bounds[$0]) })
  }

  private func minimum(
    under hypothesis: FitHypothesis, _ model: any OscillationModel, _ parameters: [FitParameter]
  ) throws -> LocalMinimum {
    try Fit.minimize(
      try under(hypothesis, model).likelihood(), parameters, jobs: responses.folded.threads
    ).best
  }

  /// Returns the same fit under a hypothesis: parameters that are not fitted take its values, and priors move with the
  /// values that it changes, because a prior of Δm² is one of its size and not of the ordering.
  private func under(_ hypothesis: FitHypothesis, _ model: any OscillationModel) throws -> OscillationFit {
    let held = hypothesis.values.filter { !names.contains($0.key) }
    let moved = try priors.map { prior in
      try GaussianPrior(
        parameter: prior.parameter,
        mean: prior.mean + model.value(of: prior.parameter) - oscillation.value(of: prior.parameter),
        sigma: prior.sigma)
    }
    guard !held.isEmpty else {
      var copy = self
      copy.priors = moved
      return copy
    }
    return OscillationFit(
      names: names, oscillation: try oscillation.setting(held), responses: responses,
      modes: modes, terms: terms, sums: sums, scan: scan, nuisances: nuisances, priors: moved)
  }
}
