/// Which of an experiment's detectors.
public enum DetectorSite: String, Sendable, CaseIterable, Hashable, Codable {
  /// Near detector: before oscillation.
  case near
  /// Far detector: after oscillation.
  case far
}
