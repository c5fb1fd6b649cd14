import NuTuneCore

/// Accuracy of the integration over the bins of a study: the requested accuracy, and the errors estimated with a
/// surrogate cross section.
public struct FoldingResults: Sendable, Codable {
  /// `fold.accuracy`.
  public var accuracy: Double
  /// Largest estimated relative error among true bins that hold at least 10⁻⁴ of their sample's rate.
  public var worstBin: Double
  /// Largest estimated total variation of a sample.
  public var totalVariation: Double

  enum CodingKeys: String, CodingKey {
    case accuracy
    case worstBin = "worst_bin"
    case totalVariation = "tv"
  }

  /// Creates results of folding.
  public init(accuracy: Double, worstBin: Double, totalVariation: Double) {
    self.accuracy = accuracy
    self.worstBin = worstBin
    self.totalVariation = totalVariation
  }
}
