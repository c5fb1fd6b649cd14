/// The site of a detector, near or far.
public enum DetectorSite: String, Sendable, CaseIterable, Hashable, Codable {
  /// Near detector: before oscillation.
  case near
  /// Far detector: after oscillation.
  case far
}
