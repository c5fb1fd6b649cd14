import CNuTune
import NuTuneCore
import NuTuneRuns
import Synchronization

/// The caller's function that hears of progress and may cancel. A training asks for that when it would save a
/// checkpoint, a run of a study when a stage begins, too, which is where they can end.
final class ProgressListener: CheckpointStore, @unchecked Sendable {
  // The caller promises that function and pointer are good for any thread while the call lasts.
  private let function: nutune_progress?
  private let user: UnsafeMutableRawPointer?
  private let isCancelled = Mutex(false)

  init(_ function: nutune_progress?, _ user: UnsafeMutableRawPointer?) {
    self.function = function
    self.user = user
  }

  /// Tells the caller of progress within a stage.
  func tell(_ stage: String, _ progress: TuningProgress) {
    guard let function else { return }
    let answer = function(user, stage, Int64(progress.step), Int64(progress.steps), progress.loss ?? .nan)
    if answer != 0 { isCancelled.withLock { $0 = true } }
  }

  /// Tells the caller of the stages of a run: step 0 of 1 when one begins, 1 of 1 when it has ended.
  func hear(_ event: RunEvent) {
    switch event {
    case .began(let stage): tell(stage, TuningProgress(step: 0, steps: 1))
    case .progress(let stage, let progress): tell(stage, progress)
    case .ended(let stage, _, _): tell(stage, TuningProgress(step: 1, steps: 1))
    case .note: break
    }
  }

  /// Throws ``Cancellation`` once the caller has cancelled.
  func check() throws {
    if isCancelled.withLock({ $0 }) { throw Cancellation() }
  }

  /// No training goes on from an earlier one.
  func load() throws -> [UInt8]? { nil }

  /// Saves nothing.
  func save(_ bytes: [UInt8]) throws { try check() }
}
