import Foundation
import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  static let keys = [
    "schema", "name", "title", "description", "citations", "experiment", "joint", "predict", "channels", "modes",
    "truth", "data", "likelihood", "models", "near", "far", "oscillation", "seed", "slices", "fold", "fit",
    "systematics", "scan", pluginsKey,
  ]

  /// Reads a study and checks everything that can be known without making its plugins; every mistake is reported.
  ///
  /// - Parameters:
  ///   - path: a study file, or the name of one in the catalog.
  ///   - overrides: `path.to.key=value`, as on the command line.
  ///   - variant: the change that makes a variant of a scan; nil for the study itself.
  ///   - registry: the plugins.
  ///   - catalog: the catalog; found from the study's folder when nil.
  package static func load(
    _ path: String, overrides: [String] = [], variant: StudyOverride? = nil, registry: Registry, catalog: Catalog? = nil
  ) throws -> StudyConfiguration {
    let path = try file(of: path, catalog: catalog)
    let catalog = catalog ?? Catalog.find(near: FilePath.folder(of: path))
    return try load(
      try content(of: path, in: catalog), path: path, overrides: overrides, variant: variant, registry: registry,
      catalog: catalog)
  }

  /// Reads a study from text instead of a file; see ``load(_:overrides:registry:catalog:)``.
  ///
  /// - Parameters:
  ///   - text: YAML, of which JSON is a part.
  ///   - directory: folder that file names in the study are relative to.
  ///   - overrides: `path.to.key=value`, as on the command line.
  ///   - registry: the plugins.
  ///   - catalog: the catalog.
  package static func load(
    text: String, in directory: String, overrides: [String] = [], registry: Registry, catalog: Catalog
  ) throws -> StudyConfiguration {
    let path = FilePath.join(directory, textFile)
    return try load(
      try content(of: try ConfigurationFile.mapping(text, file: path), path: path, in: catalog), path: path,
      overrides: overrides, registry: registry, catalog: catalog)
  }

  /// What stands for the file name in errors about a study that is given as text.
  package static let textFile = "study-text"

  private static func load(
    _ content: ConfigurationNode, path: String, overrides: [String], variant: StudyOverride? = nil, registry: Registry,
    catalog: Catalog
  ) throws -> StudyConfiguration {
    var node = content
    var problems = NuTuneErrors()
    for text in overrides {
      problems.attempt {
        let change = try StudyOverride(text)
        node = try node.namingBases(above: change.path, registry).setting(change.path, to: change.value)
      }
    }
    if let variant {
      problems.attempt {
        node = try node.namingBases(above: variant.path, registry).setting(variant.path, to: variant.value)
      }
    }
    try problems.throwIfAny()
    let context = ReadingContext(
      registry: registry, catalog: catalog, directory: FilePath.folder(of: path))
    return try StudyConfiguration(node, path: path, in: context)
  }

  /// The file of a study that is given by its path or by its name in the catalog.
  static func file(of path: String, catalog: Catalog?) throws -> String {
    guard !path.contains("/"), !FileManager.default.fileExists(atPath: path) else { return path }
    let known = catalog ?? Catalog.find()
    if let file = known.path(of: .studies, named: path) { return file }
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "neither a file nor a study of the catalog",
        expected: "a study file, or one of \(known.names(of: .studies).joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: path, among: known.names(of: .studies)))
    }
    return path
  }

  private init(_ node: ConfigurationNode, path: String, in context: ReadingContext) throws {
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
    let farSamples = problems.attempt { try FarSampleConfiguration.all(from: node["far"]?["samples"], in: context) }
    let sampleNorms = problems.attempt { try SampleNormConfiguration.all(from: node["likelihood"]) }
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
    (self.farSamples, self.sampleNorms) = (farSamples ?? [], sampleNorms ?? [])
    self.hadronicNuisances = hadronicNuisances ?? []
    self.eventsAt = eventsAt.flatMap { $0 }
    problems.attempt { scan = try node["scan"].map { try ScanConfiguration(from: $0) } }
    for check in [
      checkTargets, checkTunings, checkPrediction, checkFarSamples, checkSystematics, checkMeasuredData,
    ] {
      problems.attempt(check)
    }
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

  /// Structure functions belong to one target: experiments with another one serve their own far samples, and models learn
  /// from near data on every target.
  private func checkTargets() throws {
    var problems = NuTuneErrors()
    let labels = Set(farSamples.compactMap(\.experiment))
    let others = joint.filter { !labels.contains($0.label) } + (prediction.map { [$0.experiment] } ?? [])
    for other in others where other.target != experiment.target {
      problems.add(
        NuTuneError(
          .badData, at: other.targetLocation, key: "\(other.path).target", found: other.target.name,
          expected:
            "\(experiment.target.name), the target of \(experiment.path): structure functions belong to one target",
          suggestion: "{base: \(other.base ?? other.name), target: \(experiment.target.name)}"))
    }
    for model in models where problems.errors.isEmpty {
      guard let tuning = tunings[model.label], let positions = tuning.positions else { continue }
      let learned = nearDetectors.filter { positions.contains($0.position) }.map { self.experiment(of: $0).target }
      for target in targets where !learned.isEmpty && !learned.contains(target) {
        let others = nearDetectors.filter { self.experiment(of: $0).target == target }.map(\.position)
        problems.add(
          NuTuneError(
            .badData, at: tuning.positionsLocation, key: "\(model.path).tune_on",
            found: "no near detector on \(target.name)",
            expected: "one of \(others.joined(separator: ", ")) beside it: structure functions belong to one target"))
      }
    }
    try problems.throwIfAny()
  }

  /// What is predicted has a number of events and a flux of its own.
  private func checkPrediction() throws {
    var problems = NuTuneErrors()
    let hasEvents =
      far.optionalNumber("events") != nil || farSamples.contains { $0.components.contains { $0.events != nil } }
    if let detector = farDetector, !hasEvents, detector.events == nil {
      problems.add(
        NuTuneError(
          .badData, at: prediction?.experiment.targetLocation, key: "far.events", found: "nothing",
          expected: "a number of events, because \(detector.path) gives none"))
    }
    let exposed = nearDetectors.filter { $0.exposure != nil }
    if nearEvents != nil, !exposed.isEmpty, let other = nearDetectors.first(where: { $0.exposure == nil }) {
      problems.add(
        NuTuneError(
          .badData, at: other.binningLocation, key: "\(other.path).exposure",
          found: "nothing, beside an exposure of \(exposed[0].path)",
          expected: "protons on target and mass of every near detector, by which near.events are shared out"))
    }
    if let detector = farDetector, !hasEvents, let events = detector.events {
      let samples = samples(at: .far)
      if samples.count > 1 || samples.first?.mode != detector.modes.first {
        problems.add(
          NuTuneError(
            .badData, at: far.location(of: "sample"), key: "far.events",
            found: "nothing, for \(samples.map(\.name).joined(separator: ", "))",
            expected:
              "a number of events of all these samples; the \(ParameterValue.number(events)) of \(detector.path) are "
              + "those of one channel in the mode \(detector.modes.first ?? "")"))
      }
    }
    if prediction != nil, let location = far.location(of: "flux"), far.optionalText("flux") == "near" {
      problems.add(
        NuTuneError(
          .badData, at: location, key: "far.flux", found: "“near” with predict",
          expected: "own, because the flux is that of another beam"))
    }
    if let detector = farDetector, farSampling == .poisson, farEvents > StudySections.largestDraw,
      far.optionalNumber("events") == nil
    {
      problems.add(
        NuTuneError(
          .badData, at: detector.eventsLocation, key: "\(detector.path).events",
          found: "\(ParameterValue.number(farEvents)) events to draw",
          expected: "at most \(Int(StudySections.largestDraw)), or far.sample: asimov"))
    }
    try problems.throwIfAny()
  }

  /// Keys of sections that are no plain parameters.
  private static let readElsewhere: [String: Set<String>] = [
    "near": ["nuisance", HadronicNuisanceConfiguration.key], "far": ["samples", "events_at"],
    "likelihood": [SampleNormConfiguration.key],
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
    let entries = try node["models"]?.entries(of: "models") ?? []
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

  private static func checkSampling(_ sections: [String: ParameterValues]) throws {
    guard let near = sections["near"], near.optionalNumber("events") == nil, let method = near.optionalText("sample"),
      method != "asimov"
    else {
      return
    }
    throw NuTuneError(
      .badData, at: near.location(of: "sample"), key: "near.sample", found: "“\(method)” with infinitely many events",
      expected: "asimov, or a number of near.events")
  }

  /// Events that are drawn have to be countable by the generator of random numbers.
  private static func checkDraws(_ sections: [String: ParameterValues]) throws {
    var problems = NuTuneErrors()
    for site in ["near", "far"] {
      if let section = sections[site] { problems.attempt { try checkDraw(section, site) } }
    }
    try problems.throwIfAny()
  }

  private static func checkDraw(_ section: ParameterValues, _ site: String) throws {
    guard let events = section.optionalNumber("events"), events > StudySections.largestDraw,
      section.optionalText("sample") != "asimov"
    else { return }
    throw NuTuneError(
      .badData, at: section.location(of: "events"), key: "\(site).events", found: "\(Int(events)) events to draw",
      expected: "at most \(Int(StudySections.largestDraw)), or \(site).sample: asimov")
  }

  private static func checkEnergies(_ sections: [String: ParameterValues]) throws {
    guard let fold = sections["fold"], let low = fold.optionalNumber("energy_minimum"),
      let high = fold.optionalNumber("energy_maximum"),
      high - low < StudySections.narrowestFold
    else { return }
    throw NuTuneError(
      .badData, at: fold.location(of: "energy_minimum") ?? fold.location(of: "energy_maximum"),
      key: "fold.energy_minimum", found: "\(low) GeV",
      expected: "at least \(StudySections.narrowestFold) GeV less than fold.energy_maximum "
        + "(\(high) GeV)")
  }
}

extension ConfigurationNode {
  /// A study in which what stands above a path by the name of a catalog entry alone (an experiment, a prior of a model)
  /// says `{base: name}`, so that something below can be set.
  fileprivate func namingBases(above path: [String], _ registry: Registry) throws -> ConfigurationNode {
    let place: [String]
    switch path.first {
    case "experiment" where path.count > 1: place = ["experiment"]
    case "joint" where path.count > 2: place = Array(path.prefix(2))
    case "predict" where path.count > 1:
      var node = self
      if let predict = self["predict"] { node = try node.setting(["predict"], to: predict.namingExperiment()) }
      guard path.count > 2, path[1] == "experiment", let experiment = node["predict"]?["experiment"] else {
        return node
      }
      return try node.setting(["predict", "experiment"], to: experiment.namingBase())
    case "models" where path.count > 3:
      place = Array(path.prefix(3))
      let model = self["models"]?[path[1]]?["model"]?.text
      let components = model.flatMap { try? registry.descriptor(.crossSection, named: $0) }?.components ?? []
      guard components.contains(where: { $0.name == path[2] }) else { return self }
    default: return self
    }
    guard let node = place.reduce(Optional(self), { $0?[$1] }), case .scalar = node.content else { return self }
    return try setting(place, to: node.namingBase())
  }
}
