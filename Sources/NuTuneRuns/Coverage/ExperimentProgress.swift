import NuTuneCore
import Synchronization

/// Counts finished experiments of several threads and reports them.
final class ExperimentProgress: Sendable {
  private let done = Mutex(0)
  private let total: Int
  private let stage: String
  private let report: @Sendable (RunEvent) -> Void

  init(total: Int, stage: String = "experiments", report: @escaping @Sendable (RunEvent) -> Void) {
    self.total = total
    self.stage = stage
    self.report = report
  }

  /// Counts one more finished experiment; reused ones do not enter the estimate of the time left.
  func finished(reused: Bool) {
    let count = done.withLock { count in
      count += 1
      return count
    }
    if !reused || count == total {
      report(.progress(stage: stage, TuningProgress(step: count, steps: total, loss: nil)))
    }
  }
}
