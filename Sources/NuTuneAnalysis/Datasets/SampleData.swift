/// The data of one dataset: contents of its bins, and their expectation.
public struct SampleData: Codable, Sendable {
  /// Name of the sample.
  public var name: String
  /// Expected bin probabilities of the sample under the truth, sum one; nil without a truth.
  public var truth: [Double]?
  /// Bin contents: events, or probabilities where events are infinite, or measured values in 10⁻³⁸ cm² per nucleon.
  public var contents: [Double]
  /// Events of the sample, which may be none; nil means infinite, or measured values.
  public var events: Double?
  /// Rate that made infinitely many events, in the unit of rates: it says how many more one sample has than another. Nil
  /// where events are counted.
  public var rate: Double?
  /// Events of the backgrounds of the measured sample by their name, each of shape [bins]; the first component of a
  /// sample
  /// has them. Nil without backgrounds, and where only the sum is observed.
  public var backgrounds: [String: [Double]]?

  /// Contents as probabilities; zeros without an event.
  public var probabilities: [Double] {
    let total = contents.reduce(0, +)
    return total > 0 ? contents.map { $0 / total } : contents
  }

  /// What a model is compared with: the truth, or the data where there is none.
  public var reference: [Double] { truth ?? probabilities }
}
