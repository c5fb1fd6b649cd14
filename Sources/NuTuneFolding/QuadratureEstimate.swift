/// Estimated errors of a quadrature, from the surrogate cross section.
public struct QuadratureEstimate: Sendable, Hashable, Codable {
  /// Largest relative error of the rate of a bin that holds at least ``QuadraturePlan/smallestShare`` of its sample.
  public var worstBin: Double
  /// Half the sum of the absolute errors of all bins over the rate of the sample.
  public var totalVariation: Double

  /// Creates an estimate.
  public init(worstBin: Double, totalVariation: Double) {
    self.worstBin = worstBin
    self.totalVariation = totalVariation
  }

  /// Returns the larger of both values of two estimates.
  public func union(_ other: QuadratureEstimate) -> QuadratureEstimate {
    QuadratureEstimate(
      worstBin: max(worstBin, other.worstBin), totalVariation: max(totalVariation, other.totalVariation))
  }
}
