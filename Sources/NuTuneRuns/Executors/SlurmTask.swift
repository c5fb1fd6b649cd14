/// One task of a job array in Slurm's queue.
package struct SlurmTask: Sendable, Equatable {
  /// The job array.
  package var job: Int
  /// The task's number in the array.
  package var index: Int
  /// Slurm's word for its state: `PENDING`, `RUNNING`, `COMPLETED`, …
  package var state: String

  /// Creates a task.
  package init(job: Int, index: Int, state: String) {
    self.job = job
    self.index = index
    self.state = state
  }

  private static let ends: Set = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",
    "TIMEOUT",
  ]

  /// Whether the task has ended, well or badly; a task in an unknown state may still change.
  package var isFinished: Bool { Self.ends.contains(state) }
}
