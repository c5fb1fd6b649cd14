import NuTuneCore
import NuTuneFiles

/// `milestones.json`, schema `nutune.milestones/1`: the exposures at which a study reaches what it sets out to, with the
/// true and with learned cross sections.
public struct MilestoneResults: Sendable, Codable, ReadBack {
  /// Schema name of this version.
  public static let schemaName = "nutune.milestones/1"

  /// Whether a milestone lies outside the exposures that were looked at.
  public enum Limit: String, Sendable, Codable {
    /// It is reached at the smallest of them already.
    case below
    /// It is not reached at the largest of them.
    case above
  }

  /// When one cross section reaches a milestone.
  public struct Reach: Sendable, Codable {
    /// Factor on the exposure of the study; the end of the range where there is a ``limit``.
    public var exposure: Double
    /// Whether it is reached outside the exposures that were looked at; nil within.
    public var limit: Limit?
    /// Significance, or error in the unit of the parameter, at each of ``MilestoneResults/exposures``.
    public var quantities: [Double]

    /// An exposure with what it follows from.
    public init(exposure: Double, limit: Limit?, quantities: [Double]) {
      self.exposure = exposure
      self.limit = limit
      self.quantities = quantities
    }
  }

  /// A milestone with every cross section.
  public struct Milestone: Sendable, Codable {
    /// `cp-5sigma-half`.
    public var name: String
    /// For people.
    public var title: String
    /// The significance to reach, or the error to come below, in the unit of the parameter.
    public var level: Double
    /// When it is reached, by label of the model; `truth` is the true cross section.
    public var models: [String: Reach]

    /// A milestone with its exposures.
    public init(name: String, title: String, level: Double, models: [String: Reach]) {
      self.name = name
      self.title = title
      self.level = level
      self.models = models
    }
  }

  /// `nutune.milestones/1`.
  public var schema: String
  /// The effective study.
  public var study: EffectiveStudy
  /// The exposures that were looked at, factors on that of the study, increasing.
  public var exposures: [Double]
  /// The milestones in order.
  public var milestones: [Milestone]
  /// What they follow from: answers by question (`cp`, `ordering`, `resolution`) and label, at true δ_CP in radians.
  public var answers: [String: [String: [SensitivityResults.Point]]]

  /// Results at some exposures.
  public init(
    study: EffectiveStudy, exposures: [Double], milestones: [Milestone],
    answers: [String: [String: [SensitivityResults.Point]]]
  ) {
    schema = Self.schemaName
    self.study = study
    self.exposures = exposures
    self.milestones = milestones
    self.answers = answers
  }

  /// Labels: the truth, then the models of the study in its order.
  public var labels: [String] {
    (["truth"] + study.models).filter { label in milestones.contains { $0.models[label] != nil } }
  }

  /// The exposure of the study in kt MW yr; nil where it does not say.
  public var unit: Double? {
    switch study.values["far.exposure"] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// Whether every fit has converged.
  public var converged: Bool { answers.values.allSatisfy { $0.values.joined().allSatisfy(\.converged) } }

  /// Refuses milestones without numbers.
  public func check() throws {
    for (index, milestone) in milestones.enumerated() {
      for (label, reach) in milestone.models {
        try ReadBackCheck.require(
          reach.exposure.isFinite && reach.exposure > 0 && reach.quantities.count == exposures.count,
          "milestones.\(index).models.\(label)", "no exposure, or not a quantity for every one that was looked at",
          "a positive exposure and \(exposures.count) quantities")
      }
    }
  }
}
