import Foundation

/// The convergence criterion of training, defined only here.
///
/// The smoothed loss is the mean over `window` steps. Training has converged when the learning rate is at most twice
/// its final value and the smoothed loss differs from that of the window before by less than `relativeDecrease` of it.
/// (While the learning rate is high a loss that stands still only bounces.)
public struct ConvergenceCriterion: Sendable, Hashable, Codable {
  /// Number of steps over which the loss is averaged.
  public let window: Int
  /// Largest relative change of the smoothed loss from one window to the next.
  public let relativeDecrease: Double
  /// Whether training ends as soon as the criterion holds, instead of at the end of the schedule.
  public let stopsEarly: Bool

  /// - Throws: `LearningError.invalidOptions` unless window ≥ 1 and 0 < relativeDecrease < 1.
  public init(window: Int = 100, relativeDecrease: Double = 0.02, stopsEarly: Bool = true) throws(LearningError) {
    guard window >= 1 else {
      throw LearningError.invalidOptions("the convergence window must be at least one step, found \(window)")
    }
    guard relativeDecrease > 0, relativeDecrease < 1 else {
      throw LearningError.invalidOptions("the relative decrease must lie between 0 and 1, found \(relativeDecrease)")
    }
    self.window = window
    self.relativeDecrease = relativeDecrease
    self.stopsEarly = stopsEarly
  }

  /// Number of last losses that the criterion needs: two windows.
  var memory: Int { 2 * window }

  /// Returns why training has not converged, or nil if it has. `losses`: the last `memory` ones, oldest first.
  func objection(losses: [Double], learningRate: Double, finalLearningRate: Double) -> String? {
    guard losses.count >= memory else {
      return "only \(losses.count) steps were taken, two windows of \(window) are needed"
    }
    guard learningRate <= 2 * finalLearningRate else {
      return "the learning rate \(learningRate) is more than twice its final value \(finalLearningRate)"
    }
    let before = losses[losses.count - memory..<losses.count - window].reduce(0, +) / Double(window)
    let last = losses[(losses.count - window)...].reduce(0, +) / Double(window)
    let change = last - before
    if abs(change) <= relativeDecrease * abs(before) { return nil }
    return "the smoothed loss still went from \(rounded(before)) to \(rounded(last)) over the last \(window) steps, "
      + "more than a fraction \(relativeDecrease)"
  }

  /// Rounds to three digits, for a sentence.
  private func rounded(_ value: Double) -> String { String(format: "%.2e", value) }
}
