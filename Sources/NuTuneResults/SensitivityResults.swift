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
    /// The same at other true values of further parameters; nil where none were asked for.
    public var others: [Other]?
    /// Answers of pseudo-experiments; nil where there were none.
    public var experiments: Experiments?

    /// An answer at a true value.
    public init(value: Double, exposure: Double? = nil, results: [String: Double], converged: Bool) {
      self.value = value
      self.exposure = exposure
      self.results = results
      self.converged = converged
    }
  }

  /// The answer at other true values of further parameters.
  public struct Other: Sendable, Codable {
    /// True values by parameter.
    public var truth: [String: Double]
    /// As those of a point.
    public var results: [String: Double]
    /// Whether every fit has converged.
    public var converged: Bool

    /// An answer at other true values.
    public init(truth: [String: Double], results: [String: Double], converged: Bool) {
      self.truth = truth
      self.results = results
      self.converged = converged
    }
  }

  /// Answers of pseudo-experiments at one true value.
  public struct Experiments: Sendable, Codable {
    /// As those of a point, in the order of the experiments whose fits have converged.
    public var results: [String: [Double]]
    /// Experiments with a fit that has not.
    public var notConverged: Int
    /// Values that the shares ``shares`` of the answers do not exceed.
    public var quantiles: [String: [Double]]

    /// The shares of ``quantiles``: the middle one is the median, its neighbours hold 68.27 % of the answers between them, the outer
    /// ones 95.45 %.
    public static let shares = [0.02275, 0.15865, 0.5, 0.84135, 0.97725]

    /// Answers of pseudo-experiments.
    public init(results: [String: [Double]], notConverged: Int, quantiles: [String: [Double]]) {
      self.results = results
      self.notConverged = notConverged
      self.quantiles = quantiles
    }
  }

  /// A value between two ends.
  public typealias Band = (low: Double, high: Double)

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
  public var converged: Bool {
    models.values.joined().allSatisfy { point in
      point.converged && point.others?.allSatisfy(\.converged) != false && (point.experiments?.notConverged ?? 0) == 0
    }
  }

  /// Parameters whose true values differ within a point, in the order of their names, with the least and the greatest of these.
  public var varied: [(name: String, low: Double, high: Double)] {
    let others = models.values.first?.first?.others ?? []
    return (others.first?.truth.keys.sorted() ?? []).compactMap { name in
      let values = others.compactMap { $0.truth[name] }
      return values.min().flatMap { low in values.max().map { (name, low, $0) } }
    }
  }

  /// Pseudo-experiments at each point, those without convergence among them; nil for none.
  public var experimentCount: Int? {
    models.values.first?.first?.experiments.map { ($0.results.values.first?.count ?? 0) + $0.notConverged }
  }

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
        try check(point, key: "models.\(label).\(index)")
      }
    }
  }
}

extension SensitivityResults {
  /// Refuses answers in a point that are not numbers, or not of every experiment.
  private func check(_ point: Point, key: String) throws {
    for (index, other) in (point.others ?? []).enumerated() {
      try ReadBackCheck.require(
        (other.truth.values.map { $0 } + other.results.values).allSatisfy(\.isFinite), "\(key).others.\(index)",
        "a number that is not finite", "finite numbers")
    }
    guard let experiments = point.experiments else { return }
    for (name, quantiles) in experiments.quantiles {
      try ReadBackCheck.count(
        quantiles, Experiments.shares.count, "\(key).experiments.quantiles.\(name)", "one for each share")
    }
    try ReadBackCheck.require(
      experiments.results.values.joined().allSatisfy(\.isFinite)
        && experiments.quantiles.values.joined().allSatisfy(\.isFinite)
        && Set(experiments.results.values.map(\.count)).count <= 1, "\(key).experiments",
      "a number that is not finite, or answers of some experiments", "finite numbers, as many for every quantity")
  }
}

extension SensitivityResults.Point {
  /// The bands around one result, the widest first: of other true values from the least to the greatest answer, that of the point
  /// among them; of pseudo-experiments what holds 95.45 and 68.27 % of them.
  public func bands(of name: String) -> [SensitivityResults.Band] {
    if let others, let own = results[name] {
      let all = others.compactMap { $0.results[name] } + [own]
      return [(all.min() ?? own, all.max() ?? own)]
    }
    guard let quantiles = experiments?.quantiles[name] else { return [] }
    return [(quantiles[0], quantiles[4]), (quantiles[1], quantiles[3])]
  }
}

extension [String] {
  /// Each element once, in order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
