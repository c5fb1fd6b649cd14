import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// A model of a finished run as it stands in the run's folder: made from the effective study, and restored from its
/// weights if it was tuned.
package struct SavedModel: Sendable {
  /// Label in the study; `truth` for the model that made the data.
  package let label: String
  /// The model, ready to be evaluated.
  package let model: any CrossSectionModel
  /// Whether it learned from near data.
  package let isTuned: Bool

  /// Restores a model; nothing in the folder is locked or written.
  ///
  /// - Parameters:
  ///   - label: label of a model of the study, or `truth`.
  ///   - study: the effective study of the run.
  ///   - folder: the run folder.
  ///   - registry: where the plugins are.
  ///   - catalog: where the entries are from which priors started.
  /// - Throws: `NuTuneError` for an unknown label, missing or damaged weights.
  package init(
    _ label: String, of study: EffectiveStudy, in folder: String, registry: Registry, catalog: Catalog
  ) throws {
    let labels = Self.labels(of: study)
    guard labels.contains(label) else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder), key: "model", found: "no model “\(label)”",
        expected: "one of \(labels.joined(separator: ", "))", suggestion: Suggestion.nearest(to: label, among: labels))
    }
    let isTruth = label == StudyConfiguration.truthLabel && !study.models.contains(label)
    let selection = try PluginSelection(
      label: label, kind: .crossSection, effective: study.values, path: isTruth ? label : "models.\(label)",
      file: FilePath.join(folder, "results.json"), registry: registry, catalog: catalog)
    let untuned: any CrossSectionModel = try selection.make(registry)
    self.label = label
    if let tunable = untuned as? any TunableModel {
      (model, isTuned) = (try RunFolder.readModel(label, untuned: tunable, in: folder).model, true)
    } else {
      (model, isTuned) = (untuned, false)
    }
  }

  /// Labels of the models of a study, and `truth` where a model made the data.
  package static func labels(of study: EffectiveStudy) -> [String] {
    let truth = StudyConfiguration.truthLabel
    return study.models + (study.values["\(truth).model"] == nil ? [] : [truth])
  }

  /// Names of the files of a tuned model within the run folder.
  package static func files(_ label: String) -> (weights: String, card: String) { RunFolder.modelFiles(label) }
}
