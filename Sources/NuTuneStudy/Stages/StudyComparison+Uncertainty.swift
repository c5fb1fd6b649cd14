import NuTuneCore

extension StudyComparison {
  /// Adds the standard deviations of the far bins by what near data left open: Σ_k (∂p/∂η_k)², with p normalised.
  func addUncertainties(
    _ open: OpenDirections, _ responses: ModelResponses, label: String, to predictions: inout Predictions
  ) throws {
    let weights = try folded.far.map { try folded.farWeights($0, assembly.oscillation) }
    for (sample, rates) in responses.farRates(weights: weights).enumerated() {
      let changes = open.changes(sample: sample, weights: weights[sample])
      let total = rates.reduce(0, +)
      var variance = [Double](repeating: 0, count: rates.count)
      for k in 0..<open.count {
        let change = changes[k * rates.count..<(k + 1) * rates.count]
        let sum = change.reduce(0, +)
        for (bin, value) in change.enumerated() {
          let derivative = (value - rates[bin] / total * sum) / total
          variance[bin] += derivative * derivative
        }
      }
      predictions.samples[folded.near.count + sample].uncertainties =
        (predictions.samples[folded.near.count + sample].uncertainties ?? [:])
        .merging([label: variance.map { $0.squareRoot() }]) { $1 }
    }
  }
}
