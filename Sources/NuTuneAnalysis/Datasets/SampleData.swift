/// The data of one dataset: contents of its bins, and their expectation.
public struct SampleData: Codable, Sendable {
  /// Name of the sample.
  public var name: String
  /// Expected bin probabilities of the sample under the truth, sum one.
  public var truth: [Double]
  /// Bin contents: events, or probabilities where events are infinite.
  public var contents: [Double]
  /// Events of the sample, which may be none; nil means infinite.
  public var events: Double?

  /// Contents as probabilities; zeros without an event.
  public var probabilities: [Double] {
    let total = contents.reduce(0, +)
    return total > 0 ? contents.map { $0 / total } : contents
  }
}
