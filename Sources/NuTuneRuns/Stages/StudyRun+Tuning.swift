import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension StudyRun {
  /// Tunes every model.
  func tuneAll(
    _ assembly: StudyAssembly, _ analysis: Analysis, _ data: [SampleData], _ state: inout State
  ) throws -> [Tuned] {
    var tuned: [Tuned] = []
    for (selection, model) in zip(study.models, assembly.models) {
      try state.attempt(selection.label, report) { state in
        let (result, record) = try tune(selection, model, on: data, analysis, analysis.folded, &state.seconds)
        tuned.append(Tuned(selection: selection, model: result, record: record))
      }
    }
    return tuned
  }

  /// Tunes a model unless it is fixed.
  ///
  /// - Parameter component: tuned on a flux shifted along this component of its covariance (from 1); 0 for the nominal.
  func tune(
    _ selection: PluginSelection, _ model: any CrossSectionModel, on data: [SampleData], _ analysis: Analysis,
    _ folded: ForwardModel, component: Int = 0, _ seconds: inout [String: Double]
  ) throws -> (any CrossSectionModel, TuningRecord?) {
    guard let tunable = model as? any TunableModel else { return (model, nil) }
    let label = component == 0 ? selection.label : Self.shiftedLabel(selection.label, component)
    let name = "tune-\(label)"
    let files = RunFolder.modelFiles(label)
    var inputs =
      inputs(.tuning(selection, component: component), analysis)
      + [Digest.sha256(ofFile: folder.file("data/near.json")) ?? "", "component=\(component)"]
    if component > 0 {
      // Components are ranked by what they do to the rates of the model tuned on the nominal flux.
      inputs.append(Digest.sha256(ofFile: folder.file(RunFolder.modelFiles(selection.label).weights)) ?? "")
    }
    // Near data in shapes do not know the scale of the truth, which the card tells beside them.
    inputs.append("unit=\(try analysis.nearUnit())")
    let stage = Stage(name: name, inputs: inputs, outputs: [files.weights, files.card])
    let checkpoint = StageCheckpoint(of: stage, in: folder, check: check)
    checkpoint.removeOthers()
    if !resume { checkpoint.remove() }
    try self.stage(stage, &seconds) {
      let report = report
      let problem = try analysis.tuningProblem(
        for: selection.label, on: data, in: folded, checkpoint: checkpoint,
        progress: { report(.progress(stage: name, $0)) })
      do {
        let result = try tunable.tunedRenewing(on: problem)
        let origin =
          component == 0
          ? try analysis.origin(
            of: result, selection, on: data, study: study, seed: study.networkSeed(of: selection.label),
            dataDigest: Digest.sha256(ofFile: folder.file("data/near.json")) ?? "") : nil
        try folder.write(result, of: selection, label: label, origin: origin)
      } catch let error as NuTuneError {
        throw error.located(at: selection.location, key: selection.path)
      }
      checkpoint.remove()
    }
    let restored = try folder.readModel(label, untuned: tunable)
    return (restored.model, restored.record)
  }

  /// A tuned model ready for a fit, tuned again along every component of the flux where a fit profiles them.
  func prepared(
    _ selection: PluginSelection, _ model: any CrossSectionModel, _ record: TuningRecord?, _ analysis: Analysis,
    _ assembly: StudyAssembly, on data: [SampleData], _ seconds: inout [String: Double]
  ) throws -> TunedModel {
    let index = study.models.firstIndex { $0.label == selection.label } ?? 0
    let untuned = assembly.models[index]
    guard untuned is any TunableModel else {
      return try analysis.prepared(model, record, on: data, in: analysis.folded)
    }
    var times: [String: Double] = [:]
    defer { seconds.merge(times) { $1 } }
    return try analysis.prepared(model, record, on: data, in: analysis.folded) { folded, component in
      try tune(selection, untuned, on: data, analysis, folded, component: component, &times).0
    }
  }

  /// Label of a model that was tuned along a component of the flux.
  static func shiftedLabel(_ label: String, _ component: Int) -> String { "\(label)+flux_\(component)" }
}
