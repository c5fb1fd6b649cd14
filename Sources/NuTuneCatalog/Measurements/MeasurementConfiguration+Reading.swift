import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics

extension MeasurementConfiguration {
  static func text(_ key: String, of node: ConfigurationNode) throws -> (String, SourceLocation) {
    guard let value = node[key], let text = value.text else {
      throw NuTuneError(
        .badData, at: node[key]?.location ?? node.location, key: key, found: node[key]?.summary ?? "nothing",
        expected: "text")
    }
    return (text, value.location)
  }

  /// How the table is read, with the names of `columns`.
  static func table(_ node: ConfigurationNode, _ names: [String], mass: Double) throws -> MeasurementTable {
    let columns = names.flatMap { ["\($0)_low", "\($0)_high"] } + ["value", "error"]
    var headings = columns
    if let given = node["columns"] {
      var problems = NuTuneErrors()
      for error in given.unknownKeys(known: columns, path: "columns") { problems.add(error) }
      for entry in try given.entries(of: "columns") {
        guard let place = columns.firstIndex(of: entry.key) else { continue }
        problems.attempt { headings[place] = try text(entry.key, of: given).0 }
      }
      try problems.throwIfAny()
    }
    return MeasurementTable(
      columns: columns, headings: headings, shifts: names.map { $0 == kineticEnergy ? mass : 0 },
      isSelection: node["columns"] != nil)
  }

  /// Shares of the nucleons, `{C12: 12/13, H1: 1/13}`.
  static func composition(_ node: ConfigurationNode) throws -> [Dataset.Component] {
    let components = try node.entries(of: "composition").map { entry in
      let parts = (entry.value.text ?? "").split(separator: "/", omittingEmptySubsequences: false)
        .map { Double($0.filter { !$0.isWhitespace }) }
      guard (1...2).contains(parts.count), let above = parts[0], let below = parts.count == 2 ? parts[1] : 1,
        above / below > 0, above / below <= 1
      else {
        throw NuTuneError(
          .badData, at: entry.value.location, key: "composition.\(entry.key)", found: entry.value.summary,
          expected: "a share of the nucleons, 12/13 or 0.923")
      }
      return Dataset.Component(
        try Target(named: entry.key, at: entry.location, key: "composition"), share: above / below)
    }
    let sum = components.reduce(0) { $0 + $1.share }
    guard abs(sum - 1) < 1e-3 else {
      throw NuTuneError(
        .badData, at: node.location, key: "composition", found: "shares that add up to \(sum)", expected: "1")
    }
    return components.map { Dataset.Component($0.target, share: $0.share / sum) }
  }

  /// The detector that says what a measured hadronic energy is, with the path of its table; nil for none.
  static func detector(
    _ node: ConfigurationNode, third: Observable?, files: inout MeasurementFiles
  ) throws -> ConfigurationNode? {
    guard let detector = node["detector"] else {
      guard let third else { return nil }
      throw NuTuneError(
        .badData, at: node["observables"]?.location ?? node.location, key: "detector",
        found: "\(third.rawValue) without a detector",
        expected: "what of an energy transfer counts as visible, {model: calorimeter, visible: 0.8}")
    }
    guard third != nil else {
      throw NuTuneError(
        .badData, at: detector.location, key: "detector", found: "a detector of a measurement of the lepton alone",
        expected: "none, because published cross sections are those of true leptons")
    }
    guard let table = detector["table"] else { return detector }
    let path = FilePath.absolute(try files.path(table, key: "detector.table"))
    return try detector.setting(["table"], to: ConfigurationNode(.scalar(path, quoted: true), at: table.location))
  }

  /// The smearing matrix for values in the unit of a measurement; nil for none.
  static func smearing(
    _ node: ConfigurationNode?, of measurement: CrossSectionMeasurement, files: inout MeasurementFiles
  ) throws -> Matrix? {
    guard let node else { return nil }
    var isOfContents = false
    var file = node
    if case .mapping = node.content {
      var problems = NuTuneErrors()
      for error in node.unknownKeys(known: ["file", "of"], path: "smearing") { problems.add(error) }
      try problems.throwIfAny()
      let of = node["of"]?.text ?? "values"
      guard ["values", "contents"].contains(of), let named = node["file"] else {
        throw NuTuneError(
          .badData, at: node["of"]?.location ?? node.location, key: "smearing", found: node.summary,
          expected: "{file: name.csv, of: values or contents}")
      }
      isOfContents = of == "contents"
      file = named
    }
    var matrix = try MatrixFile.read(try files.path(file, key: "smearing"), size: measurement.bins.count)
    guard isOfContents else { return matrix }
    let areas = measurement.bins.map(\.area)
    for i in areas.indices { for j in areas.indices { matrix[i, j] *= areas[j] / areas[i] } }
    return matrix
  }
}
