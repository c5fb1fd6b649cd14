import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// What a stage depends on: every value of the effective study but the few that are named here. A value that is new or
/// forgotten makes a stage run again for nothing, never a stale result; `Tests/Resume` changes every value in turn and
/// compares a resumed run with one from the start.
struct StageInputs {
  /// Dotted paths that do not matter, with everything below them.
  var ignored: [String]
  /// Paths below these matter all the same.
  var kept: [String] = []

  /// Words for people, what is only shown, and how an ensemble is run.
  private static let presentation = [
    "name", "title", "slices", "far.exposure", "systematics.slurm", "systematics.ensemble", "systematics.statistics",
    "likelihood.pseudo_experiments",
  ]

  /// Near-detector data. What models make of them does not matter; the neutrino energies that models serve do, and are an
  /// input of their own.
  ///
  /// - Parameter source: the model that makes measured values (`likelihood.pseudo_data`); nil for none.
  static func nearData(madeBy source: PluginSelection?) -> StageInputs {
    StageInputs(
      ignored: presentation + [
        "models", "fit", "oscillation.fit", "far.events", "far.sample", "near.nuisance", "seed.network",
        "seed.study",
      ], kept: source.map { [$0.path] } ?? [])
  }
  /// Far-detector data.
  static let farData = StageInputs(
    ignored: presentation + [
      "models", "fit", "oscillation.fit", "near.events", "near.sample", "near.precision", "near.nuisance",
      "near.lepton_sign", "seed.network", "seed.study",
    ])

  /// The tuning of a model on near data whose digest is an input of its own.
  ///
  /// - Parameter component: of the flux covariance, from 1; 0 for the nominal flux.
  static func tuning(_ model: PluginSelection, component: Int) -> StageInputs {
    StageInputs(
      ignored: presentation + [
        "truth", "models", "fit", "oscillation.fit", "far.events", "far.sample", "seed.data", "seed.study",
      ], kept: [model.path] + (component > 0 ? ["fit.nuisance"] : []))
  }

  /// The fit with a model whose weights are, like the far data and the fit with the truth, an input of its own.
  static func fit(_ model: PluginSelection) -> StageInputs {
    StageInputs(
      ignored: presentation + [
        "truth", "models", "near.events", "near.sample", "near.precision", "seed.network", "seed.study",
      ], kept: [model.path])
  }

  /// Members of an ensemble; more of them can be added.
  static let ensemble = StageInputs(
    ignored: presentation + [
      "fit.scan_points", "fit.feldman_cousins", "fit.hypotheses", "fit.planes", "near.precision", "seed.study",
    ],
    kept: [
      "systematics.statistics", "systematics.ensemble.model", "systematics.ensemble.architectures",
      "systematics.ensemble.scan_points", "systematics.ensemble.vary",
    ])
  /// Pseudo-experiments of a coverage; more of them can be added.
  static let coverage = StageInputs(
    ignored: presentation + [
      "fit.scan_points", "fit.feldman_cousins", "fit.hypotheses", "fit.planes", "near.precision", "far.sample",
      "seed.study",
    ], kept: ["systematics.ensemble.vary"])

  /// Whether a value at a dotted path matters.
  func matters(_ path: String) -> Bool {
    func isBelow(_ paths: [String]) -> Bool { paths.contains { path == $0 || path.hasPrefix($0 + ".") } }
    return isBelow(kept) || !isBelow(ignored)
  }
}

extension StudyConfiguration {
  /// The values of the effective study that matter as text, in a fixed order, with the digests of the files named there and
  /// of the libraries that plugins there were loaded from.
  func inputs(_ which: StageInputs) -> [String] {
    let values = effective.values.filter { which.matters($0.key) }
    var inputs = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.exact)" }
    for selection in selections where which.matters(selection.path) {
      if let library = selection.library { inputs.append("\(selection.path).model#\(library.sha256)") }
      for declaration in selection.parameters.schema.declarations where declaration.domain == .text {
        guard let path = selection.configuration.path(named: declaration.name) else { continue }
        if let digest = Digest.sha256(ofFile: path) { inputs.append("\(selection.path).\(declaration.name)#\(digest)") }
      }
    }
    for file in measurements.flatMap(\.files) { inputs.append("data#\(Digest.sha256(ofFile: file) ?? "")") }
    return inputs + (fluxCovariance?.files ?? []).map { "systematics.flux#\(Digest.sha256(ofFile: $0) ?? "")" }
  }

  /// Every plugin the study chooses, those that others are made of among them.
  private var selections: [PluginSelection] {
    let detectors = nearDetectors + detectors(at: .far)
    let chosen =
      (truth.map { [$0] } ?? []) + [oscillation.selection] + models + detectors.map(\.detector)
      + detectors.compactMap(\.trueDetector) + farSamples.compactMap(\.detector)
      + detectors.flatMap { $0.fluxes.map(\.selection) }
    return chosen.flatMap(\.withComponents)
  }

  /// Seeds by purpose.
  var seeds: [String: Int] {
    ["study": seed.integer("study"), "network": networkSeed, "data": dataSeed]
  }
}

extension ParameterValue {
  /// Text from which the value can be read back bit for bit.
  fileprivate var exact: String {
    switch self {
    case .number(let value): "\(value)"
    case .numbers(let values): "\(values)"
    default: description
    }
  }
}
