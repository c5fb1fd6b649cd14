import NuTuneCore
import NuTuneStatistics

extension StudyConfiguration {
  /// The priors of `fit.priors`: every mistake is an error with its place.
  package var fitPriors: [GaussianPrior] {
    get throws {
      var problems = NuTuneErrors()
      var priors: [GaussianPrior] = []
      for text in fit.texts("priors") {
        problems.attempt {
          let prior = try prior(text)
          guard !priors.contains(where: { $0.parameter == prior.parameter }) else {
            throw refusal("priors", found: "two priors of \(prior.parameter)", expected: "one for each parameter")
          }
          priors.append(prior)
        }
      }
      try problems.throwIfAny()
      return priors
    }
  }

  /// Refuses priors whose mean is no value of their parameter, as in another unit, or whose error is none.
  func checkPriors(_ model: any OscillationModel) throws {
    for prior in try fitPriors {
      let domain = try model.fitDomain(of: prior.parameter)
      let range =
        domain.period.map { -$0...$0 }
        ?? (domain.ends == .natural
          ? domain.bounds
          : min(
            domain.bounds.lowerBound, -domain.bounds.upperBound)...max(
              domain.bounds.upperBound, -domain.bounds.lowerBound))
      let unit = domain.unit.isEmpty ? "" : " \(domain.unit)"
      guard range.contains(prior.mean) else {
        throw refusal(
          "priors", found: "a prior of \(prior.parameter) at \(prior.mean)\(unit)",
          expected: "a value from \(range.lowerBound) to \(range.upperBound)\(unit)")
      }
      guard prior.sigma >= 1e-6 * domain.scale else {
        throw refusal(
          "priors", found: "a prior of \(prior.parameter) with an error of \(prior.sigma)\(unit)",
          expected: "at least \(1e-6 * domain.scale)\(unit), or a parameter that is not fitted")
      }
    }
  }

  private func prior(_ text: String) throws -> GaussianPrior {
    let sides = text.split(separator: "=", maxSplits: 1).map { $0.trimmingPrefix { $0 == " " } }
    let numbers = (sides.last.map(String.init) ?? "").replacing("+-", with: "±").split(separator: "±")
    func number(_ text: Substring) -> Double? {
      Double(text.filter { $0 != " " }.replacing("\u{2212}", with: "-"))
    }
    guard sides.count == 2, numbers.count == 2, let mean = number(numbers[0]), let sigma = number(numbers[1]),
      mean.isFinite, sigma.isFinite, sigma > 0
    else {
      throw refusal(
        "priors", found: "“\(text)”",
        expected: "a parameter with its value and a positive error, sin2_theta13 = 0.0222 ± 0.0006")
    }
    let name = String(sides[0].filter { $0 != " " })
    guard oscillation.fit.contains(name) else {
      throw refusal(
        "priors", found: "a prior of “\(name)”, which is not fitted",
        expected: oscillation.fit.isEmpty
          ? "no priors without a fit"
          : "a prior of a parameter of oscillation.fit, \(oscillation.fit.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: oscillation.fit))
    }
    return try GaussianPrior(parameter: name, mean: mean, sigma: sigma)
  }

  /// The pairs of parameters of `fit.planes`.
  package var fitPlanes: [[String]] {
    get throws {
      try fit.texts("planes").map { text in
        let names = text.split { $0 == " " || $0 == "," }.map(String.init)
        guard names.count == 2, names[0] != names[1], names.allSatisfy(oscillation.fit.contains) else {
          throw refusal(
            "planes", found: "“\(text)”",
            expected: oscillation.fit.count < 2
              ? "no planes without two fitted parameters"
              : "two different parameters of \(oscillation.fit.joined(separator: ", "))")
        }
        return names
      }
    }
  }

  /// The questions of `fit.hypotheses`, which the oscillation model has to know.
  package func fitQuestions(of model: any OscillationModel) throws -> [String] {
    let known = try model.hypotheses.map(\.question)
    return try fit.texts("hypotheses").map { name in
      guard known.contains(name) else {
        let all = Set(known).sorted()
        throw refusal(
          "hypotheses", found: "“\(name)”",
          expected: all.isEmpty
            ? "none: the oscillation model has no hypotheses" : "one of \(all.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: all))
      }
      let needed = try model.hypotheses.first { $0.question == name }?.fitted ?? []
      guard needed.isEmpty || needed.contains(where: oscillation.fit.contains) else {
        throw refusal(
          "hypotheses", found: "“\(name)” without \(needed[0]) among the fitted parameters",
          expected: "\(needed.joined(separator: " or ")) in oscillation.fit")
      }
      return name
    }
  }

  private func refusal(_ key: String, found: String, expected: String, suggestion: String? = nil) -> NuTuneError {
    NuTuneError(
      .badData, at: fit.location(of: key), key: "fit.\(key)", found: found, expected: expected, suggestion: suggestion)
  }
}
