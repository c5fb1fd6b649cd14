import Foundation
import NuTuneNumerics

/// What a model with open directions predicts for some samples at one point of the parameters: rates f + Σ_k η_k D_k
/// with independent standard-normal η.
public struct OpenPrediction: Sendable {
  /// f of each sample, shape [samples][bins], in any normalisation.
  public var rates: [[Double]]
  /// D of each sample, row-major, shape [samples][directions × bins], normalised as the rates.
  public var directions: [[Double]]

  /// Rates with their open directions.
  public init(rates: [[Double]], directions: [[Double]]) {
    self.rates = rates
    self.directions = directions
  }
}

/// How the rates of one sample depend on directions z that a model leaves open. The rate of a bin is a sum of parts, each of
/// them positive for any z:
///
///     f_b(z) = Σ_p f_p exp(Σ_k z_k r_pk),   p over the parts of b
///
/// What oscillates are the f_p; the slopes r are the model's.
public struct OpenSlopes: Sendable {
  /// Number of bins.
  public let binCount: Int
  /// Bin of each part.
  public let bins: [Int]
  /// r, row-major, shape [parts × directions].
  public let slopes: [Double]

  /// Slopes of parts in bins.
  public init(binCount: Int, bins: [Int], slopes: [Double]) {
    self.binCount = binCount
    self.bins = bins
    self.slopes = slopes
  }

  /// Rates of the bins at some directions, shape [bins].
  public func moved(_ rates: OpenRates, along directions: [Double]) -> [Double] {
    var moved = rates.fixed
    for (part, bin) in bins.enumerated() {
      var exponent = 0.0
      for k in directions.indices { exponent += directions[k] * slopes[part * directions.count + k] }
      moved[bin] += rates.parts[part] * exp(exponent)
    }
    return moved
  }
}

/// The rates of one sample at one point of the parameters, in parts.
public struct OpenRates: Sendable {
  /// f_p of each part, shape [parts], in any normalisation.
  public var parts: [Double]
  /// What no direction moves, shape [bins], normalised as the parts.
  public var fixed: [Double]
  /// Relative change of the bins per unit of each pull, row-major, shape [pulls × bins]: another factor exp(Σ η r).
  public var pulls: [Double]

  /// Rates in parts.
  public init(parts: [Double], fixed: [Double], pulls: [Double] = []) {
    self.parts = parts
    self.fixed = fixed
    self.pulls = pulls
  }
}
