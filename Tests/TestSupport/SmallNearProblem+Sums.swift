import NuTuneCore

extension SmallNearProblem {
  /// A near sample in each of some beams whose leptons are not told apart by the neutrinos that made them, compared as one shape
  /// with what toy-sf makes of it.
  ///
  /// - Parameters:
  ///   - pure: samples of the components, all in the same bins.
  ///   - beams: horn modes with the flux of each component relative to that of its pure sample; at least two.
  package func summed(_ pure: [TuningSample], in beams: [(mode: String, shares: [Double])]) throws -> TuningSample {
    let truth = try Self.toy()
    let rates = try pure.map { try self.rates(of: truth, $0).map { max($0, 0) } }
    let sums = beams.map { mode, shares in
      let components = zip(pure, shares).map { sample, share in
        TuningSample.Component(
          reaction: sample.sample.reaction, nodeOperator: ScaledOperator(sample.nodeOperator, times: share))
      }
      var sum = pure[0]
      (sum.sample.mode, sum.sample.component) = (mode, "muons-\(mode)")
      (sum.nodeOperator, sum.others) = (components[0].nodeOperator, Array(components.dropFirst()))
      return sum
    }
    return try TuningSample.joining(
      sums,
      values: beams.flatMap { beam in
        rates[0].indices.map { bin in zip(beam.shares, rates).reduce(0) { $0 + $1.0 * $1.1[bin] } }
      }, events: pure[0].events, term: nil)
  }
}
