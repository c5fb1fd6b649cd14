import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneFolding
import NuTuneStatistics
import NuTuneNumerics
import NuTuneResults

/// Shared context of the members of an ensemble in one process: operators, the truth, the flux covariance.
struct EnsembleWorkshop: Sendable {
  let study: StudyConfiguration
  let assembly: StudyAssembly
  /// The analysis for one thread: members run side by side.
  package let analysis: Analysis
  let covariance: FluxCovariance?

  /// Folds the study.
  init(_ study: StudyConfiguration, _ assembly: StudyAssembly, threads: Int) throws {
    self.study = study
    self.assembly = assembly
    var analysis = try study.analysis(assembly, threads: threads).onThreads(1)
    analysis.options.feldmanCousins = nil
    self.analysis = analysis
    covariance = try study.scaledFluxCovariance
  }

  /// Returns the data of the study and the fit with the truth, on axes with margins for systematic shifts.
  func reference(digest: String, threads: Int) throws -> EnsembleReference {
    let truth = try analysis.closureTruth()
    let (near, far) = (try analysis.nearData(of: truth), try analysis.farData(of: truth))
    let many = analysis.onThreads(threads)
    let fit = try many.fit(try analysis.preparedTruth(on: near).under(many.folded), far, scan: scan)
    let names = analysis.options.fitted
    return EnsembleReference(
      digest: digest, model: study.ensembleLabel, parameters: names,
      trueValues: try names.map { try assembly.oscillation.value(of: $0) }, fit: try fit.record(against: nil),
      near: near, far: far, farBinnings: analysis.folded.far.map(\.sample.binning))
  }

  /// Computes one member, with its trained model where that is kept.
  func member(_ task: EnsembleTask, _ set: EnsemblePlan.MemberSet, _ reference: EnsembleReference) throws
    -> (result: EnsembleMember, model: MemberModel?)
  {
    let truth = try analysis.closureTruth()
    let label = architecture(task, set)
    var member = EnsembleMember(digest: reference.digest, set: task.set, member: task.member, label: label)
    let place = set.vary.contains(.flux) ? study.fluxVariationPlace : nil
    let makes =
      try place == .data || place == .both
      ? truth.under(analysis.folded.varied(by: thrown("flux.data", task), operators: false)) : nil
    let models =
      try place == .model || place == .both ? analysis.folded.varied(by: thrown("flux", task)) : analysis.folded

    var (near, far) = (reference.near, reference.far)
    if let makes {
      near = try analysis.nearData(of: makes)
      far = try analysis.farData(of: makes)
    }
    if set.vary.contains(.statistics) {
      near = try redrawn(near, from: makes ?? truth, task)
    }
    var model: MemberModel?
    do {
      if place != nil {
        member.truth = try outcome(try analysis.preparedTruth(in: models, on: near), near: near, far: far, reference)
      }
      let index = study.models.firstIndex { $0.label == label } ?? 0
      let fitted = try analysis.tuned(
        assembly.models[index], label: label, on: near, in: models, seed: try networkSeed(task, set))
      member.training = fitted.record
      member.model = try outcome(fitted, near: near, far: far, reference)
      if task.keepsModel { model = try kept(fitted, index, on: near, in: models, seed: try networkSeed(task, set)) }
    } catch let error where error.isRuntimeFailure {
      member.failure = "\(error)"
    }
    return (member, model)
  }

  /// What is kept of the model of a member; nil for one whose mean with others is no model, or that does not learn.
  private func kept(
    _ fitted: TunedModel, _ index: Int, on near: [SampleData], in models: ForwardModel, seed: UInt64
  ) throws -> MemberModel? {
    guard let state = fitted.state, let record = fitted.record, fitted.model is any StructureFunctionModel else {
      return nil
    }
    var analysis = analysis
    analysis.folded = models
    let result = TuningResult(model: fitted.model, state: state, record: record)
    let origin = try analysis.origin(
      of: result, study.models[index], on: near, study: study, seed: Int(truncatingIfNeeded: seed),
      dataDigest: Digest.sha256(JSONFile.bytes(of: near)))
    return MemberModel(selection: study.models[index], result: result, origin: origin)
  }

  // MARK: what a member draws

  private func architecture(_ task: EnsembleTask, _ set: EnsemblePlan.MemberSet) -> String {
    guard set.vary.contains(.architecture) else { return study.ensembleLabel }
    return study.architectures[(task.member - 1) % study.architectures.count]
  }

  private func networkSeed(_ task: EnsembleTask, _ set: EnsemblePlan.MemberSet) throws -> UInt64 {
    let seed = UInt64(study.networkSeed)
    guard set.vary.contains(.network) else { return seed }
    return try RandomStream(seed: seed, purpose: "ensemble.network", member: task.member).next()
  }

  private func thrown(_ purpose: String, _ task: EnsembleTask) throws -> FluxVariation {
    guard let covariance else {
      throw NuTuneError(
        .internalError, key: "systematics.flux", found: "no covariance", expected: "one that a check asked for")
    }
    return covariance.thrown(
      try RandomStream(seed: UInt64(study.dataSeed), purpose: "ensemble.\(purpose)", member: task.member))
  }

  private func redrawn(_ data: [SampleData], from truth: ModelResponses, _ task: EnsembleTask) throws -> [SampleData] {
    switch study.statisticsMethod {
    case .redraw: return try analysis.nearData(of: truth, member: task.member)
    case .bootstrap:
      return try data.map { sample in
        let stream = try RandomStream(
          seed: UInt64(study.dataSeed), purpose: "ensemble.bootstrap.\(sample.name)", member: task.member)
        return try sample.bootstrapped(stream)
      }
    }
  }

  // MARK: fit

  private var scan: ScanSettings { .member(points: study.systematics.integer("ensemble.scan_points")) }

  private func outcome(_ model: TunedModel, near: [SampleData], far: [SampleData], _ reference: EnsembleReference)
    throws -> EnsembleMember.Outcome
  {
    let (names, responses) = (analysis.options.fitted, model.responses)
    let record = try analysis.fit(model, far, scan: scan).record(against: reference.fit)
    func pairs(_ intervals: [String: OscillationResults.Interval]?) -> [[Double]] {
      names.compactMap { name in intervals?[name].map { [$0.lower, $0.upper] } }
    }
    let farRates = try responses.farRates(analysis.oscillation)
    func distance(_ data: [SampleData], _ rates: [[Double]]) throws -> Double {
      let values = try zip(data, rates).map { try FiguresOfMerit.totalVariation($0.reference, $1) }
      return values.reduce(0, +) / Double(max(values.count, 1))
    }
    return EnsembleMember.Outcome(
      converged: record.results.converged, verdict: record.results.verdict,
      fit: names.map { record.results.nearestMinimum[$0] ?? 0 }, oneSigma: pairs(record.results.intervals),
      twoSigma: pairs(record.intervalsAtTwoSigma), scan: (record.scan ?? []).map { ($0 * 1e4).rounded() / 1e4 },
      far: farRates.map { rates in
        let total = rates.reduce(0, +)
        return rates.map { $0 / total }
      }, nearTv: try distance(near, responses.nearRates()), farTv: try distance(far, farRates))
  }
}

extension SampleData {
  /// Resamples the events (bootstrap): every bin by its own Poisson law with the observed number as mean.
  func bootstrapped(_ stream: RandomStream) throws -> SampleData {
    var sample = self
    sample.contents = try contents.map { Double(try stream.poisson(mean: $0)) }
    sample.events = sample.contents.reduce(0, +)
    return sample
  }
}
