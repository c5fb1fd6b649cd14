import NuTuneCore

extension Binning {
  /// Reads bins in two observables, `{lepton_energy: {from: 0.2, to: 8, bins: 39}, cos_theta: [-1, 0, 1]}`, in either
  /// order, or a list of such blocks, whose bins follow one another. A list of edges may mix edges and `{from, to, bins}`
  /// segments; a segment goes on from the edge before it. Edges of the quasi-elastic energy may stand beside their binding
  /// energy, `{edges: [0, 1], binding_energy: 0.027}`, and need no other observable: all angles are one bin.
  init(from node: ConfigurationNode, path: String) throws {
    guard let elements = node.elements else {
      try self.init([BinGrid(from: node, path: path)], at: node.location)
      return
    }
    guard !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "an empty list",
        expected: "two observables with their edges, or a list of such blocks")
    }
    var problems = NuTuneErrors()
    let grids = elements.enumerated().compactMap { index, element in
      problems.attempt { try BinGrid(from: element, path: "\(path).\(index)") }
    }
    try problems.throwIfAny()
    let count = grids.reduce(0) { $0 + $1.count }
    guard count <= BinGrid.mostBins else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "\(count) bins", expected: "at most \(BinGrid.mostBins)")
    }
    do {
      try self.init(grids, at: node.location)
    } catch var error as NuTuneError {
      error.key = path
      throw error
    }
  }
}

extension BinGrid {
  /// More bins than this are a mistake.
  fileprivate static let mostBins = 1_000_000

  fileprivate init(from node: ConfigurationNode, path: String) throws {
    let names = Observable.allCases.map(\.rawValue)
    let entries = try node.entries(of: path)
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: names, path: path) { problems.add(error) }
    try problems.throwIfAny()
    let isSpectrum = entries.count == 1 && entries[0].key == Observable.quasielasticEnergy.rawValue
    guard entries.count == 2 || isSpectrum else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: node.summary,
        expected: "two observables out of \(names.joined(separator: ", "))")
    }
    var axes = entries.compactMap { entry in
      problems.attempt { try Axis(entry, path: "\(path).\(entry.key)") }
    }
    try problems.throwIfAny()
    if isSpectrum { axes.append(try Axis(.theta, edges: [0, 180])) }
    guard axes[0].count * axes[1].count <= Self.mostBins else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "\(axes[0].count) × \(axes[1].count) bins",
        expected: "at most \(Self.mostBins) bins")
    }
    if (try? ObservablePair(axes[1].observable, axes[0].observable)) != nil {
      self.init(axes[1], axes[0])
    } else {
      do {
        _ = try ObservablePair(axes[0].observable, axes[1].observable, at: node.location)
      } catch var error as NuTuneError {
        error.key = path
        throw error
      }
      self.init(axes[0], axes[1])
    }
  }
}

extension Axis {
  private static let segmentSchema = ParameterSchema([
    ParameterDeclaration("from", required: true, .anyNumber, "first edge"),
    ParameterDeclaration("to", required: true, .anyNumber, "last edge"),
    ParameterDeclaration("bins", required: true, .integer(1...100_000), "number of bins of equal width"),
  ])

  /// The binding energy of quasi-elastic energies.
  static let bindingEnergySchema = ParameterSchema([
    ParameterDeclaration(
      "binding_energy", unit: "GeV", default: .number(QuasielasticEnergy.defaultBindingEnergy),
      .number(QuasielasticEnergy.bindingEnergies), "binding energy of the struck nucleon in `quasielastic_energy`")
  ])

  fileprivate init(_ entry: ConfigurationNode.Entry, path: String) throws {
    guard let observable = Observable(rawValue: entry.key) else {
      throw NuTuneError(.internalError, key: path, found: entry.key, expected: "an observable")
    }
    guard observable == .quasielasticEnergy, case .mapping(let given) = entry.value.content,
      let edges = entry.value["edges"]
    else {
      try self.init(observable, entry.value, path: path)
      return
    }
    var problems = NuTuneErrors()
    for error in entry.value.unknownKeys(known: ["edges", "binding_energy"], path: path) { problems.add(error) }
    try problems.throwIfAny()
    let rest = ConfigurationNode(.mapping(given.filter { $0.key != "edges" }), at: entry.value.location)
    try self.init(
      observable, edges, path: path,
      bindingEnergy: try Self.bindingEnergySchema.values(from: rest, path: path).number("binding_energy"))
  }

  private init(
    _ observable: Observable, _ node: ConfigurationNode, path: String, bindingEnergy: Double? = nil
  ) throws {
    var edges: [Double] = []
    switch node.content {
    case .mapping: edges = try Self.segment(node, path: path, unit: observable.unit)
    case .sequence(let elements):
      let declaration = ParameterDeclaration(
        observable.rawValue, unit: observable.unit, required: true, .anyNumber, "edge")
      for element in elements {
        if case .mapping = element.content {
          let segment = try Self.segment(element, path: path, unit: observable.unit)
          edges += edges.last == segment.first ? segment.dropFirst() : segment[...]
        } else if case .number(let edge) = try declaration.value(from: element, key: path) {
          if let last = edges.last, edge <= last {
            throw NuTuneError(
              .badData, at: element.location, key: path,
              found: "edge \(edges.count + 1) (\(edge)) not above "
                + "edge \(edges.count) (\(last))",
              expected: "strictly increasing bin edges")
          }
          edges.append(edge)
        }
      }
    default:
      throw NuTuneError(
        .badData, at: node.location, key: path, found: node.summary,
        expected: "a list of edges, or {from, to, bins}")
    }
    do {
      try self.init(observable, edges: edges, bindingEnergy: bindingEnergy, at: node.location)
    } catch var error as NuTuneError {
      error.key = path
      throw error
    }
  }

  /// Edges of equal bins; the last edge is `to` exactly.
  private static func segment(_ node: ConfigurationNode, path: String, unit: String) throws -> [Double] {
    var schema = segmentSchema
    for index in 0..<2 { schema.declarations[index].unit = unit }
    let values = try schema.values(from: node, path: path)
    let (from, to, bins) = (values.number("from"), values.number("to"), values.integer("bins"))
    guard from < to else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "a segment from \(from) to \(to)",
        expected: "strictly increasing bin edges")
    }
    return (0...bins).map { $0 == bins ? to : from + (to - from) * Double($0) / Double(bins) }
  }
}

extension Axis {
  /// Its edges by dotted path as they are run, with a binding energy beside them.
  func effective(_ path: String) -> [String: ParameterValue] {
    let key = "\(path).\(observable.rawValue)"
    guard let bindingEnergy else { return [key: .numbers(edges)] }
    return ["\(key).edges": .numbers(edges), "\(key).binding_energy": .number(bindingEnergy)]
  }
}
