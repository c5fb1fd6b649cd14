import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics

extension Analysis {
  /// The answer to a question from data at one true value.
  public struct SensitivityAnswer: Sendable {
    /// Δ(−2lnL) of the wrong answer, or half widths of the 68 % intervals by parameter for ``SensitivityQuestion/resolution``.
    public var values: [String: Double]
    /// Whether every fit has converged.
    public var converged: Bool

    /// An answer.
    public init(values: [String: Double], converged: Bool) {
      self.values = values
      self.converged = converged
    }
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
  /// δ = 0 and at δ = π, of which the better counts. Where the mass ordering is among the questions of the options it is open in
  /// all of these. The number of far events is what the exposure gives at the true values.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - model: the model with which the data are fitted, prepared for the fluxes of this analysis.
  ///   - point: the true values and the exposure.
  public func sensitivity(_ question: SensitivityQuestion, with model: TunedModel, at point: SensitivityPoint) throws
    -> SensitivityAnswer
  {
    try at(point).question(question, with: model).answer()
  }

  /// How well far data of pseudo-experiments answer a question with a model, shape [experiments].
  ///
  /// In every experiment the pulls of all nuisance parameters with a prior are drawn from it and move the true rates, events are
  /// drawn from the Poisson law, and the means of Gaussian priors scatter around the true values, as another experiment would
  /// have measured them. Near data, and with them models, stay as they are. The data of an experiment are the same for every
  /// model. A fit that fails leaves an answer without values that has not converged.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - model: the model with which the data are fitted, prepared for the fluxes of this analysis.
  ///   - truth: the true cross section, prepared in the same way.
  ///   - point: the true values and the exposure.
  ///   - experiments: numbers of the experiments, from 0.
  public func sensitivities(
    _ question: SensitivityQuestion, with model: TunedModel, truth: TunedModel, at point: SensitivityPoint,
    experiments: Range<Int>
  ) throws -> [SensitivityAnswer] {
    let there = try at(point)
    let asked = try there.question(question, with: model)
    let making = try there.question(question, with: truth).fit.expectedEvents()
    let purpose = "sensitivity.\(question.rawValue).\(point.text)"
    return try experiments.map { experiment in
      let stream = try RandomStream(seed: options.dataSeed, purpose: purpose, member: experiment + 1)
      let (events, priors) = (
        try making.thrown(stream), try there.thrownPriors(purpose: purpose, member: experiment + 1)
      )
      do {
        return try asked.answer(from: events, priors: priors)
      } catch let error where error.isRuntimeFailure {
        return SensitivityAnswer(values: [:], converged: false)
      }
    }
  }

  /// Gaussian priors as another experiment would have measured them: their means scatter around the true values.
  ///
  /// - Parameters:
  ///   - purpose: of the random numbers.
  ///   - member: which pseudo-experiment.
  package func thrownPriors(purpose: String, member: Int) throws -> [GaussianPrior] {
    try options.priors.map { prior in
      let stream = try RandomStream(
        seed: options.dataSeed, purpose: "\(purpose).prior.\(prior.parameter)", member: member)
      return try GaussianPrior(
        parameter: prior.parameter,
        mean: oscillation.value(of: prior.parameter) + prior.sigma * stream.gaussian(), sigma: prior.sigma)
    }
  }

  /// The fits that answer a question, of far data without fluctuations.
  private func question(_ question: SensitivityQuestion, with model: TunedModel) throws -> QuestionFits {
    let data = try farData(of: truth, sampling: .asimov)
    return try QuestionFits(question, try fit(model, data, scan: ScanSettings(points: 0)), open: options.questions)
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

extension Analysis.SensitivityPoint {
  /// The exposure and the true values in the order of their names, as text.
  fileprivate var text: String {
    (["exposure=\(exposure)"] + truth.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: ",")
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
