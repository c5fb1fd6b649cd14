import NuTuneCatalog
import NuTuneCore
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// A finished run and the models of it that leave.
package struct ExportedRun: Sendable {
  /// Path of the run folder.
  let folder: String
  /// Results and distributions.
  package let finished: FinishedRun
  /// Labels of the models that leave, `truth` among them when it was named.
  package let labels: [String]
  /// Whether one model was named.
  let isOneModel: Bool
  private let registry: Registry
  private let catalog: Catalog

  /// Opens a run.
  ///
  /// - Throws: `NuTuneError` for a folder without results, and for a label that the run does not have.
  package init(_ reference: RunReference, registry: Registry, catalog: Catalog) throws {
    folder = reference.folder
    finished = try FinishedRun(folder: folder)
    (self.registry, self.catalog) = (registry, catalog)
    isOneModel = reference.label != nil
    guard let label = reference.label else {
      labels = finished.labels
      return
    }
    let known = SavedModel.labels(of: finished.results.study)
    guard known.contains(label) else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder), key: "model", found: "no model “\(label)”",
        expected: "one of \(known.joined(separator: ", "))", suggestion: Suggestion.nearest(to: label, among: known))
    }
    labels = [label]
  }

  /// The libraries of plugins that the run was made with.
  package static func plugins(of reference: RunReference) throws -> [PluginLibrary] {
    try FinishedRun(folder: reference.folder).results.study.plugins ?? []
  }

  /// The effective study.
  var study: EffectiveStudy { finished.results.study }

  /// Restores a model with everything an export needs to know of it.
  package func model(_ label: String, _ settings: ExportSettings) throws -> ExportedModel {
    let saved = try SavedModel(label, of: study, in: folder, registry: registry, catalog: catalog)
    let channels = try settings.channels ?? studyChannels()
    let target = try settings.target ?? studyTarget()
    try saved.model.check(channels.map { Reaction(species: $0, target: target) })
    return try ExportedModel(
      saved, run: study.name, channels: channels, target: target,
      scales: Dictionary(uniqueKeysWithValues: channels.map { ($0, scale(of: saved, $0)) }), settings: settings)
  }

  private func studyChannels() throws -> [NeutrinoSpecies] {
    guard case .texts(let names)? = study.values["channels"], !names.isEmpty else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder), key: "channels", found: "a study without channels",
        expected: "--channel numu")
    }
    return try names.map { try NeutrinoSpecies(named: $0, key: "channels") }
  }

  private func studyTarget() throws -> Target {
    guard case .text(let name)? = study.values["experiment.target"] else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder), key: "experiment.target", found: "a study without target",
        expected: "--target Ar40")
    }
    return try Target(named: name, key: "experiment.target")
  }

  /// What is known of the absolute scale of a model in a channel. A shape fixes none; the run records the factor that
  /// gives a model the true near rate.
  private func scale(of saved: SavedModel, _ species: NeutrinoSpecies) -> ExportScale {
    guard saved.isTuned else { return .absolute }
    let channel = finished.structureFunctions?.channels.first { $0.channel == species.rawValue }
    if let factor = channel?.scales[saved.label], factor.isFinite, factor > 0 { return .nearRate(factor) }
    return study.values["data.near"] == nil ? .arbitrary : .measured
  }
}
