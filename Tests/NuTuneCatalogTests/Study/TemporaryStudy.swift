import Foundation
import NuTuneCatalog
import NuTuneCore

/// A study with its catalog in a temporary folder; changing one line of it makes a story.
struct TemporaryStudy {
  static let study = """
    schema: nutune.study/1
    name: example
    experiment: small
    channels: [numu]
    truth: {model: flat}
    models:
      first: {model: flat, height: 0.5}
      second:
        model: flat
        network: {hidden: [8, 8]}
    near: {events: infinite}
    far: {events: 100, sample: poisson}
    oscillation:
      model: two-parameter
      preset: usual
      fit: [sin2_theta23, dm2_32]
    seed: {network: 7}
    """
  static let experiment = """
    schema: nutune.experiment/1
    name: small
    title: A small experiment
    baseline: {length: 295 km, density: 2.6 g/cm3}
    target: C12
    near:
      detector: {model: plain}
      fluxes: {fhc: beam}
      binning:
        lepton_energy: {from: 0.2, to: 1, bins: 4}
        cos_theta: [-1, 0, {from: 0.5, to: 1, bins: 2}]
    far:
      detector: {model: plain}
      fluxes: {fhc: beam}
    """
  static let flux = """
    schema: nutune.flux/1
    name: beam
    title: A beam
    model: file-flux
    file: beam.csv
    citations:
      - key: Beam:2020
        bibtex: "@article{Beam:2020}"
    """
  static let preset = """
    schema: nutune.oscillation/1
    name: usual
    parameters: {sin2_theta23: 0.47, dm2_21: 7.5e-5, dm2_31: 2.5e-3}
    """

  let folder: String

  /// Writes the files with some text replaced.
  init(_ changes: [(file: String, old: String, new: String)] = []) throws {
    folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    let files = [
      "study.yaml": Self.study, "catalogs/experiments/small.yaml": Self.experiment,
      "catalogs/fluxes/beam.yaml": Self.flux, "catalogs/fluxes/beam.csv": "0\n",
      "catalogs/oscillations/usual.yaml": Self.preset,
    ]
    for (name, text) in files {
      var text = text
      for change in changes where change.file == name {
        precondition(text.contains(change.old), "“\(change.old)” is not in \(name)")
        text = text.replacing(change.old, with: change.new, maxReplacements: 1)
      }
      try write(text, to: name)
    }
  }

  var path: String { folder + "/study.yaml" }

  func write(_ text: String, to name: String) throws {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// Reads it with the test plugins and its own catalog only.
  func load(_ overrides: [String] = []) throws -> StudyConfiguration {
    try StudyConfiguration.load(
      path, overrides: overrides, registry: try ConfigurationPlugins.registry(),
      catalog: Catalog(folders: [folder + "/catalogs"]))
  }

  /// The first error of reading it with a change; nil when there is none.
  func load(refusing change: String) throws -> NuTuneError? {
    var problems = NuTuneErrors()
    problems.attempt { _ = try load([change]) }
    return problems.errors.first
  }

  /// Reads and checks it; the errors, with the folder's name left out.
  func errors(_ overrides: [String] = []) throws -> [NuTuneError] {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try load(overrides).check(try ConfigurationPlugins.registry())
      return []
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      return problems.errors.map { error in
        var error = error
        error.location?.file.replace(folder + "/", with: "")
        return error
      }
    }
  }
}
