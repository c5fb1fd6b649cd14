/// A prediction beside several samples of measured values that share errors, as one vector of data: parts of one
/// measurement, or measurements of one beam whose flux is fitted.
public struct JointComparison: Sendable, Codable, Equatable {
  /// Names of the samples, in the order of their bins.
  public var samples: [String]
  /// Names of the measurements or of their parts, in the same order.
  public var measurements: [String]
  /// χ² of all bins with what they share; it counts the flux pulls. Not the sum of those of the samples.
  public var chiSquare: Double
  /// Number of residuals, the mean of χ² for the right prediction.
  public var residuals: Int
  /// Pulls of the flux components of all samples that describe the data best with this prediction, the largest component
  /// first; nil where the flux is in the covariance.
  public var fluxPulls: [Double]?

  enum CodingKeys: String, CodingKey {
    case samples, measurements, residuals
    case chiSquare = "chi_square"
    case fluxPulls = "flux_pulls"
  }

  /// A comparison.
  public init(
    samples: [String], measurements: [String], chiSquare: Double, residuals: Int, fluxPulls: [Double]? = nil
  ) {
    self.samples = samples
    self.measurements = measurements
    self.chiSquare = chiSquare
    self.residuals = residuals
    self.fluxPulls = fluxPulls
  }
}
