import Foundation
import NuTuneCore
import NuTuneFiles

/// What a run tells whoever watches it.
package enum RunEvent: Sendable {
  /// A stage begins.
  case began(stage: String)
  /// A stage is so far.
  case progress(stage: String, TuningProgress)
  /// A stage ended; reused when it had been done before.
  case ended(stage: String, seconds: Double, reused: Bool)
  /// Something worth a line in the log.
  case note(String)
}

extension RunEvent {
  /// Does the work of a stage that is always computed, and tells when it begins and when it has ended.
  ///
  /// - Parameters:
  ///   - name: name of the stage.
  ///   - report: hears of it.
  ///   - work: what the stage does.
  /// - Returns: the result of the work, and the seconds that it took.
  @discardableResult
  package static func stage<Result>(
    _ name: String, _ report: (RunEvent) -> Void, _ work: () throws -> Result
  ) rethrows -> (result: Result, seconds: Double) {
    report(.began(stage: name))
    let start = ContinuousClock.now
    let result = try work()
    let seconds = (ContinuousClock.now - start).seconds
    report(.ended(stage: name, seconds: seconds, reused: false))
    return (result, seconds)
  }

  /// What a log says of it; nil for a stage that begins or goes on.
  package var line: String? {
    switch self {
    case .note(let text): return text
    case .ended(let stage, let seconds, let reused):
      let time = seconds < 10 ? String(format: "%.1f s", seconds) : Self.clock(seconds)
      return "\(stage): \(reused ? "as before (computed in \(time))" : time)"
    case .began, .progress: return nil
    }
  }

  /// A duration in hours, minutes and seconds.
  package static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole >= 3600
      ? String(format: "%d:%02d:%02d h", whole / 3600, whole / 60 % 60, whole % 60)
      : String(format: "%d:%02d min", whole / 60, whole % 60)
  }
}
