/// One task of a job array, as Slurm's queue shows it.
public struct SlurmTask: Sendable, Equatable {
  /// The job array.
  public var job: Int
  /// The task's number in it.
  public var index: Int
  /// Slurm's word for its state: `PENDING`, `RUNNING`, `COMPLETED`, …
  public var state: String

  /// A task.
  public init(job: Int, index: Int, state: String) {
    self.job = job
    self.index = index
    self.state = state
  }

  private static let ends: Set = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",
    "TIMEOUT",
  ]

  /// Whether Slurm does nothing more for it, well or badly; a state that is not known here may still change.
  public var isFinished: Bool { Self.ends.contains(state) }
}
