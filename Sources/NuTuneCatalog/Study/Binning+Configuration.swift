import NuTuneCore

extension Binning {
  /// Reads bins in two observables, `{lepton_energy: {from: 0.2, to: 8, bins: 39}, cos_theta: [-1, 0, 1]}`, in either
  /// order, or a list of such blocks, whose bins follow one another. A list of edges may mix edges and `{from, to, bins}`
  /// segments; a segment goes on from the edge before it. Edges of the quasi-elastic energy may stand beside their binding
  /// energy, `{edges: [0, 1], binding_energy: 0.027}`, and need no other observable: all angles are one bin.
  /// `hadronic_energy` or `reconstructed_energy` beside the two divides every bin, each block in its own way. Beside
  /// `reconstructed_energy` lepton energy and angle may be left out: all angles are one bin, and so are all lepton energies up
  /// to its last edge.
  init(from node: ConfigurationNode, path: String) throws {
    guard let elements = node.elements else {
      let block = try Block(from: node, path: path)
      try Self.check(count: block.count, of: "\(block)", at: node.location, path: path)
      try self.init([block.grid], hadronic: block.hadronic, at: node.location)
      return
    }
    guard !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: node.location, key: path, found: "an empty list",
        expected: "two observables with their edges, or a list of such blocks")
    }
    var problems = NuTuneErrors()
    let blocks = elements.enumerated().compactMap { index, element in
      problems.attempt { try Block(from: element, path: "\(path).\(index)") }
    }
    try problems.throwIfAny()
    let hadronic = blocks[0].hadronic?.observable
    if let other = blocks.firstIndex(where: { $0.hadronic?.observable != hadronic }) {
      let found = blocks[other].hadronic?.observable
      throw NuTuneError(
        .badData, at: elements[other].location,
        key: "\(path).\(other).\((found ?? hadronic ?? .hadronicEnergy).rawValue)",
        found: "\(found?.rawValue ?? "none") beside \(hadronic?.rawValue ?? "none") in the first block",
        expected: "bins in one of them in all blocks, or in none")
    }
    let count = blocks.reduce(0) { $0 + $1.count }
    try Self.check(count: count, of: "\(count)", at: node.location, path: path)
    do {
      let axes = blocks.compactMap(\.hadronic)
      let grids = blocks.map(\.grid)
      if axes.isEmpty {
        try self.init(grids, at: node.location)
      } else {
        try self.init(grids, hadronicOfGrids: axes, at: node.location)
      }
    } catch var error as NuTuneError {
      error.key = path
      throw error
    }
  }

  /// More bins than this are a mistake.
  private static let mostBins = 1_000_000

  private static func check(count: Int, of bins: String, at location: SourceLocation?, path: String) throws {
    guard count <= mostBins else {
      throw NuTuneError(
        .badData, at: location, key: path, found: "\(bins) bins", expected: "at most \(mostBins) bins")
    }
  }

  /// A grid of the lepton and the bins of hadronic energy beside it.
  private struct Block: CustomStringConvertible {
    var grid: BinGrid
    var hadronic: Axis?

    var count: Int { grid.count * (hadronic?.count ?? 1) }
    var description: String {
      ([grid.first, grid.second] + (hadronic.map { [$0] } ?? [])).map { "\($0.count)" }.joined(separator: " × ")
    }

    init(from node: ConfigurationNode, path: String) throws {
      let names = Observable.allCases.map(\.rawValue)
      let entries = try node.entries(of: path)
      var problems = NuTuneErrors()
      for error in node.unknownKeys(known: names, path: path) { problems.add(error) }
      try problems.throwIfAny()
      let ofLepton = entries.filter { Observable(rawValue: $0.key)?.isOfLepton ?? true }
      let isSpectrum = ofLepton.map(\.key) == [Observable.quasielasticEnergy.rawValue]
      let isReconstructed = entries.contains { $0.key == Observable.reconstructedEnergy.rawValue }
      let isMarginal = isReconstructed && Self.canBeAlone(ofLepton.map(\.key))
      guard entries.count - ofLepton.count < 2 else {
        throw NuTuneError(
          .badData, at: node.location, key: path, found: "hadronic_energy beside reconstructed_energy",
          expected: "one of the two")
      }
      guard ofLepton.count == 2 || isSpectrum || isMarginal else {
        throw NuTuneError(
          .badData, at: node.location, key: path, found: node.summary,
          expected: "two observables out of \(Observable.ofLepton.map(\.rawValue).joined(separator: ", "))")
      }
      var axes = entries.compactMap { entry in
        problems.attempt { try Axis(entry, path: "\(path).\(entry.key)") }
      }
      try problems.throwIfAny()
      if isSpectrum { axes.append(try Axis(.theta, edges: [0, 180])) }
      if isMarginal, let last = axes.first(where: { $0.observable == .reconstructedEnergy })?.edges.last {
        if !axes.contains(where: { [.leptonEnergy, .leptonMomentum].contains($0.observable) }) {
          axes.append(try Axis(.leptonEnergy, edges: [0, last]))
        }
        if !axes.contains(where: { [.cosTheta, .theta].contains($0.observable) }) {
          axes.append(try Axis(.cosTheta, edges: [-1, 1]))
        }
      }
      grid = try BinGrid(inEitherOrder: axes.filter(\.observable.isOfLepton), at: node.location, path: path)
      hadronic = axes.first { !$0.observable.isOfLepton }
    }

    /// Whether these observables of the lepton need no other one beside the reconstructed energy.
    private static func canBeAlone(_ names: [String]) -> Bool {
      let alone: [Observable] = [.leptonEnergy, .leptonMomentum, .cosTheta, .theta]
      return names.isEmpty || names.count == 1 && alone.map(\.rawValue).contains(names[0])
    }
  }
}

extension BinGrid {
  fileprivate init(inEitherOrder axes: [Axis], at location: SourceLocation?, path: String) throws {
    if (try? ObservablePair(axes[1].observable, axes[0].observable)) != nil {
      self.init(axes[1], axes[0])
    } else {
      do {
        _ = try ObservablePair(axes[0].observable, axes[1].observable, at: location)
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

extension ConfigurationNode {
  /// Whether bins name both observables of the lepton, so that they replace others and do not change one of their axes.
  var namesBothObservables: Bool {
    guard case .mapping(let axes) = content else { return false }
    let isReconstructed = axes.contains { $0.key == Observable.reconstructedEnergy.rawValue }
    return axes.filter { Observable(rawValue: $0.key)?.isOfLepton ?? true }.count >= (isReconstructed ? 1 : 2)
  }
}
