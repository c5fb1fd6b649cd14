import NuTuneCore

/// How far an ensemble is.
public struct EnsembleStatus: Sendable {
  /// One set of members.
  public struct MemberSet: Sendable {
    /// Its name.
    public var name: String
    /// Members that were planned.
    public var planned: Int
    /// Members that are finished.
    public var finished: Int
    /// Members that some process computes now, as far as this machine can see.
    public var computing: Int
    /// Members that could not be tuned or fitted; they are among the finished ones.
    public var failed: Int
    /// Members that wait in Slurm's queue, or run there unseen.
    public var queued: Int
    /// Members that nobody has, computes or will compute.
    public var missing: Int { planned - finished - computing - queued }
  }

  /// The sets, in order.
  public var sets: [MemberSet]
  /// Names of the first few members that are missing.
  public var firstMissing: [String]
  /// What is wrong with the files of the first few members that are not what they should be; they count as missing.
  public var refused: [String]
  /// Why Slurm's queue is not known; nil when it is, or when no job was submitted.
  public var queueProblem: String?
  /// Whether `ensemble.json` is there.
  public var isMerged: Bool

  /// Whether every member is finished.
  public var isComplete: Bool { sets.allSatisfy { $0.finished == $0.planned } }

  /// Looks at a folder.
  public init(_ ensemble: EnsembleFolder, client: SlurmClient = SlurmClient()) {
    var queued: Set<EnsembleTask> = []
    do {
      queued = try EnsembleJobs(ensemble).queued(client: client)
    } catch {
      queueProblem = "\(error)"
    }
    let reference = Result { try ensemble.reference() }
    var firstMissing: [String] = []
    var refused: [String] = []
    sets = ensemble.plan.sets.map { set in
      var status = MemberSet(name: set.name, planned: set.members, finished: 0, computing: 0, failed: 0, queued: 0)
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
    self.firstMissing = firstMissing
    self.refused = refused
    isMerged = ensemble.hasResults
  }
}
