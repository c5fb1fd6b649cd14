import NuTuneCatalog
import NuTuneCore

/// The trained model of a member of an ensemble, which is kept for models made of the ensemble.
struct MemberModel {
  /// What it is, in the study.
  let selection: PluginSelection
  /// The tuned model.
  let result: TuningResult
  /// What it learned from.
  let origin: ModelOrigin
}
