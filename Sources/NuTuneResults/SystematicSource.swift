/// What may differ between members of an ensemble.
public enum SystematicSource: String, Sendable, CaseIterable, Hashable, Codable {
  /// Random numbers a model starts to learn from.
  case network
  /// The model itself: one of several of the study.
  case architecture
  /// The shape of the neutrino flux.
  case flux
  /// The finite number of near-detector events.
  case statistics
}
