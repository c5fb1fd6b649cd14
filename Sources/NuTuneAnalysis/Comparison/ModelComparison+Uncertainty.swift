import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// Adds the standard deviations of the far bins by what near data left open, from the whole posterior of the weights:
  /// √Σ_k (Σ_i ∂p/∂η_i F_ik)² over all weights, with p normalised, at the study's oscillation parameters.
  package func addUncertainties(
    of model: any GaussianModel, _ responses: ModelResponses, label: String, to predictions: inout Predictions
  ) throws {
    let weights = try folded.farWeights(analysis.oscillation)
    let rates = responses.farRates(weights: weights)
    var variances = folded.far.map { BinVariances(binning: $0.sample.binning) }
    let operators = try zip(folded.far, weights).map { far, weights in
      [try folded.operation(on: far, weights: weights)]
    }
    for (index, group) in model.weightGroups.enumerated() {
      let basis = WeightBasis(model: model, group: index, weights: group.count, folded: folded)
      let spread = try basis.farEffects(operators: operators, scales: rates.map { $0.map { _ in 1 } })
        .multiplied(by: group.factor)
      var row = 0
      for sample in rates.indices {
        variances[sample].add(spread, from: row, rates: rates[sample])
        row += rates[sample].count
      }
    }
    for (sample, variance) in variances.enumerated() {
      let index = folded.near.count + sample
      predictions.samples[index].uncertainties = (predictions.samples[index].uncertainties ?? [:]).merging([
        label: Predictions.Uncertainty(
          bins: variance.bins.map { $0.squareRoot() },
          marginals: variance.marginals.map { $0.map { $0.squareRoot() } })
      ]) { $1 }
    }
  }
}

/// Variances of the probabilities of the bins of one sample and of its marginals.
private struct BinVariances {
  var bins: [Double]
  /// Shape [marginals][axis bins].
  var marginals: [[Double]]
  private let sums: [Marginal]

  init(binning: Binning) {
    sums = binning.marginals
    bins = [Double](repeating: 0, count: binning.count)
    marginals = sums.map { [Double](repeating: 0, count: $0.axis.count) }
  }

  /// Adds independent changes of the rates, one for each column of a matrix whose rows from `row` on are the bins.
  package mutating func add(_ changes: Matrix, from row: Int, rates: [Double]) {
    let total = rates.reduce(0, +)
    for k in 0..<changes.columns {
      var sum = 0.0
      for bin in rates.indices { sum += changes[row + bin, k] }
      var derivatives = bins
      for bin in rates.indices {
        let derivative = (changes[row + bin, k] - rates[bin] / total * sum) / total
        bins[bin] += derivative * derivative
        derivatives[bin] = derivative
      }
      for (index, marginal) in sums.enumerated() {
        for (i, change) in marginal.sums(derivatives).enumerated() { marginals[index][i] += change * change }
      }
    }
  }
}
