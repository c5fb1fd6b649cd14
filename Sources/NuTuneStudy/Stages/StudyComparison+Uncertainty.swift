import NuTuneCore

extension StudyComparison {
  /// Adds the standard deviations of the far bins by what near data left open: √Σ_k (∂p/∂η_k)², with p normalised.
  ///
  /// - Returns: a warning where so much is open that a linear change is no good description of it.
  func addUncertainties(
    _ open: OpenDirections, _ responses: ModelResponses, label: String, to predictions: inout Predictions
  ) throws -> String? {
    var vague = 0.0
    let weights = try folded.farWeights(assembly.oscillation)
    for (sample, rates) in responses.farRates(weights: weights).enumerated() {
      let binning = folded.far[sample].sample.binning
      let columns = binning.second.count
      let changes = open.changes(sample: sample, weights: weights[sample])
      let total = rates.reduce(0, +)
      var bins = [Double](repeating: 0, count: rates.count)
      var first = [Double](repeating: 0, count: binning.first.count)
      var second = [Double](repeating: 0, count: columns)
      for k in 0..<open.count {
        let change = Array(changes[k * rates.count..<(k + 1) * rates.count])
        let sum = change.reduce(0, +)
        let derivative = change.indices.map { (change[$0] - rates[$0] / total * sum) / total }
        var (onFirst, onSecond) = (first.map { _ in 0.0 }, second.map { _ in 0.0 })
        for (bin, value) in derivative.enumerated() {
          bins[bin] += value * value
          onFirst[bin / columns] += value
          onSecond[bin % columns] += value
        }
        for i in first.indices { first[i] += onFirst[i] * onFirst[i] }
        for j in second.indices { second[j] += onSecond[j] * onSecond[j] }
      }
      // Share of the far rate in bins that are open by more than half of themselves.
      vague = max(vague, zip(rates, bins).reduce(0) { $1.1.squareRoot() > 0.5 * $1.0 / total ? $0 + $1.0 / total : $0 })
      let index = folded.near.count + sample
      predictions.samples[index].uncertainties = (predictions.samples[index].uncertainties ?? [:]).merging([
        label: Predictions.Uncertainty(
          bins: bins.map { $0.squareRoot() }, first: first.map { $0.squareRoot() },
          second: second.map { $0.squareRoot() })
      ]) { $1 }
    }
    guard vague > 0.01 else { return nil }
    let percent = (1000 * vague).rounded() / 10
    return
      "near data leave \(percent) % of the far rate open by more than half of itself; the fit that integrates it out "
      + "takes changes as linear and cannot be trusted there"
  }
}
