import NuTuneAnalysis
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneStatistics
import NuTuneNumerics
import NuTuneResults

/// Pseudo-experiments of a study: near data (where their number is finite) and far data are drawn anew, every model is
/// tuned and fitted, and the intervals that contain the true oscillation parameters are counted.
///
/// Experiments are independent, have random streams of their own and are stored one by one in the folder, so a run that
/// was killed continues, and more experiments can be added.
package struct CoverageRun: Sendable {
  let study: StudyConfiguration
  let registry: Registry
  let folder: RunFolder
  let experiments: Int
  let threads: Int
  let report: @Sendable (RunEvent) -> Void

  /// Creates the pseudo-experiments of a study in a folder.
  package init(
    _ study: StudyConfiguration, registry: Registry, folder: RunFolder, experiments: Int, threads: Int,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.study = study
    self.registry = registry
    self.folder = folder
    self.experiments = experiments
    self.threads = threads
    self.report = report
  }

  /// Runs missing experiments and counts; the results are also in `coverage.json`.
  package func run() throws -> CoverageResults {
    let names = study.oscillation.fit
    guard !names.isEmpty else {
      throw NuTuneError(
        .badData, key: "oscillation.fit", found: "nothing to fit", expected: "at least one oscillation parameter")
    }
    guard study.farDetector != nil else {
      throw NuTuneError(
        .badData, key: "experiment", found: "no far detector", expected: "one, whose data are drawn and fitted")
    }
    for (key, events) in [("far.events", study.farEvents), ("near.events", study.nearEvents ?? 0)]
    where events > StudySections.largestDraw {
      throw NuTuneError(
        .badData, key: key, found: "\(ParameterValue.number(events)) events that every experiment draws",
        expected: "at most \(Int(StudySections.largestDraw))")
    }
    let assembly = try study.assemble(registry)
    let digest = Digest.sha256(
      ([NuTuneVersion.build] + study.inputs(.coverage)).joined(separator: "\u{0}").utf8)
    try takeFolder(digest)
    report(.began(stage: "fold"))
    let analysis = try study.analysis(assembly, threads: threads).onThreads(1)
    let folded = analysis.folded
    let shared = try SharedModels(study: study, assembly: assembly, analysis: analysis, threads: threads)

    report(.note("\(experiments) experiments, \(folded.nodes.count) nodes"))
    let progress = ExperimentProgress(total: experiments, report: report)
    let labels = Set(["truth"] + study.models.map(\.label))
    let finished = try Parallel.map(experiments, threads: threads) { index -> CoverageExperiment in
      if let known = known(index, digest: digest, labels: labels) {
        progress.finished(reused: true)
        return known
      }
      let experiment = CoverageExperiment(
        digest: digest, experiment: index,
        outcomes: try outcomes(index, assembly: assembly, analysis: analysis, shared: shared))
      try folder.writeSealed(experiment, to: Self.file(index))
      progress.finished(reused: false)
      return experiment
    }
    let results = try count(finished, names: names, assembly: assembly)
    try folder.write(results, to: "coverage.json")
    return results
  }

  private static func file(_ index: Int) -> String { "experiments/\(index).json" }

  /// Returns a finished experiment of this number, study and build; nil when there is none, with a note when the file
  /// holds anything else.
  private func known(_ index: Int, digest: String, labels: Set<String>) -> CoverageExperiment? {
    guard FileManager.default.fileExists(atPath: folder.file(Self.file(index))) else { return nil }
    do {
      let known = try folder.readSealed(CoverageExperiment.self, from: Self.file(index))
      guard known.digest == digest else { return nil }
      try known.check(as: index, labels: labels, parameters: study.oscillation.fit.count)
      return known
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      let problem = problems.errors[0].located(at: SourceLocation(file: folder.file(Self.file(index))))
      report(.note("\(problem); computed anew"))
      return nil
    }
  }

  /// File with the digest of the study, inputs and build of the experiments.
  static let mark = "study.digest"

  /// Refuses a folder with experiments of another study, or with something else.
  private func takeFolder(_ digest: String) throws {
    if let known = FileManager.default.contents(atPath: folder.file(Self.mark)) {
      guard String(decoding: known, as: UTF8.self) == digest else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: folder.path),
          found: "experiments of another study, of other values or inputs, or of another build",
          expected: "a folder of its own (--out), or none left of those experiments")
      }
    } else if [.run, .ensemble, .scan].contains(folder.kind) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder.path), found: "a run of a study, a scan, or an ensemble",
        expected: "a folder of its own (--out)")
    } else {
      try AtomicFile.write(Array(digest.utf8), to: folder.file(Self.mark))
    }
    try folder.write(study.effective, to: "study.json")
  }

  /// Fits of one experiment with the truth and every model.
  private func outcomes(_ index: Int, assembly: StudyAssembly, analysis: Analysis, shared: SharedModels) throws
    -> [String: CoverageExperiment.Outcome?]
  {
    var analysis = analysis
    analysis.options.priors = try analysis.thrownPriors(purpose: "coverage", member: index + 1)
    var makes = try analysis.closureTruth()
    if let covariance = shared.covariance {
      // Nobody knows the flux of an experiment: data come from a throw, models know the nominal one.
      let stream = try RandomStream(seed: UInt64(study.dataSeed), purpose: "coverage.flux", member: index + 1)
      makes = makes.under(try analysis.folded.varied(by: covariance.thrown(stream), operators: false))
    }
    let far = try analysis.farData(of: makes, member: index + 1, sampling: .poisson)
    let near = try analysis.nearData(of: makes, member: index + 1)
    var outcomes: [String: CoverageExperiment.Outcome?] = [:]
    outcomes["truth"] = try outcome(try analysis.scaled(shared.truth, on: near), far, analysis)
    for (selection, model) in zip(study.models, assembly.models) {
      let label = selection.label
      do {
        let fitted =
          try shared.fixed[label].map { try analysis.scaled($0, on: near) }
          ?? tuned(shared.starts[label] ?? model, labeled: label, index, analysis, near)
        outcomes[label] = try outcome(fitted, far, analysis)
        if fitted.modes != nil {
          outcomes[FitLabel.atPosteriorMean(of: label)] = try outcome(
            fitted, treatment: .atPosteriorMean, far, analysis)
        }
      } catch let error where error.isRuntimeFailure {
        outcomes[label] = .some(nil)
      }
    }
    return outcomes
  }

  /// Returns a model tuned on near data of one experiment.
  private func tuned(
    _ model: any CrossSectionModel, labeled label: String, _ index: Int, _ analysis: Analysis, _ near: [SampleData]
  ) throws -> TunedModel {
    let networkSeed =
      study.variedSources.contains(.network)
      ? try RandomStream(seed: UInt64(study.networkSeed), purpose: "ensemble.network", member: index + 1).next() : nil
    return try analysis.tuned(
      model, label: label, on: near, in: analysis.folded, seed: networkSeed, requiresConvergence: true)
  }

  private func outcome(
    _ model: TunedModel, treatment: Analysis.Treatment = .marginal, _ data: [SampleData], _ analysis: Analysis
  ) throws -> CoverageExperiment.Outcome? {
    let fit = try analysis.fit(model, data, treatment: treatment, scan: ScanSettings(points: 0))
    do {
      let test = try fit.test(truth: try analysis.options.fitted.map { try analysis.oscillation.value(of: $0) })
      return CoverageExperiment.Outcome(
        each: test.each, joint: test.joint, best: test.best, errors: test.errors, converged: test.isConverged)
    } catch let error where error.isRuntimeFailure {
      return nil
    }
  }

  private func count(_ experiments: [CoverageExperiment], names: [String], assembly: StudyAssembly) throws
    -> CoverageResults
  {
    let truth = try names.map { try assembly.oscillation.value(of: $0) }
    var models: [String: CoverageResults.Model] = [:]
    for label in Set(experiments.flatMap(\.outcomes.keys)) {
      let all = experiments.map { $0.outcomes[label] ?? nil }
      let good = all.compactMap { $0 }.filter(\.converged)
      func fractions(_ probability: Double) throws -> [String: CoverageResults.Fraction] {
        let single = try Contour.level(probability: probability, parameters: 1)
        var result: [String: CoverageResults.Fraction] = [:]
        for (index, name) in names.enumerated() {
          result[name] = CoverageResults.Fraction(
            inside: good.filter { $0.each[index] <= single }.count, of: good.count, probability: probability)
        }
        let joint = try Contour.level(probability: probability, parameters: names.count)
        result["joint"] = CoverageResults.Fraction(
          inside: good.filter { $0.joint <= joint }.count, of: good.count, probability: probability)
        return result
      }
      var (shift, spread) = ([String: Double](), [String: Double]())
      var (error, leastRatio) = ([String: Double](), [String: Double]())
      for (index, name) in names.enumerated() {
        let values = good.map { $0.best[index] }
        // Without a fit there is no shift, and one fit has no spread.
        if !values.isEmpty {
          let mean = values.reduce(0, +) / Double(values.count)
          shift[name] = mean - truth[index]
          if values.count > 1 {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            spread[name] = (squares / Double(values.count - 1)).squareRoot()
          }
        }
        let errors = good.compactMap { $0.errors[index] }
        if !errors.isEmpty { error[name] = errors.reduce(0, +) / Double(errors.count) }
        let ratios = experiments.compactMap { experiment -> Double? in
          guard let ours = experiment.outcomes[label] ?? nil, let truth = experiment.outcomes["truth"] ?? nil,
            ours.converged, truth.converged, let error = ours.errors[index], let least = truth.errors[index]
          else { return nil }
          return error / least
        }
        leastRatio[name] = ratios.min()
      }
      models[label] = CoverageResults.Model(
        experiments: good.count, failed: all.count - good.count, coverage68: try fractions(0.6827),
        coverage95: try fractions(0.9545), shift: shift, spread: spread,
        error: error, leastErrorRatio: leastRatio)
    }
    return CoverageResults(
      schema: CoverageResults.schemaName, study: study.effective, experiments: experiments.count, parameters: names,
      models: models)
  }

  /// Data shared by all experiments: the truth, and models that no experiment changes.
  private struct SharedModels: Sendable {
    let truth: TunedModel
    /// What the fluxes of experiments are drawn from; nil when they are all nominal.
    let covariance: FluxCovariance?
    var fixed: [String: TunedModel] = [:]
    /// Gaussian models tuned on the expected data of the experiments: their search for the most probable weights goes on
    /// from there and ends in the same place, sooner.
    var starts: [String: any CrossSectionModel] = [:]

    init(study: StudyConfiguration, assembly: StudyAssembly, analysis: Analysis, threads: Int) throws {
      truth = try analysis.preparedTruth()
      let varied = study.variedSources
      covariance = varied.contains(.flux) ? try study.scaledFluxCovariance : nil
      let isSame = study.nearEvents == nil && covariance == nil && !varied.contains(.network)
      func expected(_ events: Double?) throws -> [SampleData] {
        var analysis = analysis
        analysis.options.near = .init(events, .asimov)
        return try analysis.nearData(of: analysis.truth)
      }
      var many = analysis.folded
      many.threads = threads
      for (selection, model) in zip(study.models, assembly.models) where isSame || !(model is any TunableModel) {
        fixed[selection.label] = try analysis.tuned(
          model, label: selection.label, on: try expected(nil), in: many
        ).under(analysis.folded)
      }
      for (selection, model) in zip(study.models, assembly.models)
      where fixed[selection.label] == nil && model is any GaussianModel {
        guard let tunable = model as? any TunableModel else { continue }
        let problem = try analysis.tuningProblem(
          for: selection.label, on: try expected(study.nearEvents), in: many)
        starts[selection.label] = try tunable.tunedRenewing(on: problem).model
      }
    }
  }
}
