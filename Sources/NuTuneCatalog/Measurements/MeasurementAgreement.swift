import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics

/// How a prediction agrees with all published bins of a measurement, by every statistic; nothing is trained.
package struct MeasurementAgreement: Sendable {
  /// χ² by one statistic.
  package struct Comparison: Sendable {
    /// The statistic.
    package var statistic: MeasuredStatistic
    /// χ²; nil where it cannot be made.
    package var chiSquare: Double?
    /// Number of residuals, the mean of χ² for the right prediction.
    package var residuals: Int
    /// Number of directions in which the inverse of its covariance counts differences.
    package var rank: Int
    /// Why there is no χ².
    package var problem: String?
  }

  /// Predicted over measured sum of all bins.
  package var ratio: Double
  /// χ² by statistic, in the order of their declaration.
  package var comparisons: [Comparison]

  /// χ² of a statistic; nil where it cannot be made.
  package subscript(_ statistic: MeasuredStatistic) -> Double? {
    comparisons.first { $0.statistic == statistic }?.chiSquare
  }
}

extension MeasurementConfiguration {
  /// Integrals over all bins with their covariance, in 10⁻³⁸ cm² per nucleon; independent errors without one.
  package func measuredValues() throws -> MeasuredValues {
    let factors = factors
    var covariance = Matrix(rows: factors.count, columns: factors.count)
    for i in factors.indices {
      covariance[i, i] = measurement.errors[i] * measurement.errors[i] * factors[i] * factors[i]
      guard let published = measurement.covariance else { continue }
      for j in factors.indices { covariance[i, j] = published[i, j] * factors[i] * factors[j] }
    }
    return try MeasuredValues(
      values: zip(measurement.values, factors).map { $0 * $1 }, covariance: covariance, threshold: threshold,
      sample: name)
  }

  /// Area of every bin in units of 10⁻³⁸ cm² per nucleon, shape [bins].
  private var factors: [Double] { measurement.bins.map { $0.area * measurement.unit.factor / 1e-38 } }

  /// Plain χ² of a prediction of nothing: no prediction that is right by more than this has shown anything.
  package func plainOfZero() throws -> Double {
    try GaussianTerm(try measuredValues())
      .minusTwoLogLikelihood(of: [Double](repeating: 0, count: measurement.bins.count)).value
  }

  /// Compares a prediction in the unit of the values, before smearing, shape [bins].
  package func agreement(with prediction: [Double]) throws -> MeasurementAgreement {
    let measured = try measuredValues()
    let factors = factors
    let predicted = zip(smearing.map { SmearedTerm.smeared(prediction, by: $0) } ?? prediction, factors).map { $0 * $1 }
    let multiplicative = CovarianceReading.multiplicative(components).map { part in
      var integrated = part
      for i in factors.indices { for j in factors.indices { integrated[i, j] *= factors[i] * factors[j] } }
      return integrated
    }
    func term(_ statistic: MeasuredStatistic) throws(TermError) -> any ResidualTerm {
      switch statistic {
      case .plain: try GaussianTerm(measured)
      case .normShape: try NormShapeTerm(measured)
      case .predictionScaled:
        try PredictionScaledTerm(measured, multiplicative: multiplicative, reference: predicted)
      case .logNormal: try LogNormalTerm(measured)
      }
    }
    let comparisons = MeasuredStatistic.allCases.map { statistic in
      var comparison = MeasurementAgreement.Comparison(statistic: statistic, residuals: 0, rank: 0)
      do {
        let term = try term(statistic)
        comparison.residuals = term.residualCount
        comparison.rank = term.whitening.rank
        comparison.chiSquare = try term.minusTwoLogLikelihood(of: predicted).value
      } catch {
        comparison.problem = "\(error)"
      }
      return comparison
    }
    return MeasurementAgreement(
      ratio: predicted.reduce(0, +) / measured.values.reduce(0, +), comparisons: comparisons)
  }
}
