import Foundation
import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  static let keys = [
    "schema", "name", "title", "description", "citations", "experiment", "joint", "predict", "channels", "modes",
    "truth", "data", "likelihood", "models", "near", "far", "oscillation", "seed", "slices", "fold", "fit",
    "systematics", "scan", pluginsKey,
  ]

  init(_ node: ConfigurationNode, path: String, in context: ReadingContext) throws {
    var problems = NuTuneErrors()
    problems.attempt { try node.checkSchema(Self.schemaName) }
    for error in node.unknownKeys(known: Self.keys, path: "") { problems.add(error) }
    problems.attempt { try Self.plugins(node, directory: context.directory) }
    problems.attempt { _ = try CatalogEntry.citations(node["citations"]) }

    let name = problems.attempt { try Self.name(node) }
    let title = problems.attempt { try node.title(path: "") }
    let measurements = problems.attempt { try Self.measurements(node, in: context) }
    // Without its measurements a study has no detectors, and saying so would only hide why.
    if measurements == nil { try problems.throwIfAny() }
    var experiment = problems.attempt { try Self.experiment(node, measured: measurements ?? [], in: context) }
    let joint = problems.attempt { try Self.joint(node, in: context) }
    if let joint, !joint.isEmpty, let alone = experiment { experiment = alone.labeled(alone.name, at: node["joint"]) }
    let prediction = problems.attempt { try node["predict"].map { try PredictionConfiguration(from: $0, in: context) } }
    let channels = problems.attempt { try Self.channels(node, measured: measurements ?? []) }
    let modes = problems.attempt { try Self.modes(node, experiment: experiment) }
    let truth = problems.attempt { try Self.truth(node, in: context) }
    let models = problems.attempt { try Self.models(node, in: context) }
    let oscillation = problems.attempt {
      try OscillationConfiguration(
        from: node["oscillation"] ?? Self.noOscillation(node), at: node.location, in: context)
    }
    var sections: [String: ParameterValues] = [:]
    for (key, schema) in Self.sectionSchemas {
      let others = Self.readElsewhere[key] ?? []
      sections[key] = problems.attempt { try schema.values(from: node[key], path: key, ignoring: others) }
    }
    let farSamples = problems.attempt { try FarSampleConfiguration.all(from: node["far"], modes ?? [], in: context) }
    let hadronicNuisances = problems.attempt { try HadronicNuisanceConfiguration.all(from: node["near"]) }
    let eventsAt = problems.attempt { try Self.eventsAt(node, in: context) }
    for check in [Self.checkSampling, Self.checkDraws, Self.checkEnergies] { problems.attempt { try check(sections) } }
    let fluxCovariance = problems.attempt { try Self.fluxCovariance(sections["systematics"], in: context) }
    try problems.throwIfAny()
    guard let name, let experiment, let joint, let channels, let modes, let models, let oscillation, let measurements,
      let likelihood = sections["likelihood"], let near = sections["near"], let far = sections["far"],
      let seed = sections["seed"], let fold = sections["fold"], let fit = sections["fit"],
      let slices = sections["slices"], let systematics = sections["systematics"]
    else { throw NuTuneError(.internalError, found: "no study", expected: "one, or an error") }
    self.init(
      name: name, title: title.flatMap { $0 } ?? name, path: path, directory: context.directory, experiment: experiment,
      joint: joint, prediction: prediction.flatMap { $0 }, channels: channels, modes: modes,
      truth: truth.flatMap { $0 }, measurements: measurements, models: models.map(\.selection),
      tunings: Dictionary(uniqueKeysWithValues: models.map { ($0.selection.label, $0.tuning) }),
      oscillation: oscillation, near: near, far: far, likelihood: likelihood, seed: seed, fold: fold, fit: fit,
      slices: slices, systematics: systematics,
      fluxCovariance: fluxCovariance.flatMap { $0 }, plugins: context.registry.libraries)
    self.farSamples = farSamples ?? []
    problems.attempt { try readNorms(node["likelihood"]) }
    self.hadronicNuisances = hadronicNuisances ?? []
    self.eventsAt = eventsAt.flatMap { $0 }
    problems.attempt { scan = try node["scan"].map { try ScanConfiguration(from: $0) } }
    problems.attempt(checkParts)
    try problems.throwIfAny()
  }

  /// Checks the sections against each other; every mistake is reported.
  private func checkParts() throws {
    var problems = NuTuneErrors()
    for check in [
      checkTargets, checkTunings, checkPrediction, checkExposures, checkNearSums, checkFarSamples, checkSystematics,
      checkMeasuredData,
    ] {
      problems.attempt(check)
    }
    try problems.throwIfAny()
  }

  /// Reads the norms of single far samples and experiments out of the section `likelihood`.
  private mutating func readNorms(_ section: ConfigurationNode?) throws {
    var problems = NuTuneErrors()
    problems.attempt { sampleNorms = try SampleNormConfiguration.all(from: section) }
    problems.attempt { experimentNorms = try ExperimentNormConfiguration.all(from: section) }
    try problems.throwIfAny()
  }

  /// The cross section that makes the data; nil where they are measured.
  private static func truth(_ node: ConfigurationNode, in context: ReadingContext) throws -> PluginSelection? {
    guard node["data"] == nil else { return nil }
    return try PluginSelection(
      label: truthLabel, kind: .crossSection, from: node["truth"] ?? ConfigurationNode(.null, at: node.location),
      path: "truth", in: context)
  }

  /// What measured near data know of oscillations, for a study that does not say: nothing.
  private static func noOscillation(_ node: ConfigurationNode) -> ConfigurationNode? {
    guard let data = node["data"] else { return nil }
    func entry(_ key: String, _ content: ConfigurationNode.Content) -> ConfigurationNode.Entry {
      .init(key: key, location: data.location, value: ConfigurationNode(content, at: data.location))
    }
    return ConfigurationNode(
      .mapping([entry("model", .scalar("no-oscillation", quoted: false)), entry("fit", .sequence([]))]),
      at: data.location)
  }

  /// Where the study takes place: an experiment of the catalog, or its measurements.
  private static func experiment(
    _ node: ConfigurationNode, measured: [StudyMeasurement], in context: ReadingContext
  ) throws -> ExperimentConfiguration {
    guard measured.isEmpty else {
      let written = try StudyMeasurement.experiment(measured, at: node["data"]?.location ?? node.location)
      return try ExperimentConfiguration(from: written, path: "data", in: context).measuring(measured)
    }
    guard let experiment = node["experiment"] else {
      throw NuTuneError(
        .badData, at: node.location, key: "experiment", found: "nothing",
        expected: "one of \(context.catalog.names(of: .experiments).joined(separator: ", "))")
    }
    return try ExperimentConfiguration(from: experiment, in: context)
  }

  private static func name(_ node: ConfigurationNode) throws -> String {
    guard let given = node["name"], let name = given.text else {
      throw NuTuneError(
        .badData, at: node["name"]?.location ?? node.location, key: "name", found: node["name"]?.summary ?? "nothing",
        expected: "the name of the study")
    }
    try FileSafeName.check(name, at: given.location, key: "name", allowingDots: true)
    return name
  }

  /// Further experiments, by the label that stands before them.
  private static func joint(_ node: ConfigurationNode, in context: ReadingContext) throws -> [ExperimentConfiguration] {
    var problems = NuTuneErrors()
    let experiments = try node["joint"]?.entries(of: "joint").compactMap { entry in
      problems.attempt {
        try FileSafeName.check(entry.key, at: entry.location, key: "joint.\(entry.key)")
        return try ExperimentConfiguration(from: entry.value, path: "joint.\(entry.key)", in: context)
          .labeled(entry.key, at: entry.value)
      }
    }
    try problems.throwIfAny()
    return experiments ?? []
  }

  /// Keys of sections that are no plain parameters.
  private static let readElsewhere: [String: Set<String>] = [
    "near": ["nuisance", HadronicNuisanceConfiguration.key], "far": ["samples", "events_at"],
    "likelihood": [SampleNormConfiguration.key, ExperimentNormConfiguration.key],
  ]

  /// The sections that are plain parameters, in the order of documentation.
  static let sectionSchemas: [(key: String, schema: ParameterSchema)] = [
    ("near", StudySections.near), ("far", StudySections.far), ("likelihood", StudySections.likelihood),
    ("seed", StudySections.seed),
    ("slices", StudySections.slices), ("fold", StudySections.fold), ("fit", StudySections.fit),
    ("systematics", StudySections.systematics),
  ]

  /// The measurements that are the data; none where a truth makes them.
  private static func measurements(_ node: ConfigurationNode, in context: ReadingContext) throws -> [StudyMeasurement] {
    guard let data = node["data"] else { return [] }
    var problems = NuTuneErrors()
    for (key, reason) in [
      ("truth", "measured data have no truth"), ("experiment", "detectors and bins are those of the measurements"),
      ("joint", "measurements stand in data"), ("modes", "a measurement has its beam"),
      ("channels", "a measurement has its channel"), ("predict", "a measurement to predict stands in data.predict"),
    ] {
      guard let other = node[key] else { continue }
      problems.add(
        NuTuneError(
          .badData, at: other.location, key: key, found: "\(key) beside data", expected: "one of both: \(reason)"))
    }
    try problems.throwIfAny()
    return try StudyMeasurement.all(from: data, in: context)
  }

  private static func channels(_ node: ConfigurationNode, measured: [StudyMeasurement]) throws -> [NeutrinoSpecies] {
    if !measured.isEmpty {
      let species = Set(measured.map(\.configuration.reaction.species))
      return NeutrinoSpecies.allCases.filter(species.contains)
    }
    let names = NeutrinoSpecies.allCases.map(\.rawValue)
    guard let list = node["channels"], let elements = list.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: node["channels"]?.location ?? node.location, key: "channels",
        found: node["channels"]?.summary ?? "nothing", expected: "a list out of \(names.joined(separator: ", "))")
    }
    var channels: [NeutrinoSpecies] = []
    for element in elements {
      let channel = try NeutrinoSpecies(
        named: element.text ?? element.summary, at: element.location, key: "channels")
      guard !channels.contains(channel) else {
        throw NuTuneError(
          .badData, at: element.location, key: "channels", found: "\(channel.rawValue) twice",
          expected: "every channel once")
      }
      channels.append(channel)
    }
    return channels
  }

  /// The horn modes; the experiment's first when none are given.
  private static func modes(_ node: ConfigurationNode, experiment: ExperimentConfiguration?) throws -> [String] {
    guard node["data"] == nil else {
      let modes = (experiment?.near ?? []).flatMap(\.modes)
      return ["fhc", "rhc"].filter(modes.contains)
    }
    guard let list = node["modes"] else { return (experiment?.modes.prefix(1)).map(Array.init) ?? [] }
    guard let elements = list.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: list.location, key: "modes", found: list.summary, expected: "a list of horn modes, [fhc]")
    }
    var modes: [String] = []
    for element in elements {
      let known = experiment?.modes
      guard let mode = element.text, known?.contains(mode) ?? true, !modes.contains(mode) else {
        throw NuTuneError(
          .badData, at: element.location, key: "modes",
          found: modes.contains(element.text ?? "") ? "\(element.summary) twice" : element.summary,
          expected: known.map { "one of \($0.joined(separator: ", "))" } ?? "the name of a horn mode",
          suggestion: element.text.flatMap { text in
            modes.contains(text) ? nil : Suggestion.nearest(to: text, among: known ?? [])
          })
      }
      modes.append(mode)
    }
    return modes
  }

  private static func models(_ node: ConfigurationNode, in context: ReadingContext) throws
    -> [(selection: PluginSelection, tuning: TuningConfiguration)]
  {
    // A variant says of a model of its base that it has none.
    let entries = try (node["models"]?.entries(of: "models") ?? []).filter { !$0.value.isNone }
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: node["models"]?.location ?? node.location, key: "models", found: "nothing",
        expected: "at least one `label: {model: name}`")
    }
    var problems = NuTuneErrors()
    let models = entries.compactMap { entry in
      problems.attempt {
        try FileSafeName.check(entry.key, at: entry.location, key: "models.\(entry.key)")
        guard entry.key != "truth" else {
          throw NuTuneError(
            .badData, at: entry.location, key: "models.truth", found: "the label of the true model",
            expected: "another label")
        }
        let path = "models.\(entry.key)"
        return (
          try PluginSelection(
            label: entry.key, kind: .crossSection, from: entry.value, path: path,
            alsoAllowed: TuningConfiguration.keys, in: context),
          try TuningConfiguration(from: entry.value, path: path)
        )
      }
    }
    try problems.throwIfAny()
    return models
  }
}
