import NuTuneCore

/// An experiment of the catalog, checked: detectors, fluxes, binnings and the way between.
public struct ExperimentConfiguration: Sendable {
  /// Name in the catalog.
  public var name: String
  /// Title for people.
  public var title: String
  /// The catalog entry it started from, nil when it is written out in the study.
  public var base: String?
  /// The way from source to far detector.
  public var baseline: Baseline
  /// What the neutrinos hit, in both detectors.
  public var target: Target
  /// The near detector.
  public var near: DetectorConfiguration
  /// The far detector; nil for an experiment without one.
  public var far: DetectorConfiguration?
  /// What to cite.
  public var citations: [Citation]

  /// The detector at a site.
  public func detector(at site: DetectorSite) -> DetectorConfiguration? { site == .near ? near : far }
}

/// One detector: its response, its bins and its flux in every horn mode.
public struct DetectorConfiguration: Sendable {
  /// The plugin that describes the response.
  public var detector: PluginSelection
  /// The flux of each horn mode, in the order of the file; labels are the modes.
  public var fluxes: [FluxConfiguration]
  /// The bins of the measurement.
  public var binning: Binning
  /// Where the bins stand.
  var binningLocation: SourceLocation?

  /// Horn modes, in the order of the file.
  public var modes: [String] { fluxes.map(\.mode) }

  /// The flux of a horn mode.
  public func flux(mode: String) -> FluxConfiguration? { fluxes.first { $0.mode == mode } }
}

/// The flux of one horn mode.
public struct FluxConfiguration: Sendable {
  /// The horn mode, `fhc`.
  public var mode: String
  /// The catalog entry, nil when the flux is written out.
  public var base: String?
  /// Title for people.
  public var title: String
  /// The plugin and its parameters.
  public var selection: PluginSelection
  /// What to cite, besides what the plugin says.
  public var citations: [Citation]
}

extension ExperimentConfiguration {
  static let keys = ["base", "baseline", "target", "near", "far"] + CatalogEntry.descriptiveKeys

  /// The way from source to detector, as it stands in an experiment.
  static let baselineSchema = ParameterSchema([
    ParameterDeclaration("length", unit: "km", required: true, .nonNegative, "way from source to far detector"),
    ParameterDeclaration(
      "density", unit: "g/cm3", required: true, .number(0...20), "density of the matter on the way, 0 for vacuum"),
    ParameterDeclaration("electron_fraction", default: .number(0.5), .number(0...1), "electrons per nucleon"),
  ])

  /// Reads `experiment:` of a study: the name of a catalog entry, or a mapping, which may build on one (`base:`).
  init(from node: ConfigurationNode, in context: ReadingContext) throws {
    var written = node.namingBase()
    var citations: [Citation] = []
    let base = written["base"]?.text
    if let base {
      let entry = try context.catalog.entry(.experiments, named: base, at: written["base"]?.location, key: "experiment")
      citations = entry.citations
      let known = entry.node.removing(["citations"]).withoutBinnings(replacedBy: written)
      written = written.namingFluxBases().merged(over: known.namingFluxBases())
    } else {
      written = written.namingFluxBases()
    }
    try self.init(written, base: base, citations: citations, in: context)
  }

  private init(
    _ node: ConfigurationNode, base: String?, citations: [Citation], in context: ReadingContext
  ) throws {
    var problems = NuTuneErrors()
    problems.attempt { _ = try node.entries(of: "experiment") }
    try problems.throwIfAny()
    for error in node.unknownKeys(known: Self.keys, path: "experiment") { problems.add(error) }
    if node["schema"] != nil { problems.attempt { try node.checkSchema(CatalogKind.experiments.schemaName) } }

    let baseline = problems.attempt {
      let values = try Self.baselineSchema.values(
        from: node["baseline"] ?? ConfigurationNode(.null, at: node.location), path: "experiment.baseline")
      return Baseline(
        length: values.number("length"), density: values.number("density"),
        electronFraction: values.number("electron_fraction"))
    }
    let target = problems.attempt {
      let target = node["target"]
      guard let target, let name = target.text else {
        throw NuTuneError(
          .badData, at: target?.location ?? node.location, key: "experiment.target",
          found: target?.summary ?? "nothing", expected: "one of \(Target.known.keys.sorted().joined(separator: ", "))")
      }
      return try Target(named: name, at: target.location, key: "experiment.target")
    }
    let near = problems.attempt {
      guard let near = node["near"] else {
        throw NuTuneError(
          .badData, at: node.location, key: "experiment.near", found: "nothing",
          expected: "a mapping with keys detector, fluxes, binning")
      }
      return try DetectorConfiguration(from: near, path: "experiment.near", in: context)
    }
    let far = node["far"].flatMap { far in
      problems.attempt {
        try DetectorConfiguration(
          from: far, path: "experiment.far", otherwiseBinning: node["near"]?["binning"], of: "experiment.near",
          in: context)
      }
    }
    let title = problems.attempt { try node.title(path: "experiment") }
    try problems.throwIfAny()
    guard let baseline, let target, let near else {
      throw NuTuneError(.internalError, key: "experiment", found: "no experiment", expected: "one, or an error")
    }
    let name = node["name"]?.text ?? base ?? "experiment"
    self.init(
      name: name, title: title.flatMap { $0 } ?? name, base: base, baseline: baseline, target: target, near: near,
      far: far, citations: citations)
  }
}

extension DetectorConfiguration {
  static let keys = ["detector", "fluxes", "binning"]

  init(
    from node: ConfigurationNode, path: String, otherwiseBinning other: ConfigurationNode? = nil,
    of otherPath: String = "", in context: ReadingContext
  ) throws {
    _ = try node.entries(of: path)
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: Self.keys, path: path) { problems.add(error) }
    let detector = problems.attempt {
      try PluginSelection(
        label: "detector", kind: .detector, from: node["detector"] ?? ConfigurationNode(.null, at: node.location),
        path: "\(path).detector", in: context)
    }
    var fluxes: [FluxConfiguration] = []
    problems.attempt {
      let entries = try node["fluxes"]?.entries(of: "\(path).fluxes") ?? []
      guard !entries.isEmpty else {
        throw NuTuneError(
          .badData, at: node["fluxes"]?.location ?? node.location, key: "\(path).fluxes", found: "nothing",
          expected: "a flux for every horn mode, `fhc: name`")
      }
      var inner = NuTuneErrors()
      for entry in entries {
        let flux = inner.attempt {
          try FluxConfiguration(entry, path: "\(path).fluxes.\(entry.key)", in: context)
        }
        if let flux { fluxes.append(flux) }
      }
      try inner.throwIfAny()
    }
    let bins = node["binning"] ?? other ?? ConfigurationNode(.null, at: node.location)
    let binsPath = node["binning"] == nil && other != nil ? otherPath : path
    let binning = problems.attempt { try Binning(from: bins, path: "\(binsPath).binning") }
    try problems.throwIfAny()
    guard let detector, let binning else {
      throw NuTuneError(.internalError, key: path, found: "no detector", expected: "one, or an error")
    }
    self.init(detector: detector, fluxes: fluxes, binning: binning, binningLocation: bins.location)
  }
}

extension FluxConfiguration {
  init(_ entry: ConfigurationNode.Entry, path: String, in context: ReadingContext) throws {
    try FileSafeName.check(entry.key, at: entry.location, key: path)
    var node = entry.value
    var citations: [Citation] = []
    var title: String?
    let base = node["base"]?.text
    if let base {
      let flux = try context.catalog.entry(.fluxes, named: base, at: node["base"]?.location, key: path)
      citations = flux.citations
      title = flux.title
      node = node.merged(over: flux.values)
    }
    self.init(
      mode: entry.key, base: base, title: title ?? entry.key,
      selection: try PluginSelection(
        label: entry.key, kind: .flux, from: node, path: path, alsoAllowed: ["base"], in: context),
      citations: citations)
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
    changing(["near", "far"]) { $0.changing(["fluxes"]) { $0.changing(nil) { $0.namingBase() } } }
  }

  /// An experiment without the bins of those detectors for which `other` names both observables.
  fileprivate func withoutBinnings(replacedBy other: ConfigurationNode) -> ConfigurationNode {
    ["near", "far"].reduce(self) { experiment, site in
      guard case .mapping(let axes)? = other[site]?["binning"]?.content, axes.count >= 2 else { return experiment }
      return experiment.changing([site]) { $0.removing(["binning"]) }
    }
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
