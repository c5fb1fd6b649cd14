import NuTuneCore
import NuTuneResults
import NuTuneStatistics

extension ModelComparison {
  /// Agreement of every far component and of every sample that is a sum of some, with the scale that near data fix; nil
  /// where shapes are compared, and without a truth.
  ///
  /// - Parameter rates: of the far datasets, shape [far datasets][bins].
  func farSamples(_ responses: ModelResponses, _ rates: [[Double]]) throws -> [ModelResults.Far.Sample]? {
    guard analysis.comparesNumbers, let truth = analysis.truth else { return nil }
    let scales = try analysis.nearScales(of: responses, nearData)
    // Backgrounds are numbers of events, so with some of them rates are, too.
    let backgrounds = analysis.options.backgrounds
    let unit = backgrounds.isEmpty ? 1 : try analysis.unit(near: false)
    func events(_ rates: [[Double]], _ scales: [NearGroup: Double]) -> [[Double]] {
      zip(folded.far, rates).map { far, rates in
        rates.map { unit * (far.exposure * (scales[far.dataset.nearGroup] ?? 1) * $0) }
      }
    }
    let predicted = events(rates, scales)
    let expected = events(
      try truth.farRates(analysis.oscillation), try analysis.nearScales(of: truth, nearData))
    func agreement(_ name: String, _ isSum: Bool, _ predicted: [Double], _ expected: [Double]) throws
      -> ModelResults.Far.Sample
    {
      ModelResults.Far.Sample(
        name: name, isSum: isSum, tv: try FiguresOfMerit.totalVariation(expected, predicted),
        rateRatio: predicted.reduce(0, +) / expected.reduce(0, +))
    }
    let sums = SampleSums(
      measuredAs: folded.far.map(\.dataset.measuredAs), factors: folded.far.map { _ in 1 }, backgrounds: backgrounds)
    let components = try folded.far.indices.map {
      try agreement(folded.far[$0].sample.name, false, predicted[$0], expected[$0])
    }
    let whole = zip(zip(sums.samples, sums.backgrounds), zip(sums.rates(predicted), sums.rates(expected)))
    return try components
      + whole.filter { $0.0.0.count > 1 || !$0.0.1.isEmpty }.map { members, pair in
        var sample = try agreement(
          folded.far[members.0[0].component].dataset.measuredAs, true, pair.0, pair.1)
        if !members.1.isEmpty {
          sample.backgrounds = Dictionary(uniqueKeysWithValues: members.1.map { ($0.name, $0.total) })
        }
        return sample
      }
  }
}
