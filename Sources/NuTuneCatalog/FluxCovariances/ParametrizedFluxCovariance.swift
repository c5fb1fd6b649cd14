import NuTuneCore
import NuTuneNumerics

/// A flux covariance made of components in bins that are written out in the catalog entry.
struct ParametrizedFluxCovariance {
  static let keys = entryKeys.names

  /// Keys of an entry made of components, beside those that describe it.
  static let entryKeys = [
    EntryKey(
      "detectors", "a list of " + DetectorSite.allCases.map(\.rawValue).joined(separator: ", "), "detectors",
      required: true),
    EntryKey("modes", "a list of names", "horn modes", required: true),
    EntryKey("bins", "edges by species, `numu: [0, 1, 2]`", "edges of the bins in GeV", required: true),
    EntryKey("components", "a list of mappings", "independent causes, whose covariances add up", required: true),
  ]

  /// In the order of detectors, modes, species and energy.
  var bins: [FluxBin]
  /// Independent causes, of which the covariances add up.
  var components: [FluxCovarianceComponent]

  /// Reads detectors, modes, bins and components.
  init(from node: ConfigurationNode) throws {
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: Self.keys, path: "") { problems.add(error) }
    let sites = problems.attempt {
      try Self.names("detectors", of: node, choices: DetectorSite.allCases.map(\.rawValue))
        .compactMap(DetectorSite.init(rawValue:))
    }
    let modes = problems.attempt { try Self.names("modes", of: node, choices: []) }
    let edges = problems.attempt { try Self.edges(node["bins"], at: node.location) }
    try problems.throwIfAny()
    guard let sites, let modes, let edges else {
      throw NuTuneError(.internalError, key: "bins", found: "no bins", expected: "some, or an error")
    }
    bins = sites.flatMap { site in
      modes.flatMap { mode in
        edges.flatMap { species, edges in
          zip(edges, edges.dropFirst()).map { FluxBin(site: site, mode: mode, species: species, low: $0, high: $1) }
        }
      }
    }
    guard bins.count <= Self.mostBins else {
      throw NuTuneError(
        .badData, at: node["bins"]?.location, key: "bins", found: "\(bins.count) bins in all",
        expected: "at most \(Self.mostBins)")
    }
    let list = node["components"]
    guard let list, let elements = list.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: list?.location ?? node.location, key: "components", found: list?.summary ?? "nothing",
        expected: "a list of components")
    }
    let spectra = modes.flatMap { mode in edges.map { FluxCovarianceComponent.spectrum(mode, $0.species) } }
    components = elements.enumerated().compactMap { index, element in
      problems.attempt {
        try FluxCovarianceComponent(
          from: element, path: "components[\(index)]", sites: sites, spectra: spectra)
      }
    }
    try problems.throwIfAny()
  }

  /// Diagonalising more bins than this takes minutes.
  private static let mostBins = 2000

  /// Covariance of the relative changes, dimensionless, shape [bins × bins]. O(bins² · components).
  var covariance: Matrix {
    var matrix = Matrix(rows: bins.count, columns: bins.count)
    for component in components {
      let fractions = bins.map(component.fraction(of:))
      for i in bins.indices where fractions[i] != 0 {
        for j in 0...i where fractions[j] != 0 {
          matrix[i, j] += fractions[i] * fractions[j] * component.correlation(bins[i], bins[j])
        }
      }
    }
    for i in bins.indices { for j in 0..<i { matrix[j, i] = matrix[i, j] } }
    return matrix
  }

  /// A list of different names.
  private static func names(_ key: String, of node: ConfigurationNode, choices: [String]) throws -> [String] {
    let declaration = ParameterDeclaration(key, required: true, .texts(choices: choices), "names")
    let list = node[key] ?? ConfigurationNode(.null, at: node.location)
    guard case .texts(let names) = try declaration.value(from: list, key: key), !names.isEmpty,
      Set(names).count == names.count
    else {
      throw NuTuneError(
        .badData, at: list.location, key: key, found: list.elements?.isEmpty == true ? "an empty list" : "a name twice",
        expected: "at least one name, each once")
    }
    for name in names { try FileSafeName.check(name, at: list.location, key: key) }
    return names
  }

  /// Edges in GeV by species, in the order of the file.
  private static func edges(_ node: ConfigurationNode?, at location: SourceLocation) throws
    -> [(species: NeutrinoSpecies, edges: [Double])]
  {
    let entries = try node?.entries(of: "bins") ?? []
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: node?.location ?? location, key: "bins", found: "nothing",
        expected: "edges in GeV by species, numu: [0, 1, 2]")
    }
    var problems = NuTuneErrors()
    let all = entries.compactMap { entry in
      problems.attempt {
        let key = "bins.\(entry.key)"
        let species = try NeutrinoSpecies(named: entry.key, at: entry.location, key: "bins")
        let declaration = ParameterDeclaration(
          entry.key, unit: "GeV", required: true, .numbers(0...1e6, count: 2...1000), "edges")
        guard case .numbers(let edges) = try declaration.value(from: entry.value, key: key),
          zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
        else {
          throw NuTuneError(
            .badData, at: entry.value.location, key: key, found: "edges that do not increase",
            expected: "strictly increasing bin edges")
        }
        return (species: species, edges: edges)
      }
    }
    try problems.throwIfAny()
    return all
  }
}
