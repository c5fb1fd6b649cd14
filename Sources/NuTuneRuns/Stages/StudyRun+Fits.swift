import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults
import NuTuneStatistics

extension StudyRun {
  /// Whether the study fits oscillation parameters, to data of a far detector.
  func fitsOscillation(_ analysis: Analysis) -> Bool {
    !study.oscillation.fit.isEmpty && analysis.folded.far.contains { $0.dataset.roles.contains(.fit) }
  }

  /// Predicts with one model, fits, and compares it with the truth.
  func compare(
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

  func fit(
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
