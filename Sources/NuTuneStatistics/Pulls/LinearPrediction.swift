/// A linearised prediction for some samples at one point of the parameters: rates f + Σ_k η_k D_k with independent
/// standard-normal η.
public struct LinearPrediction: Sendable {
  /// f of each sample, shape [samples][bins], in any normalisation.
  public var rates: [[Double]]
  /// D of each sample, row-major, shape [samples][directions × bins], normalised as the rates.
  public var directions: [[Double]]

  /// Creates rates with their linear changes.
  public init(rates: [[Double]], directions: [[Double]]) {
    self.rates = rates
    self.directions = directions
  }
}
