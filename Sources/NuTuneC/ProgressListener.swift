import CNuTune
import NuTuneCore
import Synchronization

/// The caller's function that hears of progress and may cancel. A training asks for that when it would save a
/// checkpoint, which is where it can end.
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

  /// Throws ``Cancellation`` once the caller has cancelled.
  func check() throws {
    if isCancelled.withLock({ $0 }) { throw Cancellation() }
  }

  /// No training goes on from an earlier one.
  func load() throws -> [UInt8]? { nil }

  /// Saves nothing.
  func save(_ bytes: [UInt8]) throws { try check() }
}
