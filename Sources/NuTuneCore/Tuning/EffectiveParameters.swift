/// Effective number of parameters that the data determine in a tuning that is linear in the data near its end:
/// prediction = H · data + const, in units of each bin's statistical error.
///
/// For data that such a model describes, the deviations r = (1 − H) · data have squares whose sum, averaged over the
/// truths that the model expects, is bins − tr H, with variance 2 tr (1 − H)² = 2 (bins − 2 tr H + tr H²).
public struct EffectiveParameters: Sendable, Codable, Hashable {
  /// tr H, the effective number of parameters.
  public var trace: Double
  /// tr H², at most tr H for a model that shrinks towards a prior.
  public var squareTrace: Double

  enum CodingKeys: String, CodingKey {
    case trace
    case squareTrace = "square_trace"
  }

  /// Stores the traces of H and H² over the bins of one sample (the diagonals of both matrices summed over its bins).
  public init(trace: Double, squareTrace: Double) {
    self.trace = trace
    self.squareTrace = squareTrace
  }
}
