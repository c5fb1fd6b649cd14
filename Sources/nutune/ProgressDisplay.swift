import Foundation
import NuTuneCore
import NuTuneRuns
import Synchronization

/// Shows a run on standard error, as a bar with the time left on a terminal and as plain lines elsewhere, and keeps a log.
final class ProgressDisplay: Sendable {
  private struct State {
    var stage = ""
    var began = ContinuousClock.now
    var lastShown = ContinuousClock.now - .seconds(60)
    var firstStep: Int?
    var firstStepAt = ContinuousClock.now
    var barIsOpen = false
  }

  private let state = Mutex(State())
  private let log: RunLog
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Creates a display that also writes to the log file at `path`.
  init(log path: String) throws { log = try RunLog(path: path) }

  /// Throws when the log could not be written.
  func checkLog() throws { try log.check() }

  /// Writes a line to the screen and the log.
  func note(_ text: String) {
    log.note(text)
    state.withLock { line(text, &$0) }
  }

  /// Shows an event of a run.
  func show(_ event: RunEvent) {
    switch event {
    case .note, .ended: if let line = event.line { note(line) }
    case .began(let stage):
      state.withLock { state in
        state.stage = stage
        state.began = .now
        state.firstStep = nil
        if isTerminal { bar("\(stage) …", &state) }
      }
    case .progress(let stage, let progress):
      state.withLock { state in
        if state.firstStep == nil { (state.firstStep, state.firstStepAt) = (progress.step, .now) }
        let now = ContinuousClock.now
        guard now - state.lastShown > (isTerminal ? .milliseconds(200) : .seconds(10)) else { return }
        state.lastShown = now
        let text = Self.text(stage, progress, left: timeLeft(progress, state))
        if isTerminal {
          bar(text, &state)
        } else {
          line(text, &state)
          log.note(text)
        }
      }
    }
  }

  private func timeLeft(_ progress: TuningProgress, _ state: State) -> Double? {
    guard let first = state.firstStep, progress.step > first else { return nil }
    let perStep = (ContinuousClock.now - state.firstStepAt) / .seconds(1) / Double(progress.step - first)
    return perStep * Double(progress.steps - progress.step)
  }

  private static func text(_ stage: String, _ progress: TuningProgress, left: Double?) -> String {
    let share = Double(progress.step) / Double(max(progress.steps, 1))
    let filled = Int(share * 24)
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: 24 - filled)
    let time = left.map { ", \(RunEvent.clock($0)) left" } ?? ""
    let loss = progress.loss.map { String(format: ", loss %.2e", $0) } ?? ""
    return "\(stage) \(bar) \(progress.step)/\(progress.steps)\(loss)\(time)"
  }

  private func bar(_ text: String, _ state: inout State) {
    StandardError.write("\r\u{1B}[2K\(PrintableText.line(text))")
    state.barIsOpen = true
  }

  private func line(_ text: String, _ state: inout State) {
    let start = isTerminal && state.barIsOpen ? "\r\u{1B}[2K" : ""
    StandardError.write("\(start)\(PrintableText.line(text))\n")
    state.barIsOpen = false
  }
}
