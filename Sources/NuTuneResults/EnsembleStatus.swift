/// How far an ensemble is.
package struct EnsembleStatus: Sendable {
  /// One set of members.
  package struct MemberSet: Sendable {
    /// Its name.
    package var name: String
    /// Members that were planned.
    package var planned: Int
    /// Members that are finished.
    package var finished: Int
    /// Members that some process computes now, as far as this machine can see.
    package var computing: Int
    /// Members that could not be tuned or fitted; they are among the finished ones.
    package var failed: Int
    /// Members that wait in Slurm's queue, or run there unseen.
    package var queued: Int
    /// Members neither finished, running nor queued.
    package var missing: Int { planned - finished - computing - queued }

    /// Counts of a set.
    package init(name: String, planned: Int, finished: Int = 0, computing: Int = 0, failed: Int = 0, queued: Int = 0) {
      self.name = name
      self.planned = planned
      self.finished = finished
      self.computing = computing
      self.failed = failed
      self.queued = queued
    }
  }

  /// The sets, in order.
  package var sets: [MemberSet]
  /// Names of the first few members that are missing.
  package var firstMissing: [String]
  /// What is wrong with the files of the first few members that are not what they should be; they count as missing.
  package var refused: [String]
  /// Why Slurm's queue is not known; nil when it is, or when no job was submitted.
  package var queueProblem: String?
  /// Whether `ensemble.json` is there.
  package var isMerged: Bool

  /// Whether every member is finished.
  package var isComplete: Bool { sets.allSatisfy { $0.finished == $0.planned } }

  /// The state of all sets.
  package init(
    sets: [MemberSet], firstMissing: [String] = [], refused: [String] = [], queueProblem: String? = nil,
    isMerged: Bool = false
  ) {
    self.sets = sets
    self.firstMissing = firstMissing
    self.refused = refused
    self.queueProblem = queueProblem
    self.isMerged = isMerged
  }
}
