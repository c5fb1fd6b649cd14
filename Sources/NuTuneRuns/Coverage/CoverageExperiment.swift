import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The stored result of one pseudo-experiment.
struct CoverageExperiment: Codable, Sendable {
  /// The result of the fit with one model.
  struct Outcome: Codable, Sendable {
    var each: [Double]
    var joint: Double
    var best: [Double]
    var errors: [Double?]
    var converged: Bool
  }

  /// Digest of its inputs.
  package var digest: String
  /// Number of the experiment, from 0.
  var experiment: Int
  /// Results by label of the fit (``FitLabel``); nil for a model that could not be tuned.
  var outcomes: [String: Outcome?]
}

extension CoverageExperiment {
  /// Refuses another experiment, or one of other models or parameters.
  package func check(as number: Int, labels: Set<String>, parameters: Int) throws {
    try ReadBackCheck.require(experiment == number, "experiment", "experiment \(experiment)", "experiment \(number)")
    // A model that knows its uncertainty has a second outcome, that of its fit at the posterior mean.
    for label in labels { try ReadBackCheck.require(outcomes[label] != nil, "outcomes.\(label)", "none", "one") }
    for (label, outcome) in outcomes {
      let key = "outcomes.\(label)"
      try ReadBackCheck.require(
        labels.contains(FitLabel.model(of: label)), key, "a model of no name in the study", "a model of the study")
      guard let outcome else { continue }
      for (name, count) in [
        ("each", outcome.each.count), ("best", outcome.best.count), ("errors", outcome.errors.count),
      ]
      where count != parameters {
        throw NuTuneError(
          .badData, key: "\(key).\(name)", found: "\(count) values", expected: "\(parameters), one for each parameter")
      }
    }
  }
}
