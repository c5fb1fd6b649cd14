extension TuningSample {
  /// Several samples as one, whose bins follow one another: data that are compared together, because they share errors or a
  /// scale.
  ///
  /// A model that learns sees one sample, so that no model needs to know that there are several.
  ///
  /// - Parameters:
  ///   - samples: of the same reactions and composition, none of which follows response parameters; at least two.
  ///   - values: the data of all, shape [bins].
  ///   - events: number of events behind them; nil means infinite, or values with a covariance.
  ///   - term: the term that compares the rates of all with them; nil compares their shape as one, so that how many events one
  ///     of the samples has beside the others counts.
  /// - Throws: `NuTuneError` for samples that have no structure functions in common.
  public static func joining(
    _ samples: [TuningSample], values: [Double], events: Double? = nil, term: (any LikelihoodTerm)?
  ) throws -> TuningSample {
    precondition(samples.count > 1, "nothing to join")
    let (first, whole) = (samples[0], Sample.together(samples.map(\.sample)))
    @Sendable func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, key: whole.name, found: found, expected: expected)
    }
    func parts(_ sample: TuningSample) -> [[(reaction: Reaction, share: Double)]] {
      sample.components.map { sample.reactions(like: $0.reaction) }
    }
    guard
      samples.allSatisfy({ sample in
        parts(sample).elementsEqual(parts(first)) { $0.elementsEqual($1) { $0 == $1 } }
      })
    else {
      throw refuse("other neutrinos or nuclei in samples that are compared together", "one species and one composition")
    }
    guard samples.allSatisfy({ $0.responseVariation == nil }) else {
      throw refuse("a detector response that is fitted, of samples that are compared together", "one or the other")
    }
    let total = values.reduce(0, +)
    var joined = TuningSample(
      sample: whole, probabilities: total == 0 ? values : values.map { $0 / total }, events: events,
      nodeOperator: JoinedOperator(operators: samples.map(\.nodeOperator)),
      quadrature: { _ in
        throw refuse(
          "a model without structure functions for samples that are compared together", "one with structure functions")
      })
    joined.others = first.others.indices.map { index in
      Component(
        reaction: first.others[index].reaction,
        nodeOperator: JoinedOperator(operators: samples.map { $0.others[index].nodeOperator }))
    }
    joined.parts = samples.map(\.sample)
    joined.composition = first.composition
    joined.term = term
    return joined
  }

  /// Near positions or measurements that its bins are of.
  var positions: [String] { parts.isEmpty ? [sample.position] : parts.map(\.position) }
}

extension Sample {
  /// What several samples that are compared together are called: the first of them with the positions of all, or with the names
  /// of all where they are sums.
  package static func together(_ samples: [Sample]) -> Sample {
    var whole = samples[0]
    guard whole.component.isEmpty else {
      whole.component = samples.map(\.component).joined(separator: "+")
      return whole
    }
    whole.position = samples.map(\.position).joined(separator: "+")
    return whole
  }
}
