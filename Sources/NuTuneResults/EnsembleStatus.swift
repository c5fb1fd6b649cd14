/// Progress of an ensemble.
package struct EnsembleStatus: Sendable {
  /// One set of members.
  package struct MemberSet: Sendable {
    /// Name of the set.
    package var name: String
    /// Number of planned members.
    package var planned: Int
    /// Number of finished members.
    package var finished: Int
    /// Number of members that some process computes now, as far as this machine can see.
    package var computing: Int
    /// Number of members that could not be tuned or fitted; they are among the finished ones.
    package var failed: Int
    /// Number of members that wait in Slurm's queue, or run there unseen.
    package var queued: Int
    /// Number of members neither finished, running nor queued.
    package var missing: Int { planned - finished - computing - queued }

    /// Creates the counts of a set.
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
  /// Names of the first few missing members.
  package var firstMissing: [String]
  /// Errors in the files of the first few members with unusable files; they count as missing.
  package var refused: [String]
  /// Why Slurm's queue is unknown; nil when it is known, or when no job was submitted.
  package var queueProblem: String?
  /// Whether `ensemble.json` exists.
  package var isMerged: Bool

  /// Whether every member is finished.
  package var isComplete: Bool { sets.allSatisfy { $0.finished == $0.planned } }

  /// Creates the state of all sets.
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
