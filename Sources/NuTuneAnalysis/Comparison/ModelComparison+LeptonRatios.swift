import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// Rates of electrons over rates of muons at the far detector, relative to the same ratio of the truth; nil without a
  /// truth and without such datasets.
  ///
  /// The two datasets differ in the flavour of the lepton only: they have one neutrino sign, one target, one horn mode,
  /// one experiment, one detector and one flavour in the beam (`numu-to-nue` over `numu-to-numu`). A rate is the sum over
  /// the bins at the oscillation parameters of the study.
  ///
  /// - Parameter rates: of the far datasets, shape [far datasets][bins].
  package func farRatios(of model: any CrossSectionModel, _ rates: [[Double]]) throws -> [ModelResults.Far.Ratio]? {
    let pairs = leptonPairs
    guard let truth = analysis.truth, !pairs.isEmpty else { return nil }
    let predicted = rates.map { $0.reduce(0, +) }
    let expected = try truth.farRates(analysis.oscillation).map { $0.reduce(0, +) }
    let errors = try (model as? any GaussianModel).flatMap { try relativeErrors(of: $0, pairs, predicted) }
    return pairs.enumerated().map { index, pair in
      let value =
        predicted[pair.electrons] / predicted[pair.muons] / (expected[pair.electrons] / expected[pair.muons])
      return ModelResults.Far.Ratio(
        numerator: folded.far[pair.electrons].sample.name, denominator: folded.far[pair.muons].sample.name,
        value: value, error: errors.map { value * $0[index] })
    }
  }

  /// Far datasets that differ in the flavour of the lepton only, by their indices.
  private var leptonPairs: [(electrons: Int, muons: Int)] {
    func of(_ flavor: LeptonFlavor) -> [Int] {
      folded.far.indices.filter { folded.far[$0].dataset.species.flavor == flavor }
    }
    return of(.electron).flatMap { electrons in
      let one = folded.far[electrons].dataset
      return of(.muon).filter { muons in
        let other = folded.far[muons].dataset
        return one.species.helicity == other.species.helicity && one.initial == other.initial
          && one.composition == other.composition && one.experiment == other.experiment
          && one.sample.mode == other.sample.mode && one.sample.position == other.sample.position
      }.map { (electrons, $0) }
    }
  }

  /// Posterior standard deviations of ln(rate/rate) of some pairs, from all weights of a model: |Fᵀ(∂ln R_e − ∂ln R_μ)|
  /// with the derivatives at the most probable weights. Both rates depend on the same weights, so that what they share
  /// cancels. Nil for a model whose posterior has no weights.
  ///
  /// - Parameter totals: rates of the far datasets.
  private func relativeErrors(
    of model: any GaussianModel, _ pairs: [(electrons: Int, muons: Int)], _ totals: [Double]
  ) throws -> [Double]? {
    let groups = model.weightGroups
    guard !groups.isEmpty else { return nil }
    let used = Set(pairs.flatMap { [$0.electrons, $0.muons] }).sorted()
    let datasets = used.map { folded.far[$0] }
    let weights = try folded.farWeights(analysis.oscillation)
    let operators = try used.map { index in
      try folded.operation(on: folded.far[index], weights: weights[index])
    }
    let rows = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    var variances = [Double](repeating: 0, count: pairs.count)
    for (index, group) in groups.enumerated() {
      let slopes = try WeightBasis(model: model, group: index, weights: group.count, folded: folded)
        .totalSlopes(of: datasets, operators: operators)
      var differences = Matrix(rows: pairs.count, columns: group.count)
      for (row, pair) in pairs.enumerated() {
        guard let electrons = rows[pair.electrons], let muons = rows[pair.muons] else { continue }
        for weight in 0..<group.count {
          differences[row, weight] =
            slopes[electrons, weight] / totals[pair.electrons] - slopes[muons, weight] / totals[pair.muons]
        }
      }
      let spread = try differences.multiplied(by: group.factor)
      for row in pairs.indices { variances[row] += spread.row(row).reduce(0) { $0 + $1 * $1 } }
    }
    return variances.map { $0.squareRoot() }
  }
}
