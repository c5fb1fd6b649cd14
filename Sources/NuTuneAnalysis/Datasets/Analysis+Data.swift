import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

extension Analysis {
  /// Near-detector data, those that are simulated made by a cross section.
  ///
  /// - Parameters:
  ///   - responses: of the cross section, with the fluxes that make the data; nil when none are simulated.
  ///   - member: number of the pseudo-experiment; 0 for the data of the study. Data without fluctuations would be those of
  ///     every pseudo-experiment, so there they get Poisson ones.
  public func nearData(of responses: ModelResponses?, member: Int = 0) throws -> [SampleData] {
    let sampling = member > 0 && options.near.sampling == .asimov ? .poisson : options.near.sampling
    let simulation = DataSimulation(
      events: options.near.number, method: sampling, seed: options.dataSeed, member: member)
    return try data(of: folded.near, simulation, rates: responses?.nearRates(), purpose: "near")
  }

  /// Far-detector data, those that are simulated made by a cross section at the true oscillation parameters.
  ///
  /// - Parameters:
  ///   - responses: of the cross section, with the fluxes that make the data; nil when none are simulated.
  ///   - member: number of the pseudo-experiment; 0 for the data of the study.
  ///   - sampling: how they are drawn; as the options say when nil.
  public func farData(of responses: ModelResponses?, member: Int = 0, sampling: SamplingMethod? = nil) throws
    -> [SampleData]
  {
    let simulation = DataSimulation(
      events: try farEvents(of: responses), method: sampling ?? options.far.sampling, seed: options.dataSeed,
      member: member)
    return try withBackgrounds(
      try data(of: folded.far, simulation, rates: try responses?.farRates(oscillation), purpose: "far"), simulation)
  }

  /// Far events that a cross section and its fluxes make: those of the options, and where numbers count as many times more
  /// as they are far events per near one, relative to the truth with its nominal fluxes.
  private func farEvents(of responses: ModelResponses?) throws -> Double? {
    guard comparesNumbers, let truth, let responses, let number = options.far.number else { return options.far.number }
    let far =
      try Self.simulatedRate(folded.far, responses.farRates(oscillation))
      / Self.simulatedRate(folded.far, truth.farRates(oscillation))
    let near =
      Self.simulatedRate(folded.near, responses.nearRates()) / Self.simulatedRate(folded.near, truth.nearRates())
    return folded.near.isEmpty ? number * far : number * far / near
  }

  /// Data of each dataset, observed or drawn from rates of shape [datasets][bins].
  private func data(of datasets: [FoldedDataset], _ simulation: DataSimulation, rates: [[Double]]?, purpose: String)
    throws -> [SampleData]
  {
    let simulated = datasets.indices.filter { datasets[$0].dataset.observation.isSimulated }
    var drawn: [SampleData] = []
    if !simulated.isEmpty {
      guard let rates else { _ = try closureTruth(); return [] }
      drawn = try simulation.data(
        of: simulated.map { datasets[$0] }, rates: simulated.map { rates[$0] }, purpose: purpose)
    }
    var next = drawn.makeIterator()
    return datasets.compactMap { folded in
      switch folded.dataset.observation {
      case .simulated: next.next()
      case .measured(let values, _, _, _, _):
        SampleData(name: folded.sample.name, truth: nil, contents: values, events: nil)
      case .events(let contents, _):
        SampleData(name: folded.sample.name, truth: nil, contents: contents, events: contents.reduce(0, +))
      }
    }
  }
}

// MARK: - Tuning
