import Foundation

/// Dependence of the rates of one sample on the posterior modes z of a model. The rate of a bin is a sum of parts, each
/// of them positive for any z:
///
///     f_b(z) = Σ_p f_p exp(Σ_k z_k r_pk),   p over the parts of b
///
/// Oscillations change the f_p; the slopes r are properties of the model.
public struct ModeSlopes: Sendable {
  /// Number of bins.
  public let binCount: Int
  /// Bin of each part.
  public let bins: [Int]
  /// r, row-major, shape [parts × directions].
  public let slopes: [Double]

  /// Creates slopes of parts in bins.
  public init(binCount: Int, bins: [Int], slopes: [Double]) {
    self.binCount = binCount
    self.bins = bins
    self.slopes = slopes
  }

  /// The same slopes with further ones behind them that all parts share, those of scales.
  public func appending(_ shared: [Double]) -> ModeSlopes {
    guard !shared.isEmpty, !bins.isEmpty else { return self }
    let directions = slopes.count / bins.count
    return ModeSlopes(
      binCount: binCount, bins: bins,
      slopes: bins.indices.flatMap { Array(slopes[$0 * directions..<($0 + 1) * directions]) + shared })
  }

  /// Computes the rates of the bins at some values of the posterior modes, shape [bins].
  public func moved(_ rates: ModeRates, along directions: [Double]) -> [Double] {
    var moved = rates.fixed
    for (part, bin) in bins.enumerated() {
      var exponent = 0.0
      for k in directions.indices { exponent += directions[k] * slopes[part * directions.count + k] }
      moved[bin] += rates.parts[part] * exp(exponent)
    }
    return moved
  }
}
