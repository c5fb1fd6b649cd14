import Foundation

/// A learning rate that rises linearly during a warm-up and then falls along half a cosine from `initial` to `final`.
///
/// Step s of S with warm-up W: s < W: initial (s+1)/W; after it final + (initial − final) ½[1 + cos(π t)],
/// t = (s−W)/(S−1−W), so that the last step has exactly the final rate.
public struct CosineSchedule: Sendable, Hashable, Codable {
  /// Learning rate after the warm-up.
  public let initial: Double
  /// Learning rate of the last step.
  public let final: Double
  /// Number of steps S.
  public let steps: Int
  /// Number of warm-up steps W.
  public let warmUp: Int

  /// - Throws: `LearningError.invalidOptions` unless 0 < final ≤ initial < ∞ and 0 ≤ warmUp < steps.
  public init(initial: Double, final: Double, steps: Int, warmUp: Int = 0) throws(LearningError) {
    guard initial.isFinite, final > 0, final <= initial else {
      throw LearningError.invalidOptions("learning rates must satisfy 0 < final <= initial, found \(initial), \(final)")
    }
    guard warmUp >= 0, warmUp < steps else {
      throw LearningError.invalidOptions("0 <= warm-up < steps is required, found \(warmUp) of \(steps) steps")
    }
    self.initial = initial
    self.final = final
    self.steps = steps
    self.warmUp = warmUp
  }

  /// Returns the learning rate of a step, counted from 0; after the last step the final rate.
  public func learningRate(step: Int) -> Double {
    if step < warmUp { return initial * Double(step + 1) / Double(warmUp) }
    if step >= steps - 1 { return final }
    let progress = Double(step - warmUp) / Double(steps - 1 - warmUp)
    return final + (initial - final) * 0.5 * (1 + cos(Double.pi * progress))
  }
}
