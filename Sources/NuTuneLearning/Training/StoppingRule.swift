import Foundation

/// The stopping rule: ends training on data with fluctuations before it learns them.
///
/// Every `interval` steps the average of the parameters over about the last ninth of the steps is judged. The average
/// is used because single steps at a high learning rate scatter by more than the data are uncertain. With weights that
/// grow like (step)^8 it needs no schedule: ā ← ā + (p − ā)(η + 1)/(t + η), η = 8, t the step from 1.
public struct StoppingRule: Sendable, Hashable, Codable {
  /// The condition that ends training.
  public enum Aim: Sendable, Hashable, Codable {
    /// The least loss of the judging data: training ends when `patience` times the steps to the best judgement have
    /// passed without a better one, and returns the best parameters.
    case leastLoss(patience: Double)
    /// A loss of at most this value.
    case level(Double)
  }

  /// The condition that ends training.
  public let aim: Aim
  /// Number of steps between judgements.
  public let interval: Int

  /// - Throws: `LearningError.invalidOptions` unless interval ≥ 1, patience > 0 and the level ≥ 0.
  public init(_ aim: Aim, interval: Int) throws(LearningError) {
    guard interval >= 1 else {
      throw LearningError.invalidOptions("the steps between judgements must be at least 1, found \(interval)")
    }
    switch aim {
    case .leastLoss(let patience) where !(patience > 0 && patience.isFinite):
      throw LearningError.invalidOptions("patience must be positive, found \(patience)")
    case .level(let level) where !(level >= 0 && level.isFinite):
      throw LearningError.invalidOptions("the loss to stop at must not be negative, found \(level)")
    default: break
    }
    self.aim = aim
    self.interval = interval
  }

  /// Exponent of the weights of the average.
  static let exponent = 8.0
  /// Fewest judgements to wait for a better one: a minimum among two neighbours is no minimum.
  static let fewestJudgements = 8

  /// Returns why training ends in a state whose best judgement was at `best.step`, or nil if it goes on; at the end of
  /// the schedule, nil means that more steps would still have helped.
  func reason(step: Int, best: JudgedStep?, atEnd: Bool = false) -> String? {
    guard let best else { return nil }
    switch aim {
    case .level(let level):
      return best.loss <= level
        ? "the loss reached the noise level \(String(format: "%.3g", level)) after \(best.step) steps" : nil
    case .leastLoss(let patience):
      let least = Self.fewestJudgements * interval
      let wait = atEnd ? least : max(Int((patience * Double(best.step)).rounded()), least)
      return step - best.step >= wait
        ? "held-out events are described best after \(best.step) steps, and no better by step \(step)" : nil
    }
  }
}
