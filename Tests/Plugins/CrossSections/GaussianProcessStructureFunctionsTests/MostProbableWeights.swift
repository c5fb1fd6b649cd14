import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import Testing

/// Whether −2lnL + |η|² is smallest at the weights η of a tuned process, by differences of folded rates.
enum MostProbableWeights {
  /// Expects no slope along some of the weights that moves one by more than 0.02 of its error.
  ///
  /// - Parameters:
  ///   - model: the tuned process.
  ///   - weights: η of all functions, shape [weights].
  ///   - sample: the shape it learned, of `events` events.
  ///   - count: how many weights are looked at.
  ///   - rates: what a process predicts for the bins of the sample, in any unit.
  static func check(
    of model: GaussianProcessStructureFunctions, _ weights: [Double], _ sample: TuningSample, events: Double,
    count: Int, _ rates: (any StructureFunctionModel) throws -> [Double]
  ) throws {
    func deviance(_ change: [Double]) throws -> Double {
      let rates = try rates(try model.displaced(by: [change]))
      let total = rates.reduce(0, +)
      return zip(sample.probabilities, rates).reduce(0) { sum, bin in
        bin.0 > 0 && bin.1 > 1e-9 * total ? sum + 2 * events * bin.0 * log(bin.0 * total / bin.1) : sum
      }
    }
    let factor = model.weightGroups[0].factor
    let step = 1e-3
    for weight in stride(from: 0, to: weights.count, by: max(weights.count / count, 1)) {
      var change = weights.map { _ in 0.0 }
      change[weight] = step
      let up = try deviance(change)
      change[weight] = -step
      let slope = (up - (try deviance(change))) / (2 * step) + 2 * weights[weight]
      // The largest slope that a minimum found to 10⁻³ standard deviations may have.
      let error = factor.row(weight).reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(slope) * error < 0.02, "weight \(weight): \(slope)")
    }
  }
}
