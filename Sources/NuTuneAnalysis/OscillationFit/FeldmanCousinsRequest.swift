/// Pseudo-experiments for regions after Feldman and Cousins.
public struct FeldmanCousinsRequest: Sendable {
  /// Number of pseudo-experiments at each test point.
  public var experiments: Int
  /// Seed of the pseudo-data.
  public var seed: UInt64

  /// A number of pseudo-experiments.
  public init(experiments: Int, seed: UInt64) {
    self.experiments = experiments
    self.seed = seed
  }
}
