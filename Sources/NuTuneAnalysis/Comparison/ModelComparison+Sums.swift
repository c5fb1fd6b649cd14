import NuTuneCore
import NuTuneResults
import NuTuneStatistics

extension ModelComparison {
  /// The far datasets and backgrounds that each measured sample is a sum of; none where every sample is measured as it is.
  private var summed: [(name: String, parts: [Int], backgrounds: [Background])] {
    let sums = SampleSums(
      measuredAs: folded.far.map(\.dataset.measuredAs), factors: folded.far.map { _ in 1 },
      backgrounds: analysis.options.backgrounds)
    return zip(sums.samples, sums.backgrounds)
      .filter { $0.count > 1 || !$1.isEmpty }
      .map { (folded.far[$0[0].component].dataset.measuredAs, $0.map(\.component), $1) }
  }

  /// The places of the components of each near sample that is a sum; none where every sample is measured as it is.
  private var summedNear: [[Int]] {
    MeasuredVector.samples(of: folded.near).filter { folded.near[$0[0]].dataset.isComponent }
  }

  /// Data and truth of near samples that are sums of components, models still missing.
  func nearSums() throws -> [Predictions.SumPrediction] {
    guard let truth = analysis.truth else { return [] }
    let expected = truth.nearRates()
    return summedNear.flatMap { parts in
      measured(parts, expected).map { data, whole in
        let (first, total) = (folded.near[parts[0]], whole.reduce(0, +))
        return Predictions.SumPrediction(
          sample: Predictions.SamplePrediction(
            name: data.name, title: first.title, binning: first.sample.binning, events: data.events,
            data: data.probabilities, truth: whole.map { $0 / total }, models: [:]),
          components: parts.map { part in
            Predictions.SumPrediction.Component(
              name: folded.near[part].sample.name, title: transition(of: folded.near[part]),
              truth: expected[part].map { $0 / total })
          })
      }
    }
  }

  /// Data and truth of far samples that are sums of components, models still missing.
  func farSums() throws -> [Predictions.SumPrediction] {
    let summed = summed
    guard let truth = analysis.truth, !summed.isEmpty else { return [] }
    let expected = try events(truth.farRates(analysis.oscillation), scales: [:])
    return summed.map { name, parts, backgrounds in
      let data = sum(
        parts.map { farData[$0].contents } + parts.flatMap { (farData[$0].backgrounds ?? [:]).values })
      let whole = sum(parts.map { expected[$0] } + backgrounds.map(\.events))
      let events = parts.allSatisfy { farData[$0].events != nil } ? data.reduce(0, +) : nil
      let first = folded.far[parts[0]]
      let unit = unit(of: parts, events: events, whole)
      let total = data.reduce(0, +)
      return Predictions.SumPrediction(
        sample: Predictions.SamplePrediction(
          name: name, title: first.title, binning: first.sample.binning, events: events,
          data: data.map { total > 0 ? $0 / total : $0 }, truth: whole.map { $0 / unit },
          models: [:]),
        components: parts.map { part in
          Predictions.SumPrediction.Component(
            name: folded.far[part].sample.name, title: transition(of: folded.far[part]),
            truth: expected[part].map { $0 / unit })
        }
          + backgrounds.map { background in
            Predictions.SumPrediction.Component(
              name: background.name, title: background.name, truth: background.events.map { $0 / unit })
          })
    }
  }

  /// Adds the prediction of a model to samples that are sums of components.
  ///
  /// - Parameters:
  ///   - near: rates of the near datasets, shape [near datasets][bins].
  ///   - far: rates of the far datasets, shape [far datasets][bins].
  func addSums(
    of responses: ModelResponses, _ near: [[Double]], _ far: [[Double]], label: String,
    to predictions: inout Predictions
  ) throws {
    guard predictions.sums != nil else { return }
    let summedNear = summedNear
    for (index, parts) in summedNear.enumerated() {
      predictions.sums?[index].sample.models[label] = try normalized(
        sum(parts.map { near[$0] }).map { max($0, 0) }, label)
    }
    let predicted = try events(far, scales: try analysis.nearScales(of: responses, nearData))
    for (place, (_, parts, backgrounds)) in summed.enumerated() {
      let index = summedNear.count + place
      let whole = sum(parts.map { predicted[$0] } + backgrounds.map(\.events))
      let unit = unit(of: parts, events: predictions.sums?[index].sample.events, whole)
      predictions.sums?[index].sample.models[label] = whole.map { $0 / unit }
    }
  }

  /// Events of far components, with the scale that near data give a model; a neutrino sign without one has that of the
  /// truth.
  private func events(_ rates: [[Double]], scales: [NearGroup: Double]) throws -> [[Double]] {
    let unit = try analysis.unit(near: false)
    return zip(folded.far, rates).map { far, rates in
      rates.map { unit * far.exposure * (scales[far.dataset.nearGroup] ?? 1) * $0 }
    }
  }

  /// What events of a sum are divided by: the number in the data, where numbers are compared, and otherwise their own.
  private func unit(of parts: [Int], events: Double?, _ whole: [Double]) -> Double {
    if folded.far[parts[0]].dataset.statistic == .poisson, let events, events > 0 { return events }
    let total = whole.reduce(0, +)
    return total > 0 ? total : 1
  }

  func sum(_ components: [[Double]]) -> [Double] {
    components.dropFirst().reduce(components[0]) { zip($0, $1).map { $0 + $1 } }
  }
}
