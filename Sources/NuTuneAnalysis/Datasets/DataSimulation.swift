import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics

/// Draws the data of some samples from their expected rates.
struct DataSimulation {
  /// Events of all samples together; nil means infinite.
  let events: Double?
  let method: SamplingMethod
  let seed: UInt64
  /// Which pseudo-experiment.
  var member = 0

  /// Data of each sample; the events are shared out as the rates are, times the exposure of each sample. A sample for which
  /// none is drawn has none.
  func data(of samples: [FoldedDataset], rates: [[Double]], purpose: String) throws -> [SampleData] {
    let total = zip(samples, rates).reduce(0) { sum, pair in
      pair.1.reduce(sum) { $0 + pair.0.exposure * $1 }
    }
    guard total.isFinite, total > 0 else {
      throw NuTuneError(
        .runtime, at: samples.first?.place, key: "\(purpose)-detector rates",
        found: "a total rate of \(total) in \(samples.map(\.sample.name).joined(separator: ", "))",
        expected: "a flux, a cross section and bins that meet")
    }
    return try zip(samples, rates).map { sample, rates in
      let name = sample.sample.name
      let sum = rates.reduce(0, +)
      guard sum > 0 else {
        throw NuTuneError(
          .runtime, at: sample.place, key: name, found: "no rate in any bin", expected: "bins that the flux reaches")
      }
      let truth = rates.map { $0 / sum }
      guard let events else { return SampleData(name: name, truth: truth, contents: truth, events: nil, rate: sum) }
      let expected = events * (sample.exposure * sum) / total
      let contents = try contents(of: truth, expected, purpose: "\(purpose).\(name)")
      return SampleData(name: name, truth: truth, contents: contents, events: contents.reduce(0, +))
    }
  }

  /// Events of a far background in each bin of its sample.
  func contents(of background: Background) throws -> [Double] {
    try contents(of: background.events, background.total, purpose: "far.\(background.sample)+\(background.name)")
  }

  /// Events in each bin, of probabilities in any normalisation.
  private func contents(of probabilities: [Double], _ expected: Double, purpose: String) throws -> [Double] {
    let stream = try RandomStream(seed: seed, purpose: purpose, member: member)
    return switch method {
    case .asimov: try PseudoData.asimov(probabilities: probabilities, events: expected)
    case .poisson: try PseudoData.poisson(probabilities: probabilities, events: expected, stream: stream)
    case .multinomial:
      try PseudoData.multinomial(probabilities: probabilities, events: Int(expected.rounded()), stream: stream)
    }
  }
}
