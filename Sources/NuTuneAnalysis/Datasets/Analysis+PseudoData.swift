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
    for members in MeasuredVector.measurements(of: folded.near) {
      let parts = members.map { folded.near[$0] }
      let observation = MeasuredVector.observation(of: parts.map(\.dataset))
      guard observation.isMeasured else { continue }
      let expected = try zip(members, parts).flatMap { index, part in
        let integral = try part.fluxIntegral()
        return part.comparable(rates[index]).map { $0 / integral }
      }
      let name = Sample.together(parts.map(\.sample)).name
      let drawn = try observation.drawn(around: expected, name: name, seed: seed)
      guard parts.count > 1 else {
        copy.folded.near[members[0]] = parts[0].observing(drawn)
        continue
      }
      let places = parts.flatMap { $0.dataset.part?.bins ?? [] }
      var first = 0
      for (index, part) in zip(members, parts) {
        let bins = Array(first..<(first + part.sample.binning.count))
        first += bins.count
        copy.folded.near[index] = part.observing(drawn.selecting(bins))
        copy.folded.near[index].dataset.part?.whole = drawn
        copy.folded.near[index].dataset.part?.bins = bins
        if let flux = part.dataset.fluxUncertainty {
          copy.folded.near[index].dataset.fluxUncertainty?.relative = flux.relative.selecting(places)
        }
      }
    }
    copy.truth = truth?.under(copy.folded)
    return copy
  }
}

extension Observation {
  /// Measured values drawn around a prediction of shape [bins], with the covariance that belongs to them; anything else as
  /// it is.
  fileprivate func drawn(around expected: [Double], name: String, seed: UInt64) throws -> Observation {
    guard case .measured(let values, let covariance, let known, let smearing, let threshold) = self else { return self }
    let part =
      try known
      ?? PredictionScaledTerm.commonNorm(
        of: MeasuredValues(values: values, covariance: covariance, threshold: threshold, sample: name))
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
    let draws = try RandomStream(seed: seed, purpose: "pseudo-data.\(name)").gaussians(values.count)
    let amplitudes = zip(eigen.values, draws).map { max($0, 0).squareRoot() * $1 }
    let drawn = zip(expected, try eigen.vectors.multiplied(by: amplitudes)).map { $0 + $1 }
    return .measured(
      values: drawn, covariance: scaled(covariance, by: part, to: drawn, keeping: true),
      multiplicative: known.map { scaled($0, by: $0, to: drawn, keeping: false) }, smearing: smearing,
      threshold: threshold)
  }
}
