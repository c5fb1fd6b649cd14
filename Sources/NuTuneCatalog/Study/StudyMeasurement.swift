import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics

/// A measurement of the catalog as data of a study.
package struct StudyMeasurement: Sendable {
  /// What it is.
  package let configuration: MeasurementConfiguration
  /// Whether models learn from it, or only predict it.
  package let role: Dataset.Role
  /// Files with its numbers.
  package let files: [String]
  /// Which of its bins the study uses; nil for all.
  package let selection: MeasurementSelection?
  /// How often its χ² counts in what a model minimises (``Dataset/weight``).
  let weight: Double
  /// The entry with all its bins.
  let whole: MeasurementConfiguration
  /// Places of its covered bins among those of the entry.
  let bins: [Int]

  /// Name of the entry, or of the bins of it that are selected.
  package var name: String { configuration.name }
  /// Name of the entry in the catalog.
  var entry: String { selection?.entry ?? name }

  /// Name of the horn mode that makes the measured neutrinos.
  var mode: String { configuration.reaction.species.helicity == .neutrino ? "fhc" : "rhc" }

  /// Its bins; those of hadronic energy end where they do, and may differ from bin to bin of the lepton.
  func binning() throws -> Binning {
    let measurement = configuration.measurement
    let bins = configuration.coveredBins.map { measurement.bins[$0] }
    guard let third = measurement.third else {
      return try Binning(measurement.observables, bins: bins.map { ($0.first, $0.second) })
    }
    // Rows of one bin of the lepton follow one another.
    var wholes: [[CrossSectionMeasurement.Bin]] = []
    for bin in bins {
      if let last = wholes.indices.last, wholes[last][0].first == bin.first, wholes[last][0].second == bin.second {
        wholes[last].append(bin)
      } else {
        wholes.append([bin])
      }
    }
    let axes = try wholes.map { whole in
      let ranges = whole.compactMap(\.third)
      guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound == $1.lowerBound }) else {
        throw NuTuneError(
          .badData, at: configuration.files.first.map { SourceLocation(file: $0) }, key: "file",
          found: "bins of \(third.rawValue) that do not follow one another in a bin of the lepton",
          expected: "for every bin of the lepton rising ones, without gaps")
      }
      return try Axis(third, edges: [ranges[0].lowerBound] + ranges.map(\.upperBound))
    }
    // Neighbours that are divided alike may be one grid.
    let starts = axes.indices.filter { $0 == 0 || axes[$0] != axes[$0 - 1] }
    let alike = try zip(starts, starts.dropFirst() + [axes.count]).map { start, end in
      (
        grids: try Binning(measurement.observables, bins: wholes[start..<end].map { ($0[0].first, $0[0].second) })
          .grids,
        axis: axes[start]
      )
    }
    var binning = try Binning(
      alike.flatMap(\.grids), hadronicOfGrids: alike.flatMap { part in part.grids.map { _ in part.axis } })
    binning.endsAtHadronicEdges = true
    return binning
  }
}

extension StudyMeasurement {
  /// Reads `data:` of a study: a list of measurements to learn from, or `{learn: […], predict: […]}`.
  static func all(from node: ConfigurationNode, in context: ReadingContext) throws -> [StudyMeasurement] {
    if node.elements != nil { return try list(node, .learn, path: "data", in: context) }
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: ["learn", "predict"], path: "data") { problems.add(error) }
    let measurements = try node.entries(of: "data").flatMap { entry in
      problems.attempt {
        try list(entry.value, Dataset.Role(rawValue: entry.key) ?? .learn, path: "data.\(entry.key)", in: context)
      } ?? []
    }
    try problems.throwIfAny()
    let learned = Set(measurements.filter { $0.role == .learn }.map(\.configuration.reaction.species.helicity))
    guard !learned.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: "data", found: "nothing to learn from",
        expected: "at least one measurement under `learn`")
    }
    if let other = measurements.first(where: { !learned.contains($0.configuration.reaction.species.helicity) }) {
      let sign = other.configuration.reaction.species.helicity.rawValue
      throw NuTuneError(
        .badData, at: node.location, key: "data.predict",
        found: "\(other.name), of \(sign)s, of which nothing is learned",
        expected: "a measurement of \(sign)s under `learn`, too")
    }
    return measurements
  }

  private static func list(
    _ node: ConfigurationNode, _ role: Dataset.Role, path: String, in context: ReadingContext
  ) throws -> [StudyMeasurement] {
    guard let elements = node.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: node.summary,
        expected: "a list out of \(context.catalog.names(of: .measurements).joined(separator: ", "))")
    }
    var problems = NuTuneErrors()
    let measurements = elements.compactMap { element in
      problems.attempt { () -> StudyMeasurement in
        let listed = try ListedMeasurement(from: element, role, path: path)
        let entry = try context.catalog.entry(.measurements, named: listed.entry, at: listed.place, key: path)
        let whole = try MeasurementConfiguration(entry)
        let selection = listed.selection
        let bins = try selection?.bins(of: whole)
        let configuration = try selection.map { try whole.selecting(bins ?? [], name: $0.name) } ?? whole
        try checkErrors(configuration, at: element.location, key: path)
        return StudyMeasurement(
          configuration: configuration, role: role, files: [entry.path] + configuration.files, selection: selection,
          weight: listed.weight, whole: whole, bins: configuration.coveredBins.map { bins?[$0] ?? $0 })
      }
    }
    try problems.throwIfAny()
    return measurements
  }

  /// Refuses two measurements of one name, a bin that is used twice: as data to learn from and to predict, it would not be
  /// held out, and parts with different weights.
  private static func checkParts(_ measurements: [StudyMeasurement], at location: SourceLocation) throws {
    for (index, one) in measurements.enumerated() {
      for other in measurements[..<index] {
        let shared = other.entry == one.entry ? Set(other.bins).intersection(one.bins).min() : nil
        let found = shared.map {
          "\(one.whole.measurement.name($0)) of \(one.entry) in \(other.name) and in \(one.name)"
        }
        guard other.name == one.name || shared != nil else {
          try checkWeights(other, one, at: location)
          continue
        }
        throw NuTuneError(
          .badData, at: location, key: "data", found: found ?? "the name \(one.name) twice",
          expected: found == nil ? "a name of its own" : "every bin once: parts of a measurement that share none")
      }
    }
  }

  /// Refuses different weights of parts of a measurement that are learned as one vector of data.
  private static func checkWeights(
    _ first: StudyMeasurement, _ second: StudyMeasurement, at location: SourceLocation
  ) throws {
    guard first.entry == second.entry, first.role == .learn, second.role == .learn, first.weight != second.weight else {
      return
    }
    throw NuTuneError(
      .badData, at: location, key: "data.learn",
      found:
        "the weights \(first.weight) of \(first.name) and \(second.weight) of \(second.name), parts of \(first.entry)",
      expected: "one weight of all, because they are learned as one vector of data")
  }

  /// Refuses errors that χ² cannot divide by.
  private static func checkErrors(_ entry: MeasurementConfiguration, at location: SourceLocation, key: String) throws {
    let measurement = entry.measurement
    if let bin = measurement.errors.firstIndex(where: { $0 <= 0 }) {
      throw NuTuneError(
        .badData, at: location, key: key, found: "no error in \(measurement.name(bin)) of \(entry.name)",
        expected: "errors above zero, by which χ² divides")
    }
    guard !entry.coveredBins.isEmpty else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "no bin of \(entry.name) within its largest_angle",
        expected: "bins of which some part is measured")
    }
  }

  /// An experiment whose near detector has a position for each measurement, as a study would write it.
  static func experiment(_ measurements: [StudyMeasurement], at location: SourceLocation) throws -> ConfigurationNode {
    func text(_ text: String) -> ConfigurationNode { ConfigurationNode(.scalar(text, quoted: false), at: location) }
    func mapping(_ entries: [(String, ConfigurationNode)]) -> ConfigurationNode {
      ConfigurationNode(
        .mapping(entries.map { .init(key: $0.0, location: location, value: $0.1) }), at: location)
    }
    func axis(_ axis: Axis) -> (String, ConfigurationNode) {
      let edges = ConfigurationNode(.sequence(axis.edges.map { text("\($0)") }), at: location)
      guard let binding = axis.bindingEnergy else { return (axis.observable.rawValue, edges) }
      return (axis.observable.rawValue, mapping([("edges", edges), ("binding_energy", text("\(binding)"))]))
    }
    let first = measurements[0]
    if let other = measurements.first(where: {
      $0.configuration.reaction.target != first.configuration.reaction.target
    }) {
      throw NuTuneError(
        .badData, at: location, key: "data",
        found: "\(other.name) on \(other.configuration.reaction.target.name) beside \(first.name) on "
          + first.configuration.reaction.target.name,
        expected: "measurements on one target: structure functions belong to a nucleus")
    }
    try checkParts(measurements, at: location)
    let positions = try measurements.map { measurement in
      let binning = try measurement.binning()
      let grids = binning.grids.enumerated().map {
        mapping([axis($1.first), axis($1.second)] + (binning.hadronic(ofGrid: $0).map { [axis($0)] } ?? []))
      }
      return (
        measurement.name,
        mapping([
          ("detector", measurement.configuration.detector ?? mapping([("model", text("ideal"))])),
          ("fluxes", mapping([(measurement.mode, text(measurement.configuration.flux))])),
          ("binning", grids.count == 1 ? grids[0] : ConfigurationNode(.sequence(grids), at: location)),
        ])
      )
    }
    return mapping([
      ("name", text("measurements")), ("title", text("Measurements")),
      ("target", text(first.configuration.reaction.target.name)),
      ("near", mapping([("positions", mapping(positions))])),
    ])
  }
}
