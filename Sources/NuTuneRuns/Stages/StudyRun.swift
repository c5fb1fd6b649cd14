import NuTuneAnalysis
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The main job: simulate near-detector data, tune every model, predict, fit the oscillation, write the results.
///
///     near-data → tune-<label> … → far-data → fit-truth → fit-<label> … → results.json, predictions.json, structure_functions.json
///
/// Every stage is a pure function from hashed inputs to files written atomically, so a run that was killed at any
/// moment goes on where it was and ends with the same numbers.
package struct StudyRun: Sendable {
  let study: StudyConfiguration
  let registry: Registry
  let folder: RunFolder
  let threads: Int
  let resume: Bool
  let shared: SharedFold?
  let report: @Sendable (RunEvent) -> Void
  let check: @Sendable () throws -> Void

  /// A run of a study in a folder.
  ///
  /// - Parameters:
  ///   - study: the study.
  ///   - registry: where the plugins are.
  ///   - folder: the folder, locked for this run.
  ///   - threads: number of threads; the results do not depend on it.
  ///   - resume: whether finished stages with the same inputs are reused.
  ///   - shared: the fold of runs whose studies differ in `seed.data` alone; nil for a fold of its own.
  ///   - report: hears of stages and their progress.
  ///   - check: throws when the run shall end: it is asked when a stage begins and after a training has saved its
  ///     checkpoint, so that a resumed run goes on from there.
  package init(
    _ study: StudyConfiguration, registry: Registry, folder: RunFolder, threads: Int, resume: Bool,
    sharing shared: SharedFold? = nil, report: @escaping @Sendable (RunEvent) -> Void,
    check: @escaping @Sendable () throws -> Void = {}
  ) {
    self.study = study
    self.registry = registry
    self.folder = folder
    self.threads = threads
    self.resume = resume
    self.shared = shared
    self.report = report
    self.check = check
  }

  /// Runs all stages; the results are also in `results.json`, `predictions.json` and
  /// `structure_functions.json`.
  package func run() throws -> StudyResults {
    let started = ISO8601DateFormatter().string(from: Date())
    let assembly = try study.assemble(registry)
    try takeFolder()
    sweep()
    try folder.write(study.effective, to: "study.json")

    var state = State()
    let analysis = try fold(assembly, &state)
    let nearData = try nearData(analysis, &state.seconds)
    let tuned = try tuneAll(assembly, analysis, nearData, &state)
    let farData = analysis.folded.far.isEmpty ? [] : try farData(analysis, &state.seconds)
    let truthFit = try study.truth.flatMap { truth in
      fitsOscillation(analysis)
        ? try fit(truth, try analysis.preparedTruth(on: nearData), analysis, farData, reference: nil, &state.seconds)
        : nil
    }

    let comparison = ModelComparison(analysis, nearData: nearData, farData: farData)
    var drawing = try Drawing(comparison)
    for energy in study.sliceEnergies
    where analysis.truth != nil && !drawing.predictions.slices.contains(where: { $0.energy == energy }) {
      state.warnings.append(
        "slices.energies: no lepton of a neutrino of \(ParameterValue.number(energy)) GeV reaches the bins of "
          + "\(analysis.folded.near[0].sample.name), so that slice is left out")
    }
    for model in tuned {
      try state.attempt(model.selection.label, report) { state in
        try compare(model, comparison, assembly, nearData, farData, truthFit, &drawing, &state)
      }
    }
    for (sentence, isWarning) in state.interpolation.sentences {
      if isWarning { state.warnings.append(sentence) } else { report(.note(sentence)) }
    }
    var results = StudyResults(
      study: study.effective,
      provenance: Provenance.now(
        seeds: study.seeds, started: started, seconds: state.seconds, plugins: study.effective.plugins),
      truth: TruthResults(nearFarTv: try comparison.nearFarDistance(), oscillation: truthFit?.results),
      models: drawing.models,
      failures: state.failures.isEmpty ? nil : state.failures,
      interpolation: state.interpolation.estimates.isEmpty ? nil : state.interpolation.estimates,
      warnings: state.warnings.isEmpty ? nil : state.warnings, folding: analysis.folded.foldingResults)
    let tensions = try Tension.all(of: study.effective, drawing.models)
    results.tensions = tensions.isEmpty ? nil : tensions
    removeFiles(notOf: Set(state.seconds.keys))
    if let maps = drawing.structureFunctions?.maps { try folder.write(maps, to: "structure_functions.json") }
    try folder.write(drawing.predictions, to: "predictions.json")
    try folder.write(results, to: "results.json")
    return results
  }

  /// Folds, tunes and prepares every model without fitting, the truth first; finished stages are taken over.
  ///
  /// - Parameter exposure: the largest factor on the exposure at which far data are fitted. What near data left open of a
  ///   model is kept to where it stays invisible in that many far events.
  func prepareModels(upTo exposure: Double = 1) throws -> (
    analysis: Analysis, models: [(label: String, model: TunedModel)]
  ) {
    let assembly = try study.assemble(registry)
    try takeFolder()
    try folder.write(study.effective, to: "study.json")
    var state = State()
    let analysis = try fold(assembly, &state)
    let nearData = try nearData(analysis, &state.seconds)
    let tuned = try tuneAll(assembly, analysis, nearData, &state)
    if let failure = state.failures.sorted(by: { $0.key < $1.key }).first {
      throw NuTuneError(
        .runtime, key: "models.\(failure.key)", found: failure.value, expected: "a model that can be tuned")
    }
    var exposed = analysis
    exposed.options.far.number = analysis.options.far.number.map { $0 * max(exposure, 1) }
    let models = try tuned.map { tuned in
      (
        tuned.selection.label,
        try prepared(tuned.selection, tuned.model, tuned.record, exposed, assembly, on: nearData, &state.seconds)
      )
    }
    return (analysis, [(StudyConfiguration.truthLabel, try analysis.preparedTruth(on: nearData))] + models)
  }

  /// What a run gathers on its way.
  struct State {
    /// Seconds of every stage that was run or taken, by name.
    var seconds: [String: Double] = [:]
    var warnings: [String] = []
    /// Models that failed at run time, with the sentence that says why.
    var failures: [String: String] = [:]
    var interpolation = InterpolationErrors()

    /// Does something with one model; a runtime failure is kept, so that a model that diverges does not take the others'
    /// results with it.
    mutating func attempt(
      _ label: String, _ report: (RunEvent) -> Void, _ body: (inout State) throws -> Void
    ) throws {
      do {
        try body(&self)
      } catch let error where error.isRuntimeFailure {
        failures[label] = "\(error)"
        report(.note("\(error)"))
      }
    }
  }

  /// The results and distributions of the models so far.
  struct Drawing {
    var models: [String: ModelResults] = [:]
    var predictions: Predictions
    var structureFunctions: StructureFunctionComparison?

    init(_ comparison: ModelComparison) throws {
      predictions = try comparison.predictions()
      structureFunctions = try StructureFunctionComparison(comparison)
    }
  }

  /// A model after its tuning.
  struct Tuned {
    var selection: PluginSelection
    var model: any CrossSectionModel
    var record: TuningRecord?
  }

  /// Runs a stage unless it is finished.
  func stage(_ stage: Stage, _ seconds: inout [String: Double], _ body: () throws -> Void) throws {
    report(.began(stage: stage.name))
    try check()
    let outcome = try stage.run(in: folder, reuse: resume, body)
    seconds[stage.name] = outcome.seconds
    if let changed = outcome.changed {
      report(.note("\(stage.name): \(folder.file(changed)) is not as it was left, so it was computed anew"))
    }
    report(.ended(stage: stage.name, seconds: outcome.seconds, reused: outcome.reused))
  }

  /// What a stage depends on: values of the study, and the neutrino energies that are folded, which every model of the study
  /// may narrow.
  func inputs(_ which: StageInputs, _ analysis: Analysis) -> [String] {
    study.inputs(which) + ["energies=\(analysis.folded.energies)"]
  }
}
