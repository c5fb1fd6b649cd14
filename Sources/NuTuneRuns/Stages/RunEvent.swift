import NuTuneCore

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
