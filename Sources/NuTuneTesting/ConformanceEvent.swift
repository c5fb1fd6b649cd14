/// An event of the conformance suite.
public enum ConformanceEvent: Sendable {
  /// A check of this name begins.
  case began(String)
  /// A check ended.
  case ended(ConformanceReport.Check)
}
