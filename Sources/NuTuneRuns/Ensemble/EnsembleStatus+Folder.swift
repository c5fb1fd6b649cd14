import NuTuneCore
import NuTuneResults

extension EnsembleStatus {
  /// Determines the status of an ensemble from its folder.
  package init(_ ensemble: EnsembleFolder, client: SlurmClient = SlurmClient()) {
    var queueProblem: String?
    var queued: Set<EnsembleTask> = []
    do {
      queued = try EnsembleJobs(ensemble).queued(client: client)
    } catch {
      queueProblem = "\(error)"
    }
    let reference = Result { try ensemble.reference() }
    var firstMissing: [String] = []
    var refused: [String] = []
    let sets = ensemble.plan.sets.map { set in
      var status = MemberSet(name: set.name, planned: set.members)
      for number in 1...set.members {
        let task = EnsembleTask(set: set.name, member: number)
        let file = ensemble.memberFile(task, reference)
        if case .refused(let problem) = file, refused.count < 5 { refused.append("\(problem)") }
        if case .finished(let member) = file {
          status.finished += 1
          if member.model == nil { status.failed += 1 }
        } else if MemberClaim.isHeld(task, in: ensemble.folder) {
          status.computing += 1
        } else if queued.contains(task) {
          status.queued += 1
        } else if firstMissing.count < 5 {
          firstMissing.append(task.name)
        }
      }
      return status
    }
    self.init(
      sets: sets, firstMissing: firstMissing, refused: refused, queueProblem: queueProblem,
      isMerged: ensemble.hasResults)
  }
}
