extension TuningSample {
  /// Several samples as one, whose bins follow one another: data that are compared together, because they share errors.
  ///
  /// A model that learns sees one sample, so that no model needs to know that there are several.
  ///
  /// - Parameters:
  ///   - samples: of one reaction, horn mode and composition, none of which follows response parameters; at least two.
  ///   - values: the data of all, shape [bins].
  ///   - term: the term that compares the rates of all with them.
  /// - Throws: `NuTuneError` for samples that have no structure functions in common.
  public static func joining(
    _ samples: [TuningSample], values: [Double], term: any LikelihoodTerm
  ) throws -> TuningSample {
    precondition(samples.count > 1, "nothing to join")
    let (first, whole) = (samples[0], Sample.together(samples.map(\.sample)))
    @Sendable func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, key: whole.name, found: found, expected: expected)
    }
    let parts = first.reactions.map { ($0.reaction, $0.share) }
    guard
      samples.allSatisfy({ sample in
        sample.sample.mode == first.sample.mode && sample.reactions.count == parts.count
          && zip(sample.reactions, parts).allSatisfy { $0.reaction == $1.0 && $0.share == $1.1 }
      })
    else {
      throw refuse("other neutrinos or nuclei in measurements that share errors", "one species and one composition")
    }
    guard samples.allSatisfy({ $0.responseVariation == nil }) else {
      throw refuse("a detector response that is fitted, of measurements that share errors", "one or the other")
    }
    let total = values.reduce(0, +)
    var joined = TuningSample(
      sample: whole, probabilities: total == 0 ? values : values.map { $0 / total }, events: nil,
      nodeOperator: JoinedOperator(operators: samples.map(\.nodeOperator)),
      quadrature: { _ in
        throw refuse(
          "a model without structure functions for measurements that share errors", "one with structure functions")
      })
    joined.parts = samples.map(\.sample)
    joined.composition = first.composition
    joined.term = term
    return joined
  }

  /// Near positions or measurements that its bins are of.
  var positions: [String] { parts.isEmpty ? [sample.position] : parts.map(\.position) }
}

extension Sample {
  /// What several samples that are compared together are called: the first of them with the positions of all.
  package static func together(_ samples: [Sample]) -> Sample {
    var whole = samples[0]
    whole.position = samples.map(\.position).joined(separator: "+")
    return whole
  }
}
