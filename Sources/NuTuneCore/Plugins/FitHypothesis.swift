/// One alternative of a discrete question around an oscillation fit, such as the inverted mass ordering.
public struct FitHypothesis: Sendable, Hashable {
  /// The question it answers, `ordering`.
  public var question: String
  /// Its answer, `inverted`.
  public var name: String
  /// Values of parameters around which the fit looks for a minimum under this hypothesis.
  public var values: [String: Double]
  /// Narrower ranges of fitted parameters under this hypothesis.
  public var bounds: [String: ClosedRange<Double>]

  /// Parameters of which one has to be fitted, lest a value that is held decides the question.
  public var fitted: [String]

  /// Creates an answer to a question.
  public init(
    question: String, name: String, values: [String: Double] = [:], bounds: [String: ClosedRange<Double>] = [:],
    fitted: [String]
  ) {
    self.question = question
    self.name = name
    self.values = values
    self.bounds = bounds
    self.fitted = fitted
  }

  /// Returns this answer together with that to another question, named after both.
  public func and(_ other: FitHypothesis) -> FitHypothesis {
    FitHypothesis(
      question: "\(question), \(other.question)", name: "\(name), \(other.name)",
      values: values.merging(other.values) { $1 }, bounds: bounds.merging(other.bounds) { $1 },
      fitted: fitted + other.fitted)
  }
}
