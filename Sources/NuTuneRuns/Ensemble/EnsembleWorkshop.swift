import NuTuneCatalog
import NuTuneCore
import NuTuneFolding
import NuTuneStatistics
import NuTuneNumerics
import NuTuneResults

/// Shared context of the members of an ensemble in one process: operators, the truth, the flux covariance.
struct EnsembleWorkshop: Sendable {
  let study: StudyConfiguration
  let assembly: StudyAssembly
  /// Operators for one thread, since members run side by side.
  let folded: FoldedStudy
  let truth: ModelResponses
  let covariance: FluxCovariance?

  /// Folds the study.
  init(_ study: StudyConfiguration, _ assembly: StudyAssembly, threads: Int) throws {
    self.study = study
    self.assembly = assembly
    let wide = try FoldedStudy(study, assembly, threads: threads)
    let responses = try ModelResponses(of: assembly.truth, in: wide)
    var single = wide
    single.threads = 1
    folded = single
    truth = responses.under(single)
    covariance = try study.scaledFluxCovariance
  }

  /// Returns the data of the study and the fit with the truth, on axes with margins for systematic shifts.
  func reference(digest: String, threads: Int) throws -> EnsembleReference {
    let (near, far) = (try nearData(truth), try farData(truth))
    var many = folded
    many.threads = threads
    let fit = fit(truth.under(many), nil, far, nuisances: try truthNuisances(truth))
    let names = study.oscillation.fit
    return EnsembleReference(
      digest: digest, model: study.ensembleLabel, parameters: names,
      trueValues: try names.map { try assembly.oscillation.value(of: $0) }, fit: try fit.record(against: nil),
      near: near, far: far, farBinnings: folded.far.map(\.sample.binning))
  }

  /// Computes one member.
  func member(_ task: EnsembleTask, _ set: EnsemblePlan.MemberSet, _ reference: EnsembleReference) throws
    -> EnsembleMember
  {
    let label = architecture(task, set)
    var member = EnsembleMember(digest: reference.digest, set: task.set, member: task.member, label: label)
    let place = set.vary.contains(.flux) ? study.fluxVariationPlace : nil
    let makes =
      try place == .data || place == .both ? folded.varied(by: thrown("flux.data", task), operators: false) : nil
    let models = try place == .model || place == .both ? folded.varied(by: thrown("flux", task)) : folded

    var (near, far) = (reference.near, reference.far)
    if let makes {
      near = try nearData(truth.under(makes))
      far = try farData(truth.under(makes))
    }
    if set.vary.contains(.statistics) {
      near = try redrawn(near, from: makes.map { truth.under($0) } ?? truth, task)
    }
    do {
      if place != nil {
        let responses = truth.under(models)
        member.truth = try outcome(
          responses, nil, near: near, far: far, reference, nuisances: truthNuisances(responses))
      }
      let index = study.models.firstIndex { $0.label == label } ?? 0
      let fitted = try FittedModel(
        assembly.models[index], labeled: label, on: near, study, assembly, models, seed: try networkSeed(task, set))
      member.training = fitted.record
      member.model = try outcome(
        fitted.responses, fitted.open, near: near, far: far, reference, nuisances: fitted.nuisances)
    } catch let error where error.isRuntimeFailure {
      member.failure = "\(error)"
    }
    return member
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
    case .redraw: return try nearData(truth, member: task.member)
    case .bootstrap:
      return try data.map { sample in
        let stream = try RandomStream(
          seed: UInt64(study.dataSeed), purpose: "ensemble.bootstrap.\(sample.name)", member: task.member)
        return try sample.bootstrapped(stream)
      }
    }
  }

  // MARK: data, tuning, fit

  private func nearData(_ truth: ModelResponses, member: Int = 0) throws -> [SampleData] {
    // Expected contents would be the same in every member.
    let method = member > 0 && study.nearSampling == .asimov ? .poisson : study.nearSampling
    return try DataSimulation(
      events: study.nearEvents, method: method, seed: UInt64(study.dataSeed), member: member
    ).data(of: folded.near, rates: truth.nearRates(), purpose: "near")
  }

  private func farData(_ truth: ModelResponses) throws -> [SampleData] {
    try DataSimulation(events: study.farEvents, method: study.farSampling, seed: UInt64(study.dataSeed)).data(
      of: folded.far, rates: truth.farRates(assembly.oscillation), purpose: "far")
  }

  private func truthNuisances(_ responses: ModelResponses) throws -> NuisanceParameters? {
    try study.nuisances(of: assembly.truth, responses, assembly, retuned: nil)
  }

  private func fit(
    _ responses: ModelResponses, _ open: OpenDirections?, _ far: [SampleData], nuisances: NuisanceParameters?
  ) -> OscillationFit {
    OscillationFit(
      names: study.oscillation.fit, oscillation: assembly.oscillation, responses: responses, open: open,
      counts: far.map(\.contents), scanPoints: study.systematics.integer("ensemble.scan_points"),
      nuisances: nuisances, room: 7.5, isMember: true)
  }

  private func outcome(
    _ responses: ModelResponses, _ open: OpenDirections?, near: [SampleData], far: [SampleData],
    _ reference: EnsembleReference, nuisances: NuisanceParameters?
  ) throws -> EnsembleMember.Outcome {
    let names = study.oscillation.fit
    let record = try fit(responses, open, far, nuisances: nuisances).record(against: reference.fit)
    func pairs(_ intervals: [String: OscillationResults.Interval]?) -> [[Double]] {
      names.compactMap { name in intervals?[name].map { [$0.lower, $0.upper] } }
    }
    let farRates = try responses.farRates(assembly.oscillation)
    func distance(_ data: [SampleData], _ rates: [[Double]]) throws -> Double {
      let values = try zip(data, rates).map { try FiguresOfMerit.totalVariation($0.truth, $1) }
      return values.reduce(0, +) / Double(max(values.count, 1))
    }
    return EnsembleMember.Outcome(
      converged: record.results.converged, verdict: record.results.verdict,
      fit: names.map { record.results.comparedFit[$0] ?? 0 }, oneSigma: pairs(record.results.intervals),
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
