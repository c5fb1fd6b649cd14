/// A judgement of training: the loss of the judging data after some steps.
public struct JudgedStep: Sendable, Hashable, Codable {
  /// Number of steps taken.
  public let step: Int
  /// Loss of the judging data.
  public let loss: Double
}
