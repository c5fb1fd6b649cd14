/// How data are drawn from an expectation.
public enum SamplingMethod: String, Sendable, CaseIterable, Hashable {
  /// The expectation itself.
  case asimov
  /// Every bin by its own Poisson law.
  case poisson
  /// A fixed number of events spread over the bins.
  case multinomial
}
