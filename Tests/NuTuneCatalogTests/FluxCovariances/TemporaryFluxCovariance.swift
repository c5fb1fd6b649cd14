import Foundation
import NuTuneCatalog
import NuTuneCore

/// Two flux covariances with their tables in a temporary catalog; changing some text of them makes a story.
struct TemporaryFluxCovariance {
  static let tables = """
    schema: nutune.flux-covariance/1
    name: tables
    title: Two bins
    citations:
      - key: Flux:2020
        bibtex: "@article{Flux:2020}"
    bins: bins.csv
    matrix: matrix.csv
    detectors: {ND280: near, SK: far}
    modes: {FHC: fhc}
    """
  static let bins = """
    # a comment
    index,detector,horn_mode,flavour,E_low_GeV,E_high_GeV,fractional_error_1sigma
    0,ND280,FHC,numub,0,0.5,0.1
    1,ND280,FHC,numub,0.5,2,0.2
    2,SK,FHC,numu,0,1,0.1
    """
  static let matrix = """
    0.01,0.01,0
    0.01,0.04,0

    0,0,0.01
    """
  static let made = """
    schema: nutune.flux-covariance/1
    name: made
    title: Made of components
    detectors: [near, far]
    modes: [fhc, rhc]
    bins:
      numu: [0, 2, 4]
      nuebar: [1, 3]
    components:
      - name: hadrons
        fraction: 0.1
        correlation_length: 1
        correlation: {detector: 0.9, mode: 0.8, flavor: 0.5}
      - name: focusing
        energies: [1, 3]
        fractions: [0.02, -0.04]
        correlation_length: infinite
        spectra: [fhc-numu]
    """

  let folder: String

  /// Writes the files with some text replaced; nil leaves a file out.
  init(_ changes: [(file: String, old: String, new: String?)] = []) throws {
    folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)/package"
    let files = ["tables.yaml": Self.tables, "bins.csv": Self.bins, "matrix.csv": Self.matrix, "made.yaml": Self.made]
    for (name, text) in files {
      var text: String? = text
      for change in changes where change.file == name {
        precondition(text?.contains(change.old) ?? false, "“\(change.old)” is not in \(name)")
        text = change.new.flatMap { text?.replacing(change.old, with: $0, maxReplacements: 1) }
      }
      if let text { try write(text, to: "catalogs/flux-covariances/\(name)") }
    }
  }

  func write(_ text: String, to name: String) throws {
    let path = URL(filePath: "\(folder)/\(name)").standardizedFileURL.path
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  var catalog: Catalog { Catalog(folders: [folder + "/catalogs"]) }

  func load(_ name: String, environment: [String: String] = [:]) throws -> FluxCovarianceConfiguration {
    try FluxCovarianceConfiguration(named: name, in: catalog, environment: environment)
  }

  func remove() { try? FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent) }

  /// The errors of reading an entry, with the folder's name left out.
  func errors(_ name: String, environment: [String: String] = [:]) -> [NuTuneError] {
    do {
      _ = try load(name, environment: environment)
      return []
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      return problems.errors.map { error in
        var error = error
        error.location?.file.replace(folder + "/catalogs/flux-covariances/", with: "")
        error.found.replace(folder + "/", with: "")
        return error
      }
    }
  }
}
