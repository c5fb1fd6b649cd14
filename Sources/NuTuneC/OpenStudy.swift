import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import Synchronization

/// A study that is folded, with its near and far data; what `nutune run` has before it trains.
final class OpenStudy: Sendable {
  let context: CatalogContext
  let study: StudyConfiguration
  let assembly: StudyAssembly
  let analysis: Analysis
  let nearData: [SampleData]
  let farData: [SampleData]
  private let trained = Mutex<[String: Trained]>([:])

  /// A model that the study has trained.
  struct Trained: Sendable {
    var model: any CrossSectionModel
    var record: TuningRecord
  }

  init(_ study: StudyConfiguration, in context: CatalogContext, threads: Int) throws {
    self.context = context
    self.study = study
    assembly = try study.assemble(context.registry)
    analysis = try study.analysis(assembly, threads: threads)
    nearData = try analysis.nearData(of: analysis.truth)
    farData = analysis.folded.far.isEmpty ? [] : try analysis.farData(of: analysis.truth)
  }

  /// Trains a model of the study and keeps it.
  func train(_ label: String, _ listener: ProgressListener) throws -> (CrossSection, TuningRecord) {
    let index = try self.index(of: label)
    guard let tunable = assembly.models[index] as? any TunableModel else {
      throw NuTuneError(
        .usage, key: study.models[index].path, found: "a model that does not learn", expected: "a model that does")
    }
    let result = try tuned(index, tunable, in: analysis.folded, "train-\(label)", listener)
    trained.withLock { $0[label] = result }
    return (CrossSection(name: label, plugin: study.models[index].name, model: result.model), result.record)
  }

  /// Trains a model as `nutune run` does, and takes it from its saved state as that does.
  private func tuned(
    _ index: Int, _ tunable: any TunableModel, in folded: ForwardModel, _ stage: String, _ listener: ProgressListener
  ) throws -> Trained {
    let selection = study.models[index]
    let problem = try analysis.tuningProblem(
      for: selection.label, on: nearData, in: folded, checkpoint: listener,
      progress: { listener.tell(stage, $0) })
    do {
      let result = try tunable.tunedRenewing(on: problem)
      try listener.check()
      return Trained(model: try tunable.restored(from: result.state), record: result.record)
    } catch let error as NuTuneError {
      throw error.located(at: selection.location, key: selection.path)
    }
  }

  /// A cross section as a fit uses it: the truth, a model of the study, or one that was trained before.
  func prepared(_ name: String, _ listener: ProgressListener) throws -> TunedModel {
    if name == StudyConfiguration.truthLabel { return try analysis.preparedTruth(on: nearData) }
    let isOwn = study.models.contains { $0.label == name }
    if !isOwn, TrainedModelFiles.isNamed(name, in: context.catalog) {
      let selection = try PluginSelection.trained(name, registry: context.registry, catalog: context.catalog)
      let model: any CrossSectionModel = try selection.make(context.registry)
      return try analysis.prepared(model, nil, on: nearData, in: analysis.folded)
    }
    let index = try index(of: name)
    guard let tunable = assembly.models[index] as? any TunableModel else {
      return try analysis.prepared(assembly.models[index], nil, on: nearData, in: analysis.folded)
    }
    guard let known = trained.withLock({ $0[name] }) else {
      throw NuTuneError(
        .usage, key: study.models[index].path, found: "a model that is not trained yet",
        expected: "a training of “\(name)” first, or a model that a run trained, RUN#\(name)")
    }
    return try analysis.prepared(known.model, known.record, on: nearData, in: analysis.folded) { folded, component in
      try self.tuned(index, tunable, in: folded, "train-\(name)+flux_\(component)", listener).model
    }
  }

  private func index(of label: String) throws -> Int {
    let labels = study.models.map(\.label)
    guard let index = labels.firstIndex(of: label) else {
      throw NuTuneError(
        .usage, key: "models", found: "the unknown model “\(label)”",
        expected: "one of \((labels + [StudyConfiguration.truthLabel]).joined(separator: ", ")), or RUN#LABEL",
        suggestion: Suggestion.nearest(to: label, among: labels))
    }
    return index
  }
}
