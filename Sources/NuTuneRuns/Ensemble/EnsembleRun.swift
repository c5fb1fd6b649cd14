import Foundation
import NuTuneCore
import NuTuneNumerics
import Synchronization

/// Computes the missing members of an ensemble, on some threads of this machine. Other processes may do the same in the
/// same folder: each member is claimed before it is computed, so nothing is computed twice.
package struct EnsembleRun: Sendable {
  let ensemble: EnsembleFolder
  let registry: Registry
  let threads: Int
  let report: @Sendable (RunEvent) -> Void

  /// Creates a run in a planned folder.
  package init(
    _ ensemble: EnsembleFolder, registry: Registry, threads: Int, report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.ensemble = ensemble
    self.registry = registry
    self.threads = threads
    self.report = report
  }

  /// Number of attempts to get a claim, which another process may test for a moment.
  private static let attempts = 20

  /// Computes the missing ones of some members.
  ///
  /// - Parameters:
  ///   - tasks: the members; all members of the plan when nil.
  ///   - waits: whether to wait for members that other processes compute, and compute them if these processes end
  ///     without a result.
  /// - Returns: the number of members computed here, and the number of `tasks` still missing.
  package func run(_ tasks: [EnsembleTask]? = nil, waits: Bool) throws -> (computed: Int, missing: Int) {
    let tasks = tasks ?? ensemble.tasks
    let reference = try ensemble.reference()
    let known = Result<EnsembleReference, any Error>.success(reference)
    let missing = tasks.filter { task in
      switch ensemble.memberFile(task, known) {
      case .missing: return true
      case .finished: return false
      case .refused(let problem):
        report(.note("\(problem); \(task.name) is computed anew"))
        return true
      }
    }
    if missing.count < tasks.count { report(.note("\(tasks.count - missing.count) members are there already")) }
    guard !missing.isEmpty else { return (0, 0) }
    let study = try ensemble.study(registry)
    let assembly = try study.assembleForEnsemble(registry)
    let workshop = try RunEvent.stage("fold", report) { try EnsembleWorkshop(study, assembly, threads: threads) }.result

    let progress = ExperimentProgress(total: missing.count, stage: "members", report: report)
    let computed = Atomic(0)
    func compute(_ task: EnsembleTask, _ claim: borrowing MemberClaim) throws {
      let member = try write(task, workshop, reference)
      try claim.sign()
      if let failure = member.failure { report(.note("\(task.name): \(failure)")) }
      computed.add(1, ordering: .relaxed)
      progress.finished(reused: false)
    }
    let elsewhere = try Parallel.map(missing.count, threads: threads) { index -> EnsembleTask? in
      let task = missing[index]
      for attempt in 0..<(waits ? 1 : Self.attempts) {
        if attempt > 0 { usleep(50_000) }
        guard let claim = try MemberClaim(on: task, in: ensemble.folder, waits: false) else { continue }
        if ensemble.isFinished(task, known) { progress.finished(reused: true) } else { try compute(task, claim) }
        _ = consume claim
        return nil
      }
      return task
    }.compactMap { $0 }
    if waits, !elsewhere.isEmpty {
      report(.note("waiting for \(elsewhere.count) members that another process computes"))
      _ = try Parallel.map(elsewhere.count, threads: threads) { index in
        guard let claim = try MemberClaim(on: elsewhere[index], in: ensemble.folder, waits: true) else { return }
        if ensemble.isFinished(elsewhere[index], known) {
          progress.finished(reused: true)
        } else {
          try compute(elsewhere[index], claim)
        }
        _ = consume claim
      }
    }
    return (computed.load(ordering: .relaxed), tasks.count { !ensemble.isFinished($0, known) })
  }

  /// Computes a member and writes its files.
  private func write(
    _ task: EnsembleTask, _ workshop: EnsembleWorkshop, _ reference: EnsembleReference
  ) throws -> EnsembleMember {
    var (member, model) = try workshop.member(task, try ensemble.set(of: task), reference)
    if let model {
      // Before the member's own file, which says that it is finished.
      member.weightsDigest = try ensemble.folder.write(
        model.result, of: model.selection, label: task.modelLabel, origin: model.origin)
    }
    try ensemble.folder.writeSealed(member, to: EnsembleFolder.file(of: task), isCompact: true)
    return member
  }
}
