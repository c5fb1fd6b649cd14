import NuTuneCore

/// One detector at one place: its response, its bins and its flux in every horn mode.
package struct DetectorConfiguration: Sendable {
  /// Dotted path in the study, `experiment.near` or `experiment.near.positions.6m`.
  package var path: String
  /// Name of the position, `6m`; empty for a detector that has one only.
  package var position: String
  /// Title for figures, `DUNE near detector`.
  package var title: String
  /// The plugin that describes the response.
  package var detector: PluginSelection
  /// The plugin whose hadronic response makes simulated data, where it is not that of ``detector``; nil where it is.
  package var trueDetector: PluginSelection?
  /// The flux of each horn mode, in the order of the file; labels are the modes.
  package var fluxes: [FluxConfiguration]
  /// The bins of the measurement.
  package var binning: Binning
  /// What it was exposed to; nil when the experiment does not say.
  package var exposure: Exposure?
  /// Events that its exposure gives in the first channel and horn mode; nil when the experiment does not say.
  package var events: Double?
  /// Which flux before oscillation a study predicts this detector with unless it says so itself: the shape of the near one,
  /// or this detector's own; nil where the experiment does not say, which is its own.
  package var fluxChoice: FarFlux?
  /// The measurement whose bins and flux it has; nil for a detector of an experiment.
  package var measurement: StudyMeasurement?
  /// Where the exposure and the numbers in it stand.
  var exposureLocations: [SourceLocation] = []
  /// Where the events stand.
  var eventsLocation: SourceLocation?
  /// Where the bins stand.
  var binningLocation: SourceLocation?
  /// Whether the bins are given for this detector, and not those of the near one.
  var hasOwnBinning = true
  /// Where the label stands that the position begins with; nil without one.
  var labelLocation: SourceLocation?

  /// Horn modes, in the order of the file.
  package var modes: [String] { fluxes.map(\.mode) }

  /// The flux of a horn mode.
  package func flux(mode: String) -> FluxConfiguration? { fluxes.first { $0.mode == mode } }
}

extension DetectorConfiguration {
  static let keys = entryKeys.names

  /// Keys of a detector at either site.
  static let entryKeys = [
    EntryKey("detector", "`{model: name, parameter: value, …}`", "the response of the detector", required: true),
    EntryKey(
      "true_detector", "`{model: name, parameter: value, …}`",
      "a detector whose hadronic response makes simulated data, where models assume another one"),
    EntryKey(
      "fluxes", "`mode: flux` for every horn mode",
      "the flux: a catalog entry by name, `{base: entry, …}`, or written out",
      required: true),
    EntryKey(
      "binning", "two observables with their edges, or a list of such blocks", "the bins of the measurement",
      required: true),
    EntryKey(
      "exposure", "`{pot, mass}`", "protons on target, of all horn modes or of each, and mass behind the measurement"),
  ]

  static let pot = ParameterDeclaration(
    "pot", required: true, .positive,
    "protons on target, or a number for every horn mode (`{fhc: 1.1e21, rhc: 1.7e21}`), by which events are shared out "
      + "among modes; of near detectors it shares out near.events, of a far one it says what its events belong to")
  static let mass = ParameterDeclaration(
    "mass", unit: "t", required: true, .positive, "fiducial mass, used as pot is")
  static let exposureSchema = ParameterSchema([pot, mass])

  static let farFlux = ParameterDeclaration(
    "flux", required: false, .choice(FarFlux.allCases.map(\.rawValue)),
    "before oscillation, the default of far.flux: the shape of the near flux, or the far detector's own, which is taken when unset"
  )

  static let events = ParameterDeclaration(
    "events", required: false, .number(StudySections.events),
    "events of the exposure in the first channel and horn mode, the default of far.events")

  /// Reads `near:`: one detector, or one at several positions (`positions: {name: {fluxes: …}}`), where each has what
  /// it does not say itself from beside `positions`.
  static func near(
    from node: ConfigurationNode, path: String, of experiment: String, in context: ReadingContext
  ) throws -> [DetectorConfiguration] {
    let title = "\(experiment) near detector"
    guard let positions = node["positions"] else {
      return [try DetectorConfiguration(from: node, path: path, title: title, in: context)]
    }
    let path = "\(path).positions"
    let entries = try positions.entries(of: path)
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: positions.location, key: path, found: "nothing",
        expected: "a detector at every position, `6m: {fluxes: {fhc: name}}`")
    }
    var problems = NuTuneErrors()
    let common = node.removing(["positions"])
    let detectors = entries.compactMap { entry in
      problems.attempt {
        try FileSafeName.check(entry.key, at: entry.location, key: "\(path).\(entry.key)")
        var common = common
        if entry.value["binning"]?.namesBothObservables ?? false {
          common = common.removing(["binning"])
        }
        var detector = try DetectorConfiguration(
          from: entry.value.merged(over: common), path: "\(path).\(entry.key)", title: "\(title), \(entry.key)",
          in: context)
        detector.position = entry.key
        return detector
      }
    }
    try problems.throwIfAny()
    return detectors
  }

  init(
    from node: ConfigurationNode, path: String, title: String, isFar: Bool = false,
    otherwiseBinning other: ConfigurationNode? = nil, of otherPath: String = "", in context: ReadingContext
  ) throws {
    _ = try node.entries(of: path)
    var problems = NuTuneErrors()
    // Only what is predicted has events and a choice of flux of its own; near events are the study's.
    let known = isFar ? Self.keys + ["events", "flux"] : Self.keys
    for error in node.unknownKeys(known: known, path: path) { problems.add(error) }
    let detector = problems.attempt {
      try PluginSelection(
        label: "detector", kind: .detector, from: node["detector"] ?? ConfigurationNode(.null, at: node.location),
        path: "\(path).detector", in: context)
    }
    let trueDetector = problems.attempt {
      try node["true_detector"].map {
        try PluginSelection(
          label: "true_detector", kind: .detector, from: $0, path: "\(path).true_detector", in: context)
      }
    }
    let fluxes = problems.attempt { try Self.fluxes(node, path: "\(path).fluxes", in: context) }
    let bins = node["binning"] ?? other ?? ConfigurationNode(.null, at: node.location)
    let binsPath = node["binning"] == nil && other != nil ? otherPath : path
    let binning = problems.attempt { try Binning(from: bins, path: "\(binsPath).binning") }
    let exposure = problems.attempt {
      try node["exposure"].map {
        try Self.exposure($0, path: "\(path).exposure", modes: (fluxes ?? []).map(\.mode))
      }
    }
    let events = problems.attempt { () -> Double? in
      guard let node = node["events"] else { return nil }
      guard case .number(let events) = try Self.events.value(from: node, key: "\(path).events") else { return nil }
      return events
    }
    let choice = problems.attempt { () -> FarFlux? in
      guard isFar, let node = node["flux"] else { return nil }
      guard case .text(let choice) = try Self.farFlux.value(from: node, key: "\(path).flux") else { return nil }
      return FarFlux(rawValue: choice)
    }
    try problems.throwIfAny()
    guard let detector, let fluxes, let binning else {
      throw NuTuneError(.internalError, key: path, found: "no detector", expected: "one, or an error")
    }
    self.init(
      path: path, position: "", title: title, detector: detector, trueDetector: trueDetector.flatMap { $0 },
      fluxes: fluxes, binning: binning,
      exposure: exposure.flatMap { $0 }, events: events.flatMap { $0 }, fluxChoice: choice.flatMap { $0 },
      exposureLocations: node["exposure"]?.locations ?? [], eventsLocation: node["events"]?.location,
      binningLocation: bins.location, hasOwnBinning: node["binning"] != nil)
  }

  /// Reads `exposure:`, whose protons on target are a number for all horn modes or one for each.
  private static func exposure(_ node: ConfigurationNode, path: String, modes: [String]) throws -> Exposure {
    guard let pot = node["pot"], case .mapping(let entries) = pot.content else {
      let values = try exposureSchema.values(from: node, path: path)
      return Exposure(pot: values.number("pot"), mass: values.number("mass"))
    }
    var problems = NuTuneErrors()
    let rest = problems.attempt { try ParameterSchema([mass]).values(from: node, path: path, ignoring: ["pot"]) }
    var pots: [String: Double] = [:]
    for entry in entries {
      let key = "\(path).pot.\(entry.key)"
      problems.attempt {
        guard modes.isEmpty || modes.contains(entry.key) else {
          throw NuTuneError(
            .badData, at: entry.location, key: key, found: "no flux of the horn mode “\(entry.key)”",
            expected: "one of \(modes.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: entry.key, among: modes))
        }
        guard case .number(let number) = try Self.pot.value(from: entry.value, key: key) else { return }
        pots[entry.key] = number
      }
    }
    try problems.throwIfAny()
    return Exposure(pots: pots, mass: rest?.number("mass") ?? 0)
  }

  private static func fluxes(_ node: ConfigurationNode, path: String, in context: ReadingContext) throws
    -> [FluxConfiguration]
  {
    let entries = try node["fluxes"]?.entries(of: path) ?? []
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: node["fluxes"]?.location ?? node.location, key: path, found: "nothing",
        expected: "a flux for every horn mode, `fhc: name`")
    }
    var problems = NuTuneErrors()
    let fluxes = entries.compactMap { entry in
      problems.attempt { try FluxConfiguration(entry, path: "\(path).\(entry.key)", in: context) }
    }
    try problems.throwIfAny()
    return fluxes
  }
}
