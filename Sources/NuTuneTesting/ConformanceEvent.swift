/// What the suite is at.
public enum ConformanceEvent: Sendable {
  /// A check of this name begins.
  case began(String)
  /// It came to an end.
  case ended(ConformanceReport.Check)
}
