import Foundation
import NuTuneResults

/// `coverage.json` with plausible numbers.
struct SyntheticCoverage {
  /// Labels with the share of experiments whose 68.27 and 95.45 % intervals contain the truth.
  var models: [(label: String, shares: (Double, Double))] = [
    ("truth", (0.72, 0.945)), ("process", (0.705, 0.95)), ("process.at_posterior_mean", (0.69, 0.93)),
    ("neural", (0.52, 0.83)),
  ]
  /// Experiments that count.
  var experiments = 200
  /// Experiments that failed with `neural`.
  var failed = 3
  /// Labels of the study's models.
  var labels = ["process", "neural"]

  /// The results, read from the file's text.
  var results: CoverageResults {
    get throws { try JSONDecoder().decode(CoverageResults.self, from: json) }
  }

  /// Writes `coverage.json` into a folder.
  func write(to folder: String) throws {
    try json.write(to: URL(fileURLWithPath: folder + "/coverage.json"))
  }

  /// The file's text.
  var json: Data {
    get throws {
      var study = SyntheticRun().results.study
      study.name = "dune-process-coverage"
      study.models = labels
      func fractions(_ share: Double, _ probability: Double) -> [String: Any] {
        let error = (probability * (1 - probability) / Double(max(experiments, 1))).squareRoot()
        var result: [String: Any] = [:]
        for (index, name) in ["sin2_theta23", "dm2_32", "joint"].enumerated() where experiments > 0 {
          let fraction = min(max(share + 0.015 * Double(index - 1), 0), 1)
          result[name] = ["fraction": fraction, "error": error, "pull": (fraction - probability) / error]
        }
        return result
      }
      var answers: [String: Any] = [:]
      for model in models {
        answers[model.label] = [
          "experiments": experiments, "failed": model.label == "neural" ? failed : 0,
          "coverage_68": fractions(model.shares.0, 0.6827), "coverage_95": fractions(model.shares.1, 0.9545),
          "shift": ["sin2_theta23": 0.001, "dm2_32": -2e-7], "spread": ["sin2_theta23": 0.015, "dm2_32": 1.1e-5],
        ]
      }
      let object: [String: Any] = [
        "schema": "nutune.coverage/1", "study": try JSONSerialization.jsonObject(with: JSONEncoder().encode(study)),
        "experiments": experiments + failed, "parameters": ["sin2_theta23", "dm2_32"], "models": answers,
      ]
      return try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    }
  }
}
