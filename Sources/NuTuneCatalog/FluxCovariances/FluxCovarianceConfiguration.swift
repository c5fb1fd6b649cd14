import Foundation
import NuTuneCore
import NuTuneNumerics

/// A flux covariance of the catalog, read and checked.
///
/// An entry names published tables,
///
///     bins: $NUTUNE_DATA/bins.csv
///     matrix: $NUTUNE_DATA/covariance.csv
///     detectors: {ND: near, FD: far}
///     modes: {FHC: fhc, RHC: rhc}
///
/// or is made of components,
///
///     detectors: [near, far]
///     modes: [fhc]
///     bins: {numu: [0, 1, 2, 5]}
///     components:
///       - {name: hadrons, fraction: 0.07, correlation_length: 1, correlation: {detector: 0.99}}
package struct FluxCovarianceConfiguration: Sendable {
  /// Name in the catalog.
  package var name: String
  /// Title for people.
  package var title: String
  /// What to cite.
  package var citations: [Citation]
  /// Bins and covariance.
  package var covariance: FluxCovariance
  /// Paths of the files that it was read from, besides the catalog entry.
  package var files: [String]

  /// Keys of an entry with a published matrix, beside those that describe it.
  static let tableKeys = [
    EntryKey(
      "bins", "a CSV file",
      "columns `index,detector,horn_mode,flavour,E_low_GeV,E_high_GeV`, `fractional_error_1sigma` if there is one",
      required: true),
    EntryKey(
      "matrix", "a CSV file without header", "relative covariance, a row and a column for each bin", required: true),
    EntryKey("detectors", "`{ND: near, FD: far}`", "what the table calls the detectors", required: true),
    EntryKey("modes", "`{FHC: fhc, RHC: rhc}`", "what the table calls the horn modes", required: true),
  ]

  /// Reads the entry of a name, or an error that suggests the nearest.
  /// - Parameters:
  ///   - location: where the name stands.
  ///   - key: the key whose value it is.
  ///   - environment: where `NUTUNE_DATA` may be set.
  package init(
    named name: String, in catalog: Catalog, at location: SourceLocation? = nil, key: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    try self.init(
      try catalog.entry(.fluxCovariances, named: name, at: location, key: key), environment: environment)
  }

  /// Reads an entry and the files it names. A file that is not there is an error of the category `missingInput`.
  package init(_ entry: CatalogEntry, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    name = entry.name
    title = entry.title
    citations = entry.citations
    let node = entry.values
    switch (node["matrix"] != nil, node["components"] != nil) {
    case (true, false): (covariance, files) = try Self.tables(node, entry: entry.path, environment: environment)
    case (false, true):
      files = []
      let parametrized = try ParametrizedFluxCovariance(from: node)
      covariance = try FluxCovariance(
        bins: parametrized.bins, covariance: parametrized.covariance, at: node["components"]?.location)
    case (let both, _):
      throw NuTuneError(
        .badData, at: node.location, key: entry.name,
        found: both ? "matrix beside components" : "neither matrix nor components",
        expected: "a matrix with its bins, or components")
    }
  }

  private static func tables(_ node: ConfigurationNode, entry: String, environment: [String: String]) throws
    -> (covariance: FluxCovariance, files: [String])
  {
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: tableKeys.names, path: "") { problems.add(error) }
    let sites = problems.attempt {
      try names("detectors", of: node, meaning: "{ND: near, FD: far}") { name, location, key in
        guard let site = DetectorSite(rawValue: name) else {
          throw NuTuneError(.badData, at: location, key: key, found: "“\(name)”", expected: "near or far")
        }
        return site
      }
    }
    let modes = problems.attempt {
      try names("modes", of: node, meaning: "{FHC: fhc, RHC: rhc}") { name, location, key in
        try FileSafeName.check(name, at: location, key: key)
        return name
      }
    }
    let files = ["bins", "matrix"].compactMap { key in
      problems.attempt { () throws -> String in
        guard let file = node[key], let name = file.text else {
          throw NuTuneError(
            .badData, at: node[key]?.location ?? node.location, key: key, found: node[key]?.summary ?? "nothing",
            expected: "the name of a CSV file")
        }
        return try DataFolder.path(
          of: name, namedIn: entry, at: file.location, key: key, environment: environment)
      }
    }
    try problems.throwIfAny()
    guard let sites, let modes, files.count == 2 else {
      throw NuTuneError(.internalError, key: "matrix", found: "no tables", expected: "two, or an error")
    }
    let covariance = try FluxCovarianceTable.read(
      bins: files[0], matrix: files[1], names: FluxCovarianceTable.Names(detectors: sites, modes: modes))
    return (covariance, files)
  }

  /// A mapping of the names in a table to what they mean.
  private static func names<Value>(
    _ key: String, of node: ConfigurationNode, meaning: String,
    read: (_ name: String, _ location: SourceLocation, _ key: String) throws -> Value
  ) throws -> [String: Value] {
    let entries = try node[key]?.entries(of: key) ?? []
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: node[key]?.location ?? node.location, key: key, found: "nothing",
        expected: "what the names in the table mean, \(meaning)")
    }
    var names: [String: Value] = [:]
    for entry in entries {
      let path = "\(key).\(entry.key)"
      guard let name = entry.value.text else {
        throw NuTuneError(
          .badData, at: entry.value.location, key: path, found: entry.value.summary, expected: "a name")
      }
      names[entry.key] = try read(name, entry.value.location, path)
    }
    return names
  }
}
