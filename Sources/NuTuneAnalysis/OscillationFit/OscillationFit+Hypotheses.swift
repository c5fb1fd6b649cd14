import NuTuneCore
import NuTuneResults
import NuTuneStatistics

extension OscillationFit {
  /// Fits under every answer to the questions that were asked; nil when there are none.
  func hypotheses(_ likelihood: any Likelihood) throws -> [String: [String: OscillationResults.Hypothesis]]? {
    guard !questions.isEmpty else { return nil }
    var results: [String: [String: OscillationResults.Hypothesis]] = [:]
    for question in questions {
      var found: [(name: String, minimum: LocalMinimum)] = []
      for hypothesis in try oscillation.hypotheses where hypothesis.question == question {
        // What is not fitted takes its value, too: −2lnL of a model that is set to it.
        let held = hypothesis.values.filter { !names.contains($0.key) }
        let model = try oscillation.setting(hypothesis.values)
        let parameters = try names.map { try FitParameter($0, of: model, within: hypothesis.bounds[$0]) }
        let under = held.isEmpty ? likelihood : try setting(held).likelihood()
        found.append((hypothesis.name, try Fit.minimize(under, parameters).best))
      }
      let least = found.map(\.minimum.value).min() ?? 0
      results[question] = Dictionary(
        uniqueKeysWithValues: found.map { name, minimum in
          (
            name,
            OscillationResults.Hypothesis(
              bestFit: Dictionary(uniqueKeysWithValues: zip(names, minimum.position)), delta: minimum.value - least,
              converged: minimum.status.isConverged)
          )
        })
    }
    return results
  }

  /// The same fit with other values of parameters that are not fitted.
  private func setting(_ values: [String: Double]) throws -> OscillationFit {
    OscillationFit(
      names: names, oscillation: try oscillation.setting(values), responses: responses, modes: modes, counts: counts,
      scan: scan, nuisances: nuisances, priors: priors)
  }
}
