import NuTuneCore
import NuTuneFolding

extension Analysis {
  /// The near samples that a model learned from, with the places where they constrain it and its rate in them.
  ///
  /// - Parameters:
  ///   - model: the tuned model.
  ///   - label: label of the model.
  ///   - data: the near data.
  ///   - share: central share of the rate within the ranges of a place.
  package func learnedSamples(
    of model: any CrossSectionModel, label: String, on data: [SampleData], share: Double
  ) throws -> [LearnedSample] {
    try zip(folded.near, data).filter { options.learns(label, from: $0.0.dataset) }.map { near, data in
      let dataset = near.dataset
      var learned = LearnedSample(
        name: near.sample.name, reactions: [near.sample.reaction] + dataset.reactions.map(\.reaction),
        groups: folded.groups(fixedBy: dataset), hasScale: dataset.statistic != .shape, events: data.events)
      learned.totalError = Self.totalError(of: dataset, events: data.events)
      guard let linear = model as? any StructureFunctionModel else { return learned }
      let parts = try folded.contributions(of: linear, near, weights: folded.nearWeights(near))
      learned.place = place(ForwardModel.shares(parts), share: share)
      guard dataset.fixesScale else { return learned }
      let rate = dataset.exposure * parts.reduce(0) { $0 + $1.reduce(0, +) }
      let unit = try nearUnit(of: dataset)
      learned.rates = (data.events.map { $0 / unit } ?? dataset.exposure * (data.rate ?? 0), rate)
      return learned
    }
  }

  /// Relative error of the sum of the bins of a dataset, as the model was given it.
  private static func totalError(of dataset: Dataset, events: Double?) -> Double? {
    guard case .measured(let values, let covariance, _, _, _) = dataset.observation else {
      return events.flatMap { $0 > 0 ? 1 / $0.squareRoot() : nil }
    }
    let (sum, variance) = (values.reduce(0, +), covariance.elements.reduce(0, +) / dataset.weight)
    return sum > 0 && variance > 0 ? variance.squareRoot() / sum : nil
  }

  /// Near events for a rate of one: what the scale of a model is measured in beside the near data.
  package func nearUnit() throws -> Double { try unit(near: true) }

  private func nearUnit(of dataset: Dataset) throws -> Double {
    dataset.observation.isSimulated ? try nearUnit() : 1
  }

  /// Ranges of W² and Q² that hold the central share of some shares of the nodes; nil when all are zero.
  private func place(_ shares: [Double], share: Double) -> (w2: ClosedRange<Double>, q2: ClosedRange<Double>)? {
    let points = folded.grid.invariants()
    let mass = PhysicalConstants.nucleonMass
    func range(_ value: (Int) -> Double) -> ClosedRange<Double>? {
      let used = shares.indices.filter { shares[$0] > 0 }.map { (value: value($0), share: shares[$0]) }
        .sorted { $0.value < $1.value }
      let total = used.reduce(0) { $0 + $1.share }
      guard total > 0 else { return nil }
      func quantile(_ part: Double) -> Double {
        var sum = 0.0
        return used.first {
          sum += $0.share; return sum >= part * total
        }?.value ?? used[used.count - 1].value
      }
      return quantile((1 - share) / 2)...quantile((1 + share) / 2)
    }
    guard let w2 = range({ mass * mass + 2 * mass * points.omega[$0] - points.q2[$0] }),
      let q2 = range({ points.q2[$0] })
    else { return nil }
    return (w2, q2)
  }
}
