import NuTuneAnalysis
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneFolding
import NuTuneStatistics
import NuTuneNumerics
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
  let report: @Sendable (RunEvent) -> Void

  /// A run of a study in a folder.
  ///
  /// - Parameters:
  ///   - threads: number of threads; the results do not depend on it.
  ///   - resume: whether finished stages with the same inputs are reused.
  package init(
    _ study: StudyConfiguration, registry: Registry, folder: RunFolder, threads: Int, resume: Bool,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.study = study
    self.registry = registry
    self.folder = folder
    self.threads = threads
    self.resume = resume
    self.report = report
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
    let results = StudyResults(
      study: study.effective,
      provenance: Provenance.now(
        seeds: study.seeds, started: started, seconds: state.seconds, plugins: study.effective.plugins),
      truth: TruthResults(nearFarTv: try comparison.nearFarDistance(), oscillation: truthFit?.results),
      models: drawing.models,
      failures: state.failures.isEmpty ? nil : state.failures,
      interpolation: state.interpolation.estimates.isEmpty ? nil : state.interpolation.estimates,
      warnings: state.warnings.isEmpty ? nil : state.warnings, folding: analysis.folded.foldingResults)
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
  private struct State {
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
  private struct Drawing {
    var models: [String: ModelResults] = [:]
    var predictions: Predictions
    var structureFunctions: StructureFunctionComparison?

    init(_ comparison: ModelComparison) throws {
      predictions = try comparison.predictions()
      structureFunctions = try StructureFunctionComparison(comparison)
    }
  }

  /// A model after its tuning.
  private struct Tuned {
    var selection: PluginSelection
    var model: any CrossSectionModel
    var record: TuningRecord?
  }

  /// Refuses a folder that belongs to something else.
  private func takeFolder() throws {
    func refuse(_ found: String, expected: String = "a folder of its own (--out)") -> NuTuneError {
      NuTuneError(.cannotWrite, at: SourceLocation(file: folder.path), found: found, expected: expected)
    }
    if let earlier = try? folder.read(EffectiveStudy.self, from: "study.json"), earlier.name != study.name {
      throw refuse("the run of another study, “\(earlier.name)”")
    }
    switch folder.kind {
    case .coverage: throw refuse("experiments of nutune coverage")
    case .ensemble: throw refuse("an ensemble")
    case .foreign(let file):
      throw refuse(
        "files that are not of a run, \(file) among them", expected: "a new folder, or one of an earlier run (--out)")
    case .run, .new: break
    }
    if !resume, FileManager.default.fileExists(atPath: folder.file("results.json")) {
      report(.note("an earlier run in this folder is computed anew; --resume would reuse what has not changed"))
    }
  }

  /// Folds the datasets and the truth, and looks at what the fold leaves out.
  private func fold(_ assembly: StudyAssembly, _ state: inout State) throws -> Analysis {
    report(.began(stage: "fold"))
    let clock = ContinuousClock()
    let start = clock.now
    let analysis = try study.analysis(assembly, threads: threads)
    let folded = analysis.folded
    state.seconds["fold"] = (clock.now - start).seconds
    report(.ended(stage: "fold", seconds: state.seconds["fold"] ?? 0, reused: false))
    report(
      .note(
        "\(folded.cells.count) E_ν cells, \(folded.nodes.count) nodes, "
          + "\(folded.tables.reduce(0) { $0 + $1.tripleCount }) fold coefficients"))
    let cut = try CutRates(
      analysis, study.foldSettings, assembly.energies, models: (assembly.truth.map { [$0] } ?? []) + assembly.models)
    for note in cut.notes { report(.note(note)) }
    state.warnings = study.unusedValues.map(\.description) + cut.warnings
    if let warning = folded.accuracyWarning { state.warnings.append(warning) }
    if let truth = assembly.truth, let responses = analysis.truth {
      try state.interpolation.add(truth, label: StudyConfiguration.truthLabel, responses, assembly.oscillation)
    }
    return analysis
  }

  /// Whether the study fits oscillation parameters, to data of a far detector.
  private func fitsOscillation(_ analysis: Analysis) -> Bool {
    !study.oscillation.fit.isEmpty && analysis.folded.far.contains { $0.dataset.roles.contains(.fit) }
  }

  /// Tunes every model.
  private func tuneAll(
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

  /// Predicts with one model, fits, and compares it with the truth.
  private func compare(
    _ tuned: Tuned, _ comparison: ModelComparison, _ assembly: StudyAssembly, _ nearData: [SampleData],
    _ farData: [SampleData], _ truthFit: OscillationFit.Record?, _ drawing: inout Drawing, _ state: inout State
  ) throws {
    let (selection, model, analysis) = (tuned.selection, tuned.model, comparison.analysis)
    let label = selection.label
    var drawn = drawing
    let prepared = try self.prepared(
      selection, model, tuned.record, analysis, assembly, on: nearData, &state.seconds)
    try state.interpolation.add(model, label: label, prepared.responses, assembly.oscillation)
    let isFitted = fitsOscillation(analysis)
    let fit =
      isFitted ? try self.fit(selection, prepared, analysis, farData, reference: truthFit, &state.seconds) : nil
    let atMean =
      isFitted && prepared.modes != nil
      ? try self.fit(
        selection, prepared, treatment: .atPosteriorMean, analysis, farData, reference: truthFit, &state.seconds) : nil
    var results = try comparison.results(
      of: model, prepared.responses, record: tuned.record, seconds: state.seconds["tune-\(label)"] ?? 0,
      fit: fit?.results, label: label, into: &drawn.predictions)
    results.oscillationAtPosteriorMean = atMean?.results
    if prepared.modes != nil, let gaussian = model as? any GaussianModel {
      try comparison.addUncertainties(of: gaussian, prepared.responses, label: label, to: &drawn.predictions)
      if let fit { results.apply(try analysis.fit(prepared, farData).check(fit, of: gaussian)) }
    }
    if let truth = analysis.truth {
      results.structureFunctions = try drawn.structureFunctions?.add(
        model, label: label, prepared.responses, truth: truth)
    }
    drawn.models[label] = results
    drawing = drawn
  }

  /// Removes what belongs to no model of this study, results that will be written anew, and temporary files.
  private func sweep() {
    for stale in ["results.json", "predictions.json", "structure_functions.json", "report.html"] {
      try? FileManager.default.removeItem(atPath: folder.file(stale))
    }
    let components = 0..<study.fit.integer("nuisance.flux")
    let labels = study.models.map(\.label)
    let tuned = labels + labels.flatMap { label in components.map { Self.shiftedLabel(label, $0 + 1) } }
    guard resume else {
      for name in RunFolder.folders { AtomicFile.keepOnly([], in: folder.file(name)) }
      return
    }
    let stages =
      ["near-data", "far-data", "fit-\(StudyConfiguration.truthLabel)"]
      + tuned.map { "tune-\($0)" } + labels.flatMap { ["fit-\($0)", "fit-\(FitLabel.atPosteriorMean(of: $0))"] }
    let checkpoints = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("stages"))) ?? []
    let own = checkpoints.filter { name in
      name.hasSuffix(".checkpoint") && tuned.contains { name.hasPrefix("tune-\($0).") }
    }
    AtomicFile.keepOnly(stages.map { "\($0).json" } + own, in: folder.file("stages"))
    AtomicFile.keepOnly(tuned.flatMap { ["\($0).safetensors", "\($0).json"] }, in: folder.file("models"))
    let fits = [StudyConfiguration.truthLabel] + labels.flatMap { [$0, FitLabel.atPosteriorMean(of: $0)] }
    AtomicFile.keepOnly(fits.map { "\($0).json" }, in: folder.file("fits"))
    AtomicFile.keepOnly(["near.json", "far.json"], in: folder.file("data"))
  }

  /// Removes records and files of earlier runs that no stage of this one has made or taken.
  private func removeFiles(notOf stages: Set<String>) {
    func labels(_ prefix: String) -> [String] {
      stages.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
    AtomicFile.keepOnly(stages.map { "\($0).json" }, in: folder.file("stages"))
    AtomicFile.keepOnly(
      labels("tune-").flatMap { ["\($0).safetensors", "\($0).json"] }, in: folder.file("models"))
    AtomicFile.keepOnly(labels("fit-").map { "\($0).json" }, in: folder.file("fits"))
  }

  /// Runs a stage unless it is finished.
  private func stage(_ stage: Stage, _ seconds: inout [String: Double], _ body: () throws -> Void) throws {
    report(.began(stage: stage.name))
    let outcome = try stage.run(in: folder, reuse: resume, body)
    seconds[stage.name] = outcome.seconds
    if let changed = outcome.changed {
      report(.note("\(stage.name): \(folder.file(changed)) is not as it was left, so it was computed anew"))
    }
    report(.ended(stage: stage.name, seconds: outcome.seconds, reused: outcome.reused))
  }

  /// What a stage depends on: values of the study, and the neutrino energies that are folded, which every model of the study
  /// may narrow.
  private func inputs(_ which: StageInputs, _ analysis: Analysis) -> [String] {
    study.inputs(which) + ["energies=\(analysis.folded.energies)"]
  }

  private func nearData(_ analysis: Analysis, _ seconds: inout [String: Double]) throws -> [SampleData] {
    try stage(Stage(name: "near-data", inputs: inputs(.nearData, analysis), outputs: ["data/near.json"]), &seconds) {
      try folder.write(try analysis.nearData(of: analysis.truth), to: "data/near.json")
    }
    return try folder.read(SampleDataFile.self, from: "data/near.json").of(
      analysis.folded.near, path: folder.file("data/near.json"))
  }

  private func farData(_ analysis: Analysis, _ seconds: inout [String: Double]) throws -> [SampleData] {
    try stage(Stage(name: "far-data", inputs: inputs(.farData, analysis), outputs: ["data/far.json"]), &seconds) {
      try folder.write(try analysis.farData(of: analysis.truth), to: "data/far.json")
    }
    return try folder.read(SampleDataFile.self, from: "data/far.json").of(
      analysis.folded.far, path: folder.file("data/far.json"))
  }

  /// Tunes a model unless it is fixed.
  ///
  /// - Parameter component: tuned on a flux shifted along this component of its covariance (from 1); 0 for the nominal.
  private func tune(
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
    let stage = Stage(name: name, inputs: inputs, outputs: [files.weights, files.card])
    let checkpoint = StageCheckpoint(of: stage, in: folder)
    checkpoint.removeOthers()
    if !resume { checkpoint.remove() }
    try self.stage(stage, &seconds) {
      let report = report
      let problem = try analysis.tuningProblem(
        for: selection.label, on: data, in: folded, checkpoint: checkpoint,
        progress: { report(.progress(stage: name, $0)) })
      do {
        try folder.write(try tunable.tuned(on: problem), of: selection, label: label)
      } catch let error as NuTuneError {
        throw error.located(at: selection.location, key: selection.path)
      }
      checkpoint.remove()
    }
    let restored = try folder.readModel(label, untuned: tunable)
    return (restored.model, restored.record)
  }

  /// A tuned model ready for a fit, tuned again along every component of the flux where a fit profiles them.
  private func prepared(
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
  private static func shiftedLabel(_ label: String, _ component: Int) -> String { "\(label)+flux_\(component)" }

  private func fit(
    _ selection: PluginSelection, _ model: TunedModel, treatment: Analysis.Treatment = .marginal, _ analysis: Analysis,
    _ data: [SampleData], reference: OscillationFit.Record?, _ seconds: inout [String: Double]
  ) throws -> OscillationFit.Record {
    let label = treatment == .marginal ? selection.label : FitLabel.atPosteriorMean(of: selection.label)
    let output = "fits/\(label).json"
    var inputs = inputs(.fit(selection), analysis)
    // Near data fix the scale of a model where numbers are compared.
    let files =
      ["data/far.json", RunFolder.modelFiles(selection.label).weights]
      + (study.statistic == .poisson ? ["data/near.json"] : [])
    inputs += files.map { Digest.sha256(ofFile: folder.file($0)) ?? "" }
    if reference != nil {
      inputs.append(Digest.sha256(ofFile: folder.file("fits/\(StudyConfiguration.truthLabel).json")) ?? "")
    }
    inputs.append("marginal=\(treatment == .marginal && model.modes != nil)")
    for component in 0..<(model.nuisances == nil ? 0 : study.fit.integer("nuisance.flux")) {
      let weights = RunFolder.modelFiles(Self.shiftedLabel(selection.label, component + 1)).weights
      inputs.append(Digest.sha256(ofFile: folder.file(weights)) ?? "")
    }
    try stage(Stage(name: "fit-\(label)", inputs: inputs, outputs: [output]), &seconds) {
      do {
        try folder.write(
          try analysis.fit(model, data, treatment: treatment).record(against: reference), to: output)
      } catch let error where error is InferenceError || error is NumericsError {
        throw NuTuneError(
          .runtime, at: selection.location, key: selection.path, found: "\(error)",
          expected: "an oscillation fit that stays finite")
      }
    }
    let record = try folder.read(OscillationFit.Record.self, from: output)
    guard record.results.parameters == study.oscillation.fit else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder.file(output)), key: "results.parameters",
        found: "[\(record.results.parameters.joined(separator: ", "))]",
        expected: "[\(study.oscillation.fit.joined(separator: ", "))]")
    }
    return record
  }
}

extension Error {
  /// Whether it concerns numbers that came out wrong, not what a user gave or a file that could not be written.
  var isRuntimeFailure: Bool {
    switch self {
    case let error as NuTuneError: error.category == .runtime
    case is InferenceError, is NumericsError: true
    default: false
    }
  }
}
