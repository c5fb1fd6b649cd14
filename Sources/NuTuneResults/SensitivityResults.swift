import NuTuneCore
import NuTuneFiles

/// `sensitivity.json`, schema `nutune.sensitivity/1`: how well far data answer a question, with the true and with learned
/// cross sections.
public struct SensitivityResults: Sendable, Codable, ReadBack {
  /// Schema name of this version.
  public static let schemaName = "nutune.sensitivity/1"

  /// The answer with one model at one true value.
  public struct Point: Sendable, Codable {
    /// The true value of ``SensitivityResults/parameter``, or the factor on the exposure.
    public var value: Double
    /// The factor on the exposure of the study beside it; nil where there is one exposure, that of the study.
    public var exposure: Double?
    /// `delta`: Δ(−2lnL) of the wrong answer; or half widths of the 68 % intervals, by parameter.
    public var results: [String: Double]
    /// Whether every fit has converged.
    public var converged: Bool

    /// An answer at a true value.
    public init(value: Double, exposure: Double? = nil, results: [String: Double], converged: Bool) {
      self.value = value
      self.exposure = exposure
      self.results = results
      self.converged = converged
    }
  }

  /// `nutune.sensitivity/1`.
  public var schema: String
  /// The effective study.
  public var study: EffectiveStudy
  /// `octant`, `cp`, `ordering` or `resolution`.
  public var question: String
  /// What is varied: an oscillation parameter, or `exposure`.
  public var parameter: String
  /// Points in order of their exposures and values, by label of the model; `truth` is the true cross section.
  public var models: [String: [Point]]

  /// Results of a question.
  public init(study: EffectiveStudy, question: String, parameter: String, models: [String: [Point]]) {
    schema = Self.schemaName
    self.study = study
    self.question = question
    self.parameter = parameter
    self.models = models
  }

  /// Labels: the truth, then the models of the study in its order.
  public var labels: [String] { (["truth"] + study.models).filter { models[$0] != nil } }

  /// Names of what is given at every point, in order.
  public var names: [String] { models.values.flatMap { $0.flatMap { $0.results.keys } }.sorted().uniqued }

  /// The exposures at which the question was asked, factors on that of the study, in order; nil alone for one exposure.
  public var exposures: [Double?] {
    var known: [Double?] = []
    for point in models[labels.first ?? ""] ?? [] where !known.contains(point.exposure) { known.append(point.exposure) }
    return known
  }

  /// The points of a model at one exposure, in order of their values.
  public func points(_ label: String, at exposure: Double?) -> [Point] {
    (models[label] ?? []).filter { $0.exposure == exposure }
  }

  /// Whether every fit has converged.
  public var converged: Bool { models.values.joined().allSatisfy(\.converged) }

  /// Refuses points without a number, and models that were asked at different places.
  public func check() throws {
    let places = (models[labels.first ?? ""] ?? []).map { [$0.exposure, $0.value] }
    for (label, points) in models {
      try ReadBackCheck.require(
        points.map { [$0.exposure, $0.value] } == places, "models.\(label)",
        "other values or exposures than those before",
        "the same for every model")
      for (index, point) in points.enumerated() {
        try ReadBackCheck.require(
          point.value.isFinite && point.exposure?.isFinite != false && point.results.values.allSatisfy(\.isFinite),
          "models.\(label).\(index)",
          "a number that is not finite", "finite numbers")
      }
    }
  }
}

extension [String] {
  /// Each element once, in order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
