import NuTuneCore
import NuTuneNumerics

extension Analysis {
  /// The same analysis with measured values that a model made: a pseudo-experiment, whose truth is known.
  ///
  /// Values are drawn around the prediction of the model with the covariance that the measurement would have there, its part
  /// of flux and norm a fraction of the prediction, and are published with the covariance that belongs to the drawn
  /// values, as real ones are.
  ///
  /// - Parameters:
  ///   - model: the truth.
  ///   - seed: of the random numbers, which belong to it and to the name of the sample.
  package func observingPseudoData(of model: any CrossSectionModel, seed: UInt64) throws -> Analysis {
    let rates = try ModelResponses(of: model, in: folded).nearRates()
    var copy = self
    copy.folded.near = try zip(folded.near, rates).map { dataset, rates in
      guard
        case .measured(let values, let covariance, let known, let smearing, let threshold) = dataset.dataset.observation
      else { return dataset }
      let integral = try dataset.fluxIntegral()
      let expected = dataset.comparable(rates).map { $0 / integral }
      let part =
        try known
        ?? PredictionScaledTerm.commonNorm(
          of: MeasuredValues(values: values, covariance: covariance, threshold: threshold, sample: dataset.sample.name))
      func scaled(_ matrix: Matrix, by part: Matrix, to reference: [Double], keeping rest: Bool) -> Matrix {
        let factors = zip(reference, values).map { $1 == 0 ? 1 : $0 / $1 }
        var result = matrix
        for i in factors.indices {
          for j in factors.indices {
            result[i, j] = (rest ? matrix[i, j] - part[i, j] : 0) + part[i, j] * factors[i] * factors[j]
          }
        }
        return result
      }
      let eigen = try SymmetricEigen(scaled(covariance, by: part, to: expected, keeping: true))
      let draws = try RandomStream(seed: seed, purpose: "pseudo-data.\(dataset.sample.name)").gaussians(values.count)
      let amplitudes = zip(eigen.values, draws).map { max($0, 0).squareRoot() * $1 }
      let drawn = zip(expected, try eigen.vectors.multiplied(by: amplitudes)).map { $0 + $1 }
      return dataset.observing(
        .measured(
          values: drawn, covariance: scaled(covariance, by: part, to: drawn, keeping: true),
          multiplicative: known.map { scaled($0, by: $0, to: drawn, keeping: false) }, smearing: smearing,
          threshold: threshold))
    }
    copy.truth = truth?.under(copy.folded)
    return copy
  }
}
