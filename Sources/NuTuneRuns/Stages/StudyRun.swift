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
    if let earlier = try? folder.read(EffectiveStudy.self, from: "study.json") {
      guard earlier.name == study.name else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: folder.path), found: "the run of another study, “\(earlier.name)”",
          expected: "a folder of its own (--out)")
      }
    }
    if FileManager.default.fileExists(atPath: folder.file(CoverageRun.mark)) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder.path), found: "experiments of nutune coverage",
        expected: "a folder of its own (--out)")
    }
    if FileManager.default.fileExists(atPath: folder.file(EnsembleFolder.planFile)) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder.path), found: "an ensemble",
        expected: "a folder of its own (--out)")
    }
    if !FileManager.default.fileExists(atPath: folder.file("study.json")), let file = folder.foreignFile {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder.path), found: "files that are not of a run, \(file) among them",
        expected: "a new folder, or one of an earlier run (--out)")
    }
    if !resume, FileManager.default.fileExists(atPath: folder.file("results.json")) {
      report(.note("an earlier run in this folder is computed anew; --resume would reuse what has not changed"))
    }
    sweep()
    try folder.write(study.effective, to: "study.json")

    var seconds: [String: Double] = [:]
    report(.began(stage: "fold"))
    let clock = ContinuousClock()
    let start = clock.now
    let analysis = try study.analysis(assembly, threads: threads)
    let (folded, truth) = (analysis.folded, analysis.truth)
    seconds["fold"] = (clock.now - start).seconds
    report(.ended(stage: "fold", seconds: seconds["fold"] ?? 0, reused: false))
    report(
      .note(
        "\(folded.cells.count) E_ν cells, \(folded.nodes.count) nodes, "
          + "\(folded.tables.reduce(0) { $0 + $1.tripleCount }) fold coefficients"))

    let cut = try CutRates(
      analysis, study.foldSettings, assembly.energies, models: [assembly.truth] + assembly.models)
    for note in cut.notes { report(.note(note)) }
    var warnings = study.unusedValues.map(\.description) + cut.warnings
    if let warning = folded.accuracyWarning { warnings.append(warning) }
    var interpolation = InterpolationErrors()
    try interpolation.add(assembly.truth, label: study.truth.label, truth, assembly.oscillation)

    let nearData = try nearData(analysis, &seconds)
    var tuned: [(selection: PluginSelection, model: any CrossSectionModel, record: TuningRecord?)] = []
    var failures: [String: String] = [:]
    for (selection, model) in zip(study.models, assembly.models) {
      do {
        let (result, record) = try tune(selection, model, on: nearData, analysis, folded, &seconds)
        tuned.append((selection, result, record))
      } catch let error where error.isRuntimeFailure {
        // One model that diverges does not take the others' results with it.
        failures[selection.label] = "\(error)"
        report(.note("\(error)"))
      }
    }

    let farData = folded.far.isEmpty ? [] : try farData(analysis, &seconds)
    var truthFit: OscillationFit.Record?
    if !study.oscillation.fit.isEmpty, !folded.far.isEmpty {
      truthFit = try fit(study.truth, try analysis.preparedTruth(), analysis, farData, reference: nil, &seconds)
    }

    let comparison = ModelComparison(analysis, nearData: nearData, farData: farData)
    var models: [String: ModelResults] = [:]
    var predictions = try comparison.predictions()
    for energy in study.sliceEnergies where !predictions.slices.contains(where: { $0.energy == energy }) {
      warnings.append(
        "slices.energies: no lepton of a neutrino of \(ParameterValue.number(energy)) GeV reaches the bins of "
          + "\(folded.near[0].sample.name), so that slice is left out")
    }
    var structureFunctions = try StructureFunctionComparison(comparison)
    for (selection, model, record) in tuned {
      do {
        var drawn = predictions
        let prepared = try self.prepared(selection, model, record, analysis, assembly, on: nearData, &seconds)
        try interpolation.add(model, label: selection.label, prepared.responses, assembly.oscillation)
        let fit = try truthFit.map {
          try self.fit(selection, prepared, analysis, farData, reference: $0, &seconds)
        }
        let atMean = try truthFit.flatMap { reference in
          try prepared.modes.map { _ in
            try self.fit(
              selection, prepared, treatment: .atPosteriorMean, analysis, farData, reference: reference, &seconds)
          }
        }
        var results = try comparison.results(
          of: model, prepared.responses, record: record, seconds: seconds["tune-\(selection.label)"] ?? 0,
          fit: fit?.results, label: selection.label, into: &drawn)
        results.oscillationFrozen = atMean?.results
        if prepared.modes != nil, let gaussian = model as? any GaussianModel {
          try comparison.addUncertainties(of: gaussian, prepared.responses, label: selection.label, to: &drawn)
          if let fit { results.apply(try analysis.fit(prepared, farData).check(fit, of: gaussian)) }
        }
        results.structureFunctions = try structureFunctions?.add(
          model, label: selection.label, prepared.responses, truth: truth)
        (models[selection.label], predictions) = (results, drawn)
      } catch let error where error.isRuntimeFailure {
        failures[selection.label] = "\(error)"
        report(.note("\(error)"))
      }
    }

    for (sentence, isWarning) in interpolation.sentences {
      if isWarning { warnings.append(sentence) } else { report(.note(sentence)) }
    }
    let results = StudyResults(
      study: study.effective,
      provenance: Provenance.now(
        seeds: study.seeds, started: started, seconds: seconds, plugins: study.effective.plugins),
      truth: TruthResults(nearFarTv: try comparison.nearFarDistance(), oscillation: truthFit?.results), models: models,
      failures: failures.isEmpty ? nil : failures,
      interpolation: interpolation.estimates.isEmpty ? nil : interpolation.estimates,
      warnings: warnings.isEmpty ? nil : warnings, folding: folded.foldingResults)
    removeFiles(notOf: Set(seconds.keys))
    if let maps = structureFunctions?.maps { try folder.write(maps, to: "structure_functions.json") }
    try folder.write(predictions, to: "predictions.json")
    try folder.write(results, to: "results.json")
    return results
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
      ["near-data", "far-data", "fit-\(study.truth.label)"]
      + tuned.map { "tune-\($0)" } + labels.flatMap { ["fit-\($0)", "fit-\($0).frozen"] }
    let checkpoints = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("stages"))) ?? []
    let own = checkpoints.filter { name in
      name.hasSuffix(".checkpoint") && tuned.contains { name.hasPrefix("tune-\($0).") }
    }
    AtomicFile.keepOnly(stages.map { "\($0).json" } + own, in: folder.file("stages"))
    AtomicFile.keepOnly(tuned.flatMap { ["\($0).safetensors", "\($0).json"] }, in: folder.file("models"))
    let fits = [study.truth.label] + labels.flatMap { [$0, "\($0).frozen"] }
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
    guard untuned is any TunableModel else { return try analysis.prepared(model, record, in: analysis.folded) }
    var times: [String: Double] = [:]
    defer { seconds.merge(times) { $1 } }
    return try analysis.prepared(model, record, in: analysis.folded) { folded, component in
      try tune(selection, untuned, on: data, analysis, folded, component: component, &times).0
    }
  }

  /// Label of a model that was tuned along a component of the flux.
  private static func shiftedLabel(_ label: String, _ component: Int) -> String { "\(label)+flux_\(component)" }

  private func fit(
    _ selection: PluginSelection, _ model: TunedModel, treatment: Analysis.Treatment = .marginal, _ analysis: Analysis,
    _ data: [SampleData], reference: OscillationFit.Record?, _ seconds: inout [String: Double]
  ) throws -> OscillationFit.Record {
    let suffix = treatment == .marginal ? "" : ".frozen"
    let output = "fits/\(selection.label)\(suffix).json"
    var inputs = inputs(.fit(selection), analysis)
    let files = ["data/far.json", RunFolder.modelFiles(selection.label).weights]
    inputs += files.map { Digest.sha256(ofFile: folder.file($0)) ?? "" }
    if reference != nil { inputs.append(Digest.sha256(ofFile: folder.file("fits/\(study.truth.label).json")) ?? "") }
    inputs.append("marginal=\(treatment == .marginal && model.modes != nil)")
    for component in 0..<(model.nuisances == nil ? 0 : study.fit.integer("nuisance.flux")) {
      let weights = RunFolder.modelFiles(Self.shiftedLabel(selection.label, component + 1)).weights
      inputs.append(Digest.sha256(ofFile: folder.file(weights)) ?? "")
    }
    try stage(Stage(name: "fit-\(selection.label)\(suffix)", inputs: inputs, outputs: [output]), &seconds) {
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
