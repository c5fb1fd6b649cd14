/// A source of differences between members of an ensemble.
public enum SystematicSource: String, Sendable, CaseIterable, Hashable, Codable {
  /// Random numbers that initialise a model before it is tuned.
  case network
  /// The model itself: one of the study's models.
  case architecture
  /// The shape of the neutrino flux.
  case flux
  /// The finite number of near-detector events.
  case statistics
}
