import NuTuneCore

/// Results of the true model.
public struct TruthResults: Sendable, Codable {
  /// tv between the near-detector and far-detector shapes in the same bins, which a prediction has to bridge; nil when
  /// there is no such pair.
  public var nearFarTv: Double?
  /// The oscillation fit with the true cross section; nil when nothing is fitted.
  public var oscillation: OscillationResults?

  enum CodingKeys: String, CodingKey {
    case nearFarTv = "near_far_tv"
    case oscillation
  }

  /// Creates results of the truth.
  public init(nearFarTv: Double?, oscillation: OscillationResults?) {
    self.nearFarTv = nearFarTv
    self.oscillation = oscillation
  }
}
