import Foundation
import NuTuneCore
import NuTuneResults

/// Merges the members of an ensemble.
package struct EnsembleMerge: Sendable {
  let ensemble: EnsembleFolder

  /// Creates a merge of a planned folder; it reads only existing files.
  package init(_ ensemble: EnsembleFolder) {
    self.ensemble = ensemble
  }

  /// Reads the members and writes `ensemble.json`.
  ///
  /// - Parameter allowsMissing: whether an incomplete set is merged, which the results then state.
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
    // A damaged file is not a missing one: its content is unknown.
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
    try writeModel(
      reference.model,
      of: members.compactMap { task, member in
        member.flatMap { task.set == EnsemblePlan.all ? (task, $0) : nil }
      })
    try ensemble.folder.write(results, to: EnsembleFolder.resultsFile)
    return results
  }

  /// Returns warnings about limits of the combined regions.
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
