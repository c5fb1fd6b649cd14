import NuTuneFolding

extension FoldedStudy {
  /// How well the bins of all tables were integrated.
  var foldingResults: FoldingResults? {
    guard let accuracy = plan.accuracy else { return nil }
    let none = QuadratureEstimate(worstBin: 0, totalVariation: 0)
    let estimate = tables.compactMap(\.quadrature.estimate).reduce(none) { $0.union($1) }
    return FoldingResults(
      accuracy: accuracy, worstBin: estimate.worstBin, totalVariation: estimate.totalVariation)
  }
}
