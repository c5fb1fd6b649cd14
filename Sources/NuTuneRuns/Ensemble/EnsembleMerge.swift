import Foundation
import NuTuneCore
import NuTuneStatistics
import NuTuneResults

/// Puts the members of an ensemble together.
package struct EnsembleMerge: Sendable {
  let ensemble: EnsembleFolder

  /// A merge of a planned folder; it reads nothing but what is there.
  package init(_ ensemble: EnsembleFolder) {
    self.ensemble = ensemble
  }

  /// Reads the members and writes `ensemble.json`.
  ///
  /// - Parameter allowsMissing: whether an incomplete set is merged, which the results then say.
  package func merge(allowsMissing: Bool) throws -> EnsembleResults {
    let reference = try ensemble.reference()
    var problems = NuTuneErrors()
    let members = ensemble.tasks.map { task -> (task: EnsembleTask, member: EnsembleMember?) in
      switch ensemble.memberFile(task, .success(reference)) {
      case .missing: return (task, nil)
      case .finished(let member): return (task, member)
      case .refused(let problem):
        if problems.errors.count < 10 { problems.add(problem) }
        return (task, nil)
      }
    }
    // Not what they should be is another thing than missing: nobody knows what they are.
    try problems.throwIfAny()
    let missing = members.filter { $0.member == nil }.map(\.task.name)
    guard allowsMissing || missing.isEmpty else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: ensemble.path),
        found: "\(missing.count) of \(members.count) members missing (\(missing.prefix(3).joined(separator: ", "))"
          + "\(missing.count > 3 ? ", …" : ""))",
        expected: "all of them: `nutune ensemble run \(ensemble.path)`, or --incomplete to merge what is there")
    }
    let combiner = EnsembleCombiner(reference: reference)
    let names = reference.parameters
    var sets: [EnsembleResults.MemberSet] = []
    for set in ensemble.plan.sets {
      let known = members.filter { $0.task.set == set.name }.compactMap(\.member)
      let failures = known.compactMap { member -> (String, String)? in
        let sentence = member.failure ?? member.model.flatMap { $0.converged ? nil : "the fit: \($0.verdict)" }
        return sentence.map { (EnsembleTask(set: member.set, member: member.member).name, $0) }
      }
      sets.append(
        EnsembleResults.MemberSet(
          name: set.name, vary: set.vary, planned: set.members, missing: set.members - known.count,
          failures: Dictionary(uniqueKeysWithValues: failures),
          unconvergedTrainings: known.count { !($0.training?.converged ?? true) },
          unconvergedTruthFits: known.contains { $0.truth != nil }
            ? known.count { !($0.truth?.converged ?? true) } : nil,
          model: try combiner.combination(known.compactMap(\.model)),
          truth: try combiner.combination(known.compactMap(\.truth))))
    }
    var results = EnsembleResults(
      schema: EnsembleResults.schemaName, study: ensemble.plan.study,
      provenance: Provenance.now(
        seeds: ensemble.plan.seeds, started: ISO8601DateFormatter().string(from: Date()), seconds: [:],
        plugins: ensemble.plan.study.plugins),
      model: reference.model, parameters: names,
      trueValues: Dictionary(uniqueKeysWithValues: zip(names, reference.trueValues)),
      reference: reference.fit.results, referenceAtTwoSigma: reference.fit.intervalsAtTwoSigma,
      sigmaStat: Dictionary(uniqueKeysWithValues: zip(names, combiner.sigmas)), sets: sets, warnings: [])
    results.warnings = Self.warnings(results)
    try ensemble.folder.write(results, to: EnsembleFolder.resultsFile)
    return results
  }

  /// What limits the combined regions.
  private static func warnings(_ results: EnsembleResults) -> [String] {
    var warnings: [String] = []
    for set in results.sets {
      if set.missing > 0 { warnings.append("\(set.name): \(set.missing) of \(set.planned) members are missing") }
      if !set.failures.isEmpty {
        warnings.append("\(set.name): \(set.failures.count) members could not be tuned or fitted and do not count")
      }
      guard let model = set.model else {
        warnings.append("\(set.name): fewer than two members, nothing is combined")
        continue
      }
      if set.name == EnsemblePlan.all, model.members < 44 {
        warnings.append(
          "\(set.name): with \(model.members) members the two-sigma region is the union of theirs; from 44 on the rule "
            + "leaves some out")
      }
      for (name, spread) in model.spread.sorted(by: { $0.key < $1.key }) where spread.value > 1.1 {
        warnings.append(
          "\(set.name): members scatter by \(rounded(spread.value)) σ_stat in \(name); above 1 the 1σ region of the rule is "
            + "too small, intervals of single parameters are not (docs/explanation/systematics.md)")
      }
      if model.isCut.values.contains(true) {
        warnings.append("\(set.name): a combined region reaches the edge of the scan")
      }
    }
    return warnings
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// Combines fits of members by the rule of ensembles.
struct EnsembleCombiner {
  let reference: EnsembleReference

  private var names: [String] { reference.parameters }

  /// σ_stat of each parameter.
  var sigmas: [Double] {
    names.map { name in
      reference.fit.results.intervals[name].map { ($0.upper - $0.lower) / 2 } ?? 0
    }
  }

  /// Nil with fewer than two members whose fit converged.
  func combination(_ outcomes: [EnsembleMember.Outcome]) throws -> EnsembleResults.Combination? {
    let good = outcomes.filter(\.converged)
    guard good.count >= 2, let axes = reference.fit.axes, let scan = reference.fit.scan else { return nil }
    let centers = names.map { reference.fit.results.comparedFit[$0] ?? 0 }
    let pulls = good.map { outcome in
      names.indices.map { sigmas[$0] > 0 ? (outcome.fit[$0] - centers[$0]) / sigmas[$0] : 0 }
    }
    let spread = try EnsembleSpread(pulls)
    func estimates(_ values: [Double], _ errors: [Double]) -> [String: EnsembleResults.Estimate] {
      Dictionary(
        uniqueKeysWithValues: names.indices.map {
          (names[$0], EnsembleResults.Estimate(value: values[$0], error: errors[$0]))
        })
    }
    var combination = EnsembleResults.Combination(
      members: good.count, shift: estimates(spread.means, spread.meanErrors),
      spread: estimates(spread.standardDeviations, spread.standardDeviationErrors), intervals: [:], contours: [:],
      holdsTruth: [:], holdsTruthRegion: [:], isCut: [:], fits: good.map(\.fit),
      nearTv: Self.moments(good.map(\.nearTv)), farTv: Self.moments(good.map(\.farTv)), bands: bands(good))

    let truthField = try ScalarField(xs: axes.x, ys: axes.y, values: scan)
    let region = try CombinedRegion(members: try good.map { try ScalarField(xs: axes.x, ys: axes.y, values: $0.scan) })
    for (sigmas, key) in EnsembleResults.levels {
      let level = try EnsembleRule.level(sigmas: sigmas)
      let field = try region.field(sigmas: sigmas)
      let lines = field.contours(at: level)
      combination.contours[key] = OscillationResults.Contour(
        probability: EnsembleRule.probability(sigmas: sigmas), level: level,
        lines: lines.map(\.line))
      combination.isCut[key] = lines.contains { !$0.isClosed }
      combination.holdsTruth[key] = field.value(x: reference.trueValues[0], y: reference.trueValues[1]) <= level
      combination.holdsTruthRegion[key] =
        try RegionOverlap(
          truthField, field, level: level
        ).containedFraction ?? 0
      var intervals: [String: [Double]] = [:]
      for (index, name) in names.enumerated() {
        let ends = good.map { sigmas == 1 ? $0.oneSigma[index] : $0.twoSigma[index] }
        let combined = try CombinedInterval(members: ends.map { $0[0]...$0[1] }, sigmas: sigmas).byEdges
        intervals[name] = [combined.lowerBound, combined.upperBound]
      }
      combination.intervals[key] = intervals
    }
    return combination
  }

  /// Mean and standard deviation.
  private static func moments(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return [mean, (squares / Double(max(values.count - 1, 1))).squareRoot()]
  }

  private func bands(_ outcomes: [EnsembleMember.Outcome]) -> [EnsembleResults.Band] {
    zip(reference.farBinnings, reference.far).enumerated().map { index, pair in
      let (binning, data) = pair
      let truth = binning.projections(data.truth).first
      let relative = outcomes.map { outcome in
        zip(binning.projections(outcome.far[index]).first, truth).map { $1 > 0 ? $0 / $1 - 1 : 0 }
      }
      let moments = truth.indices.map { bin in Self.moments(relative.map { $0[bin] }) }
      return EnsembleResults.Band(
        sample: data.name, axis: binning.first, truth: truth, mean: moments.map { $0[0] },
        spread: moments.map { $0[1] })
    }
  }
}
