import NuTuneCore

/// `predict:` of a study, checked: where a model that learned at the study's experiment is asked to predict, when that is
/// not its own far detector.
package struct PredictionConfiguration: Sendable {
  /// The other experiment.
  package var experiment: ExperimentConfiguration
  /// Its detector.
  package var detector: DetectorConfiguration
  /// Whether that is its far detector; at a near one nothing has oscillated yet.
  package var site: DetectorSite

  /// The way that neutrinos have oscillated on.
  package var baseline: Baseline {
    site == .far ? experiment.baseline ?? .none : .none
  }
}

extension PredictionConfiguration {
  /// Keys beside the experiment.
  static let schema = ParameterSchema([
    ParameterDeclaration(
      "at", required: false, .text,
      "far, near, or the name of a near position; the far detector when the experiment has one, else the near one")
  ])

  /// Reads the name of an experiment, or `{experiment: …, at: far}`.
  init(from node: ConfigurationNode, in context: ReadingContext) throws {
    let path = "predict"
    let node = node.namingExperiment()
    _ = try node.entries(of: path)
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: ["experiment", "at"], path: path) { problems.add(error) }
    let experiment = problems.attempt {
      guard let experiment = node["experiment"] else {
        throw NuTuneError(
          .badData, at: node.location, key: "\(path).experiment", found: "nothing",
          expected: "one of \(context.catalog.names(of: .experiments).joined(separator: ", "))")
      }
      return try ExperimentConfiguration(from: experiment, path: "\(path).experiment", in: context)
    }
    try problems.throwIfAny()
    guard let experiment else { throw NuTuneError(.internalError, found: "no experiment", expected: "one") }
    let values = try Self.schema.values(from: node, path: path, ignoring: ["experiment"])
    let place = values.optionalText("at") ?? (experiment.far == nil ? "near" : "far")
    let known =
      (experiment.far == nil ? [] : ["far"]) + ["near"] + experiment.near.map(\.position).filter { !$0.isEmpty }
    let detector =
      switch place {
      case "far": experiment.far
      case "near": experiment.near.first
      default: experiment.near.first { $0.position == place }
      }
    guard let detector else {
      throw NuTuneError(
        .badData, at: values.location(of: "at"), key: "\(path).at", found: "“\(place)”",
        expected: "one of \(known.joined(separator: ", "))", suggestion: Suggestion.nearest(to: place, among: known))
    }
    self.init(experiment: experiment, detector: detector, site: place == "far" ? .far : .near)
  }
}

extension Baseline {
  /// No way at all.
  static let none = Baseline(length: 0, density: 0)
}

extension ConfigurationNode {
  /// The bare name of an experiment as `{experiment: name}`.
  func namingExperiment() -> ConfigurationNode {
    guard case .scalar = content else { return self }
    return ConfigurationNode(.mapping([Entry(key: "experiment", location: location, value: self)]), at: location)
  }
}
