import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// Adds the standard deviations of the far bins by what near data left open, from the whole posterior of the weights:
  /// √Σ_k (Σ_i ∂p/∂η_i F_ik)² over all weights, with p normalised, at the study's oscillation parameters. Of a response that was
  /// fitted with the weights and that far detectors have, the directions are added (``ResponseModes``).
  package func addUncertainties(
    of model: any GaussianModel, _ responses: ModelResponses, label: String, to predictions: inout Predictions
  ) throws {
    let weights = try folded.farWeights(analysis.oscillation)
    let rates = responses.farRates(weights: weights)
    var variances = folded.far.map { BinVariances(binning: $0.sample.binning) }
    let response = try ResponseModes(of: model, mean: responses)
    var ofResponse: Matrix?
    let operators = try zip(responses.folded.far, weights).map { far, weights in
      [try folded.operation(on: far, weights: weights)]
    }
    for (index, group) in model.weightGroups.enumerated() {
      let basis = WeightBasis(model: model, group: index, weights: group.count, folded: folded)
      let effects = try basis.farEffects(operators: operators, scales: rates.map { $0.map { _ in 1 } })
      variances.add(try effects.multiplied(by: response?.conditionalFactors[index] ?? group.factor), rates: rates)
      if let response {
        let part = try effects.multiplied(by: response.weightChanges[index])
        ofResponse = try ofResponse.map { try $0.adding(part) } ?? part
      }
    }
    if let response, let ofResponse {
      let byNumbers = try Matrix(
        response.responseChanges.map { changes in
          rates.indices.flatMap { sample in
            changes[sample]?.rates(weights: weights[sample]) ?? rates[sample].map { _ in 0 }
          }
        }
      ).transposed
      variances.add(try ofResponse.adding(byNumbers), rates: rates)
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

extension Matrix {
  /// The sum of both, of one shape.
  fileprivate func adding(_ other: Matrix) throws -> Matrix {
    try Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 + $1 })
  }
}

extension [BinVariances] {
  /// Adds independent changes of the rates of all samples, one for each column of a matrix whose rows are their bins.
  fileprivate mutating func add(_ changes: Matrix, rates: [[Double]]) {
    var row = 0
    for sample in indices {
      self[sample].add(changes, from: row, rates: rates[sample])
      row += rates[sample].count
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
