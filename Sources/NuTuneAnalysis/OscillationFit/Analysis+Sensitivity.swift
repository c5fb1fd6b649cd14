import NuTuneCore
import NuTuneStatistics

extension Analysis {
  /// The answer to a question from data at one true value.
  public struct SensitivityAnswer: Sendable {
    /// Δ(−2lnL) of the wrong answer, or half widths of the 68 % intervals by parameter for ``SensitivityQuestion/resolution``.
    public var values: [String: Double]
    /// Whether every fit has converged.
    public var converged: Bool
  }

  /// The name under which ``SensitivityAnswer/values`` has Δ(−2lnL) of the wrong answer.
  public static let wrongAnswer = "delta"

  /// Where a question is asked: the true oscillation parameters and the exposure.
  public struct SensitivityPoint: Sendable, Hashable {
    /// Factor on the exposure of the study. Near data, priors and norms stay as they are.
    public var exposure: Double
    /// True values of oscillation parameters, those that are not the study's, by name.
    public var truth: [String: Double]

    /// A place to ask a question at.
    public init(exposure: Double = 1, truth: [String: Double] = [:]) {
      self.exposure = exposure
      self.truth = truth
    }
  }

  /// How well far data without fluctuations answer a question with a model.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - model: the model with which the data are fitted, prepared for the fluxes of this analysis.
  ///   - value: the true value of ``SensitivityQuestion/parameter``, or the factor on the exposure.
  ///   - exposure: factor on the exposure of the study, beside that of the value.
  public func sensitivity(
    _ question: SensitivityQuestion, with model: TunedModel, at value: Double, exposure: Double = 1
  ) throws -> SensitivityAnswer {
    let point =
      question.parameter.map { SensitivityPoint(exposure: exposure, truth: [$0: value]) }
      ?? SensitivityPoint(exposure: exposure * value)
    return try sensitivity(question, with: model, at: point)
  }

  /// How well far data without fluctuations answer a question with a model.
  ///
  /// Of the wrong octant or ordering −2lnL is minimised over all fitted parameters there; of CP conservation over them at
  /// δ = 0 and at δ = π, of which the better counts. The number of far events is what the exposure gives at the true
  /// values.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - model: the model with which the data are fitted, prepared for the fluxes of this analysis.
  ///   - point: the true values and the exposure.
  public func sensitivity(_ question: SensitivityQuestion, with model: TunedModel, at point: SensitivityPoint) throws
    -> SensitivityAnswer
  {
    let there = try at(point)
    let data = try there.farData(of: there.truth, sampling: .asimov)
    let fit = try there.fit(model, data, scan: ScanSettings(points: 0))
    switch question {
    case .octant, .ordering: return try fit.wrongAnswer(to: question.rawValue)
    case .cp: return try fit.conservation(of: "delta_cp", at: [0, .pi])
    case .resolution: return try fit.resolution()
    }
  }

  /// The same analysis with other true values, and with the far events that the exposure gives there.
  private func at(_ point: SensitivityPoint) throws -> Analysis {
    var copy = self
    var ratio = 1.0
    if !point.truth.isEmpty {
      copy.oscillation = try oscillation.setting(point.truth)
      func total(_ oscillation: any OscillationModel) throws -> Double {
        try zip(folded.far, closureTruth().farRates(oscillation)).reduce(0) {
          $0 + $1.0.exposure * $1.1.reduce(0, +)
        }
      }
      ratio = try total(copy.oscillation) / total(oscillation)
      copy.options.priors = try options.priors.map { prior in
        try point.truth[prior.parameter].map {
          try GaussianPrior(parameter: prior.parameter, mean: $0, sigma: prior.sigma)
        } ?? prior
      }
    }
    copy.options.far.number = options.far.number.map { $0 * ratio * point.exposure }
    copy.options.backgrounds = options.backgrounds.map { $0.exposed(times: point.exposure) }
    return copy
  }
}

extension OscillationFit {
  /// Δ(−2lnL) of the best wrong answer, from the answer that the true values of the oscillation model give.
  func wrongAnswer(to question: String) throws -> Analysis.SensitivityAnswer {
    let minima = try oscillation.hypotheses.filter { $0.question == question }.map {
      (hypothesis: $0, minimum: try minimum(under: $0))
    }
    let right = try minima.filter { try $0.hypothesis.holds(for: oscillation) }.map(\.minimum)
    let wrong = try minima.filter { try !$0.hypothesis.holds(for: oscillation) }.map(\.minimum)
    guard let best = right.map(\.value).min(), let other = wrong.map(\.value).min() else {
      throw NuTuneError(
        .badData, key: "oscillation", found: "no two answers to “\(question)” at these values",
        expected: "true values that answer it one way")
    }
    return Analysis.SensitivityAnswer(
      values: [Analysis.wrongAnswer: other - best], converged: minima.allSatisfy(\.minimum.status.isConverged))
  }

  /// Δ(−2lnL) of the best fit with a parameter held at one of some values, from the best fit with it free.
  func conservation(of name: String, at values: [Double]) throws -> Analysis.SensitivityAnswer {
    let free = try Fit.minimize(try likelihood(), try parameters(), jobs: responses.folded.threads).best
    let held = try values.map { value in
      let fit = OscillationFit(
        names: names.filter { $0 != name }, oscillation: try oscillation.setting([name: value]), responses: responses,
        modes: modes, terms: terms, sums: sums, scan: scan, nuisances: nuisances,
        priors: priors.filter { $0.parameter != name })
      return try Fit.minimize(
        try fit.likelihood(), try fit.parameters(), jobs: fit.responses.folded.threads
      ).best
    }
    let penalties = try values.map { value in
      try priors.first { $0.parameter == name }.map { prior in
        let pull = try parameters().first { $0.name == name }?.difference(value, prior.mean) ?? 0
        return pull * pull / (prior.sigma * prior.sigma)
      } ?? 0
    }
    let least = zip(held, penalties).map { $0.value + $1 }.min() ?? free.value
    return Analysis.SensitivityAnswer(
      values: [Analysis.wrongAnswer: least - free.value],
      converged: ([free] + held).allSatisfy(\.status.isConverged))
  }

  /// Half widths of the 68 % intervals around the best fit.
  func resolution() throws -> Analysis.SensitivityAnswer {
    let likelihood = try likelihood()
    let fit = try Fit.minimize(likelihood, try parameters(), jobs: responses.folded.threads)
    let intervals = try profileIntervals(fit, around: fit.best, likelihood, level: 1)
    return Analysis.SensitivityAnswer(
      values: intervals.mapValues(\.halfWidth),
      converged: fit.best.status.isConverged && intervals.values.allSatisfy(\.isConverged))
  }
}

extension FitHypothesis {
  /// Whether the parameters of an oscillation model are as this answer says.
  func holds(for oscillation: any OscillationModel) throws -> Bool {
    for (name, range) in bounds where try !range.contains(oscillation.value(of: name)) { return false }
    // An answer that is a set of values (an ordering) is that with the sign of the model's.
    for (name, value) in values where try value.sign != oscillation.value(of: name).sign { return false }
    return true
  }
}
