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
      ([NuTuneVersion.build] + study.inputs(Self.sections)).joined(separator: "\u{0}").utf8)
    try takeFolder(digest)
    report(.began(stage: "fold"))
    var single = try FoldedStudy(study, assembly, threads: threads)
    single.threads = 1
    let folded = single
    let shared = try SharedModels(study: study, assembly: assembly, folded: folded, threads: threads)

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
        outcomes: try outcomes(index, assembly: assembly, folded: folded, shared: shared))
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

  /// Paths of the study values that are inputs of experiments.
  private static let sections =
    StudyConfiguration.experimentPaths + [
      "truth", "models", "oscillation", "near", "far", "fold", "fit.marginalize",
      "fit.nuisance", "seed", "systematics.flux", "systematics.ensemble.vary",
    ]

  /// Throws for a folder with experiments of another study, or with another kind of run.
  private func takeFolder(_ digest: String) throws {
    if let known = FileManager.default.contents(atPath: folder.file(Self.mark)) {
      guard String(decoding: known, as: UTF8.self) == digest else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: folder.path),
          found: "experiments of another study, of other values or inputs, or of another build",
          expected: "a folder of its own (--out), or none left of those experiments")
      }
    } else if ["study.json", EnsembleFolder.planFile].contains(where: {
      FileManager.default.fileExists(atPath: folder.file($0))
    }) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder.path), found: "a run of a study, or an ensemble",
        expected: "a folder of its own (--out)")
    } else {
      try AtomicFile.write(Array(digest.utf8), to: folder.file(Self.mark))
    }
    try folder.write(study.effective, to: "study.json")
  }

  /// Returns the fits of one experiment with the truth and every model.
  private func outcomes(_ index: Int, assembly: StudyAssembly, folded: FoldedStudy, shared: SharedModels) throws
    -> [String: CoverageExperiment.Outcome?]
  {
    let seed = UInt64(study.dataSeed)
    var makes = shared.truth
    if let covariance = shared.covariance {
      // The true flux of an experiment is unknown: data come from a throw, models use the nominal one.
      let stream = try RandomStream(seed: seed, purpose: "coverage.flux", member: index + 1)
      makes = shared.truth.under(try folded.varied(by: covariance.thrown(stream), operators: false))
    }
    let far = try DataSimulation(events: study.farEvents, method: .poisson, seed: seed, member: index + 1).data(
      of: folded.far, rates: try makes.farRates(assembly.oscillation), purpose: "far")
    var outcomes: [String: CoverageExperiment.Outcome?] = [:]
    outcomes["truth"] = try outcome(shared.truth, nil, shared.truthNuisances, far, assembly)
    for (selection, model) in zip(study.models, assembly.models) {
      let label = selection.label
      do {
        let fitted =
          try shared.fixed[label]
          ?? tuned(
            shared.starts[label] ?? model, labeled: label, index, assembly, folded: folded, truth: makes)
        outcomes[label] = try outcome(fitted.responses, fitted.open, fitted.nuisances, far, assembly)
        if fitted.open != nil {
          outcomes["\(label).frozen"] = try outcome(fitted.responses, nil, fitted.nuisances, far, assembly)
        }
      } catch let error where error.isRuntimeFailure {
        outcomes[label] = .some(nil)
      }
    }
    return outcomes
  }

  /// Returns a model tuned on near data of one experiment.
  private func tuned(
    _ model: any CrossSectionModel, labeled label: String, _ index: Int, _ assembly: StudyAssembly, folded: FoldedStudy,
    truth: ModelResponses
  ) throws -> FittedModel {
    // Asimov data would be the same in every experiment.
    let method = study.nearSampling == .asimov ? SamplingMethod.poisson : study.nearSampling
    let near = try DataSimulation(
      events: study.nearEvents, method: method, seed: UInt64(study.dataSeed), member: index + 1
    ).data(of: folded.near, rates: truth.nearRates(), purpose: "near")
    let networkSeed =
      study.variedSources.contains(.network)
      ? try RandomStream(seed: UInt64(study.networkSeed), purpose: "ensemble.network", member: index + 1).next() : nil
    return try FittedModel(
      model, labeled: label, on: near, study, assembly, folded, seed: networkSeed, requiresConvergence: true)
  }

  private func outcome(
    _ responses: ModelResponses, _ open: OpenDirections?, _ nuisances: NuisanceParameters?, _ data: [SampleData],
    _ assembly: StudyAssembly
  ) throws -> CoverageExperiment.Outcome? {
    let fit = OscillationFit(
      names: study.oscillation.fit, oscillation: assembly.oscillation, responses: responses, open: open,
      counts: data.map(\.contents), scanPoints: 0, nuisances: nuisances)
    do {
      let test = try fit.test(truth: try study.oscillation.fit.map { try assembly.oscillation.value(of: $0) })
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
    let truth: ModelResponses
    let truthNuisances: NuisanceParameters?
    /// Covariance from which the fluxes of experiments are thrown; nil when they are all nominal.
    let covariance: FluxCovariance?
    var fixed: [String: FittedModel] = [:]
    /// Gaussian models tuned on the expected data of the experiments: their search for the most probable weights
    /// continues from there and ends at the same weights, sooner.
    var starts: [String: any CrossSectionModel] = [:]

    init(study: StudyConfiguration, assembly: StudyAssembly, folded: FoldedStudy, threads: Int) throws {
      truth = try ModelResponses(of: assembly.truth, in: folded)
      truthNuisances = try study.nuisances(of: assembly.truth, truth, assembly, retuned: nil)
      let varied = study.variedSources
      covariance = varied.contains(.flux) ? try study.scaledFluxCovariance : nil
      let isSame = study.nearEvents == nil && covariance == nil && !varied.contains(.network)
      for (selection, model) in zip(study.models, assembly.models) where isSame || !(model is any TunableModel) {
        let near = try DataSimulation(events: nil, method: .asimov, seed: UInt64(study.dataSeed)).data(
          of: folded.near, rates: truth.nearRates(), purpose: "near")
        var many = folded
        many.threads = threads
        fixed[selection.label] = try FittedModel(
          model, labeled: selection.label, on: near, study, assembly, many, seed: nil
        ).under(folded)
      }
      for (selection, model) in zip(study.models, assembly.models)
      where fixed[selection.label] == nil && model is any GaussianModel {
        guard let tunable = model as? any TunableModel else { continue }
        let near = try DataSimulation(events: study.nearEvents, method: .asimov, seed: UInt64(study.dataSeed)).data(
          of: folded.near, rates: truth.nearRates(), purpose: "near")
        let problem = try study.tuningProblem(folded, near, for: selection.label, threads: threads)
        starts[selection.label] = try tunable.tuned(on: problem).model
      }
    }
  }
}
