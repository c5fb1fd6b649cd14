import NuTuneFolding
import NuTuneResults

extension ForwardModel {
  /// How well the bins of all tables were integrated.
  package var foldingResults: FoldingResults? {
    guard let accuracy = plan.accuracy else { return nil }
    let none = QuadratureEstimate(worstBin: 0, totalVariation: 0)
    let estimate = tables.compactMap(\.quadrature.estimate).reduce(none) { $0.union($1) }
    return FoldingResults(
      accuracy: accuracy, worstBin: estimate.worstBin, totalVariation: estimate.totalVariation)
  }

  /// Says so when bins are integrated worse than `fold.accuracy` asks for; nil when they are not.
  package var accuracyWarning: String? {
    guard let folding = foldingResults, folding.worstBin > folding.accuracy else { return nil }
    return "a bin is integrated to \(folding.worstBin) only, where fold.accuracy asks for \(folding.accuracy)"
  }
}
