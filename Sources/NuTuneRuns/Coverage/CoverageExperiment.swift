import NuTuneCore
import NuTuneFiles

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
  /// Results by model label; nil for a model that could not be tuned.
  var outcomes: [String: Outcome?]
}

extension CoverageExperiment {
  /// Refuses another experiment, or one of other models or parameters.
  package func check(as number: Int, labels: Set<String>, parameters: Int) throws {
    try ReadBackCheck.require(experiment == number, "experiment", "experiment \(experiment)", "experiment \(number)")
    // A model that knows its uncertainty has a second outcome, `<label>.frozen`.
    for label in labels { try ReadBackCheck.require(outcomes[label] != nil, "outcomes.\(label)", "none", "one") }
    for (label, outcome) in outcomes {
      let key = "outcomes.\(label)"
      let plain = label.hasSuffix(".frozen") ? String(label.dropLast(7)) : label
      try ReadBackCheck.require(labels.contains(plain), key, "a model of no name in the study", "a model of the study")
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
