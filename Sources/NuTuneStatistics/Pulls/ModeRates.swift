/// The rates of one sample at one point of the parameters, as a sum of parts.
public struct ModeRates: Sendable {
  /// f_p of each part, shape [parts], in any normalisation.
  public var parts: [Double]
  /// The part of the rates that no posterior mode changes, shape [bins], normalised as the parts.
  public var fixed: [Double]
  /// Relative change of the bins per unit of each pull, row-major, shape [pulls × bins]: another factor exp(Σ η r).
  public var pulls: [Double]

  /// Creates rates from their parts.
  public init(parts: [Double], fixed: [Double], pulls: [Double] = []) {
    self.parts = parts
    self.fixed = fixed
    self.pulls = pulls
  }
}
