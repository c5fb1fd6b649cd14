import NuTuneCore

/// An experiment of the catalog, checked: detectors, fluxes, binnings and the way between.
package struct ExperimentConfiguration: Sendable {
  /// Name in the catalog.
  package var name: String
  /// Title for people.
  package var title: String
  /// The catalog entry it started from, nil when it is written out in the study.
  package var base: String?
  /// Dotted path in the study, `experiment`.
  package var path: String
  /// The way from source to far detector; nil for an experiment without one.
  package var baseline: Baseline?
  /// What the neutrinos hit, in all detectors.
  package var target: Target
  /// The near detector at each of its positions, in the order of the file; at least one.
  package var near: [DetectorConfiguration]
  /// The far detector; nil for an experiment without one.
  package var far: DetectorConfiguration?
  /// What to cite.
  package var citations: [Citation]
  /// Where the target stands.
  var targetLocation: SourceLocation?

  /// What a study calls it: its key in `joint`, or its name.
  package var label: String {
    let joint = "joint."
    return path.hasPrefix(joint) ? String(path.dropFirst(joint.count)) : name
  }

  /// Horn modes, in the order of the file.
  package var modes: [String] { near.first?.modes ?? [] }

  /// Every detector: the near one at each position, then the far one.
  package var detectors: [DetectorConfiguration] { near + (far.map { [$0] } ?? []) }
}

extension ExperimentConfiguration {
  static let keys = ["base"] + entryKeys.names + CatalogEntry.descriptiveKeys

  /// Keys of an entry beside those that describe it.
  static let entryKeys = [
    EntryKey(
      "target", "one of " + Target.known.keys.sorted().joined(separator: ", "), "what the neutrinos hit", required: true
    ),
    EntryKey("baseline", "a mapping", "the way from source to far detector; required with `far`"),
    EntryKey(
      "near", "a mapping, or `positions: {name: mapping}` beside what all positions share",
      "the near detector, at one or several positions", required: true),
    EntryKey("far", "a mapping", "the far detector; its bins are those of the near one when it has none of its own"),
  ]

  /// The way from source to detector, as it stands in an experiment.
  static let baselineSchema = ParameterSchema([
    ParameterDeclaration("length", unit: "km", required: true, .nonNegative, "way from source to far detector"),
    ParameterDeclaration(
      "density", unit: "g/cm3", required: true, .number(0...20), "density of the matter on the way, 0 for vacuum"),
    ParameterDeclaration("electron_fraction", default: .number(0.5), .number(0...1), "electrons per nucleon"),
  ])

  /// An experiment of a catalog.
  package static func load(_ name: String, registry: Registry, catalog: Catalog) throws -> ExperimentConfiguration {
    let path = catalog.path(of: .experiments, named: name) ?? name
    let node = ConfigurationNode(.scalar(name, quoted: false), at: SourceLocation(file: path))
    return try ExperimentConfiguration(
      from: node, in: ReadingContext(registry: registry, catalog: catalog, directory: FilePath.folder(of: path)))
  }

  /// Reads `experiment:` of a study, or another experiment of it: the name of a catalog entry, or a mapping, which may
  /// build on one (`base:`).
  init(from node: ConfigurationNode, path: String = "experiment", in context: ReadingContext) throws {
    let written = node.namingBase()
    var citations: [Citation] = []
    let whole = try Self.onItsBase(written, path: path, above: [], &citations, in: context)
    try self.init(whole, path: path, base: written["base"]?.text, citations: citations, in: context)
  }

  /// An experiment with what it does not say itself from the entry it builds on, which may build on another.
  private static func onItsBase(
    _ written: ConfigurationNode, path: String, above: [String], _ citations: inout [Citation],
    in context: ReadingContext
  ) throws -> ConfigurationNode {
    guard let node = written["base"] else { return written.namingFluxBases() }
    guard let base = node.text else {
      throw NuTuneError(
        .badData, at: node.location, key: "\(path).base", found: node.summary, expected: "the name of an experiment")
    }
    guard !above.contains(base) else {
      throw NuTuneError(
        .badData, at: node.location, key: "\(path).base", found: "“\(base)”, which builds on itself",
        expected: "another experiment")
    }
    let entry = try context.catalog.entry(.experiments, named: base, at: node.location, key: path)
    citations += entry.citations
    let known = try onItsBase(entry.node, path: path, above: above + [base], &citations, in: context)
      .removing(["citations"]).withoutBinnings(replacedBy: written).withoutFluxChoice(replacedBy: written)
    return written.namingFluxBases().merged(over: known)
  }

  private init(
    _ node: ConfigurationNode, path: String, base: String?, citations: [Citation], in context: ReadingContext
  ) throws {
    var problems = NuTuneErrors()
    problems.attempt { _ = try node.entries(of: path) }
    try problems.throwIfAny()
    for error in node.unknownKeys(known: Self.keys, path: path) { problems.add(error) }
    if node["schema"] != nil { problems.attempt { try node.checkSchema(CatalogKind.experiments.schemaName) } }

    let baseline = problems.attempt { () -> Baseline? in
      guard node["baseline"] != nil || node["far"] != nil else { return nil }
      let values = try Self.baselineSchema.values(
        from: node["baseline"] ?? ConfigurationNode(.null, at: node.location), path: "\(path).baseline")
      return Baseline(
        length: values.number("length"), density: values.number("density"),
        electronFraction: values.number("electron_fraction"))
    }
    let target = problems.attempt {
      let target = node["target"]
      guard let target, let name = target.text else {
        throw NuTuneError(
          .badData, at: target?.location ?? node.location, key: "\(path).target",
          found: target?.summary ?? "nothing", expected: "one of \(Target.known.keys.sorted().joined(separator: ", "))")
      }
      return try Target(named: name, at: target.location, key: "\(path).target")
    }
    let title = problems.attempt { try node.title(path: path) }
    problems.attempt { _ = try CatalogEntry.citations(node["citations"]) }
    let name = node["name"]?.text ?? base ?? "experiment"
    problems.attempt { try FileSafeName.check(name, at: node["name"]?.location, key: "\(path).name") }
    let shown = title.flatMap { $0 } ?? name
    let near = problems.attempt {
      guard let near = node["near"] else {
        throw NuTuneError(
          .badData, at: node.location, key: "\(path).near", found: "nothing",
          expected: "a mapping with keys detector, fluxes, binning")
      }
      return try DetectorConfiguration.near(from: near, path: "\(path).near", of: shown, in: context)
    }
    let far = node["far"].flatMap { far in
      problems.attempt {
        try DetectorConfiguration(
          from: far, path: "\(path).far", title: "\(shown) far detector", isFar: true,
          otherwiseBinning: node["near"]?["binning"],
          of: "\(path).near", in: context)
      }
    }
    try problems.throwIfAny()
    guard let baseline, let target, let near else {
      throw NuTuneError(.internalError, key: path, found: "no experiment", expected: "one, or an error")
    }
    self.init(
      name: name, title: shown, base: base, path: path, baseline: baseline, target: target, near: near, far: far,
      citations: citations, targetLocation: node["target"]?.location)
  }

  /// The same experiment, each position with the measurement of its name.
  func measuring(_ measurements: [StudyMeasurement]) -> ExperimentConfiguration {
    var copy = self
    for index in copy.near.indices {
      let measurement = measurements.first { $0.name == copy.near[index].position }
      copy.near[index].measurement = measurement
      copy.near[index].binning.largestAngle = measurement?.configuration.largestAngle
      copy.near[index].binning.endsAtHadronicEdges = measurement?.configuration.measurement.third != nil
      copy.near[index].title = copy.near[index].position
    }
    copy.citations += measurements.flatMap(\.configuration.citations)
    return copy
  }

  /// The same experiment as one of several that are learned together: its positions carry its label.
  func labeled(_ label: String, at node: ConfigurationNode?) -> ExperimentConfiguration {
    var copy = self
    for index in copy.near.indices {
      copy.near[index].labelLocation = node?.location
      let position = copy.near[index].position
      copy.near[index].position = position.isEmpty ? label : "\(label)-\(position)"
    }
    return copy
  }
}

extension ConfigurationNode {
  /// A bare name as `{base: name}`.
  func namingBase() -> ConfigurationNode {
    guard case .scalar = content else { return self }
    return ConfigurationNode(.mapping([Entry(key: "base", location: location, value: self)]), at: location)
  }

  /// An experiment in which every flux given by a bare name says `{base: name}`.
  fileprivate func namingFluxBases() -> ConfigurationNode {
    func naming(_ detector: ConfigurationNode) -> ConfigurationNode {
      detector.changing(["fluxes"]) { $0.changing(nil) { $0.namingBase() } }
    }
    return changing(["near", "far"]) { naming($0).changing(["positions"]) { $0.changing(nil, naming) } }
  }

  /// An experiment without the bins of those detectors for which `other` names both observables, or a spectrum in another.
  fileprivate func withoutBinnings(replacedBy other: ConfigurationNode) -> ConfigurationNode {
    ["near", "far"].reduce(self) { experiment, site in
      guard let bins = other[site]?["binning"], case .mapping(let axes) = bins.content else { return experiment }
      let spectrum = Observable.quasielasticEnergy.rawValue
      let isSpectrum = axes.map(\.key) == [spectrum] && experiment[site]?["binning"]?[spectrum] == nil
      guard bins.namesBothObservables || isSpectrum else { return experiment }
      return experiment.changing([site]) { $0.removing(["binning"]) }
    }
  }

  /// An experiment without its choice of flux where `other` gives the far detector fluxes of its own.
  fileprivate func withoutFluxChoice(replacedBy other: ConfigurationNode) -> ConfigurationNode {
    guard other["far"]?["fluxes"] != nil else { return self }
    return changing(["far"]) { $0.removing(["flux"]) }
  }

  /// Where a mapping and the values in it stand.
  var locations: [SourceLocation] {
    guard case .mapping(let entries) = content else { return [location] }
    return [location] + entries.map(\.value.location)
  }

  /// A mapping with the values of some keys (all when nil) changed; anything else unchanged.
  private func changing(_ keys: [String]?, _ change: (ConfigurationNode) -> ConfigurationNode) -> ConfigurationNode {
    guard case .mapping(let entries) = content else { return self }
    let changed = entries.map { entry in
      keys?.contains(entry.key) ?? true
        ? Entry(key: entry.key, location: entry.location, value: change(entry.value)) : entry
    }
    return ConfigurationNode(.mapping(changed), at: location)
  }
}
