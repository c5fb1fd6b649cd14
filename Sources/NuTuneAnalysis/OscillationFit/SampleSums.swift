import NuTuneStatistics

/// How components add up to the samples that a far detector measures: the rate of a sample is Σ factor · rate over its
/// components, which have the same bins.
///
/// A sample of one component is that component with a factor of one; its normalisation is that of its term.
package struct SampleSums: Sendable {
  /// A component with its factor.
  package struct Part: Sendable, Hashable {
    /// Index of the far dataset.
    let component: Int
    /// Events for a rate of one; one where the term knows that.
    let factor: Double
  }

  /// The components of each sample, samples in the order of their first components.
  let samples: [[Part]]

  /// Components by name of the sample that each belongs to, in order.
  package init(measuredAs names: [String], factors: [Double]) {
    var order: [String] = []
    for name in names where !order.contains(name) { order.append(name) }
    samples = order.map { sample in
      let members = names.indices.filter { names[$0] == sample }
      return members.map { Part(component: $0, factor: members.count > 1 ? factors[$0] : 1) }
    }
  }

  /// Whether every sample is measured as it is.
  var isTrivial: Bool { samples.allSatisfy { $0.count == 1 } }

  /// Adds what is linear in rates, shape [components][…] → [samples][…].
  func sum(_ values: [[Double]]) -> [[Double]] {
    samples.map { parts in
      guard parts.count > 1 else { return values[parts[0].component] }
      var sum = [Double](repeating: 0, count: values[parts[0].component].count)
      for part in parts {
        for (index, value) in values[part.component].enumerated() { sum[index] += part.factor * value }
      }
      return sum
    }
  }

  /// Turns derivatives with respect to what ``sum(_:)`` gives into those with respect to the components, shape [samples][…] →
  /// [components][…].
  func parts(of slopes: [[Double]]) -> [[Double]] {
    var parts = [[Double]](repeating: [], count: samples.reduce(0) { $0 + $1.count })
    for (members, slope) in zip(samples, slopes) {
      for part in members { parts[part.component] = part.factor == 1 ? slope : slope.map { part.factor * $0 } }
    }
    return parts
  }

  /// Slopes of all parts of a sample's components, shape [components] → [samples].
  func sum(_ slopes: [ModeSlopes]) -> [ModeSlopes] {
    samples.map { parts in
      guard parts.count > 1 else { return slopes[parts[0].component] }
      let members = parts.map { slopes[$0.component] }
      return ModeSlopes(
        binCount: members[0].binCount, bins: members.flatMap(\.bins), slopes: members.flatMap(\.slopes))
    }
  }

  /// Rates of all parts of a sample's components, shape [components] → [samples]; without pulls.
  func sum(_ rates: [ModeRates]) -> [ModeRates] {
    let fixed = sum(rates.map(\.fixed))
    return zip(samples, fixed).map { parts, fixed in
      guard parts.count > 1 else { return rates[parts[0].component] }
      return ModeRates(
        parts: parts.flatMap { part in rates[part.component].parts.map { part.factor * $0 } }, fixed: fixed)
    }
  }
}
