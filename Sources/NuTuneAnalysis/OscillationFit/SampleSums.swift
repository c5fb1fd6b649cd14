import NuTuneStatistics

/// How components add up to the samples that a far detector measures: the rate of a sample is Σ factor · rate over its
/// components, which have the same bins, and the events of its backgrounds.
///
/// A sample of one component without backgrounds is that component with a factor of one; its normalisation is that of
/// its term.
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
  /// The backgrounds of each sample.
  let backgrounds: [[Background]]

  /// Components by name of the sample that each belongs to, in order; backgrounds know their sample.
  package init(measuredAs names: [String], factors: [Double], backgrounds: [Background] = []) {
    var order: [String] = []
    for name in names where !order.contains(name) { order.append(name) }
    let own = order.map { sample in backgrounds.filter { $0.sample == sample } }
    self.backgrounds = own
    samples = zip(order, own).map { sample, backgrounds in
      let members = names.indices.filter { names[$0] == sample }
      let isSum = members.count > 1 || !backgrounds.isEmpty
      return members.map { Part(component: $0, factor: isSum ? factors[$0] : 1) }
    }
  }

  /// Whether every sample has one component.
  var isTrivial: Bool { samples.allSatisfy { $0.count == 1 } }
  /// Whether any sample has backgrounds.
  var hasBackgrounds: Bool { backgrounds.contains { !$0.isEmpty } }

  /// Whether a sample is one component and nothing else.
  private func isAlone(_ sample: Int) -> Bool { samples[sample].count == 1 && backgrounds[sample].isEmpty }

  /// The sample of each component and its factor there, shape [components].
  var places: [(sample: Int, factor: Double)] {
    var places = [(sample: Int, factor: Double)](repeating: (0, 1), count: samples.reduce(0) { $0 + $1.count })
    for (sample, parts) in samples.enumerated() {
      for part in parts { places[part.component] = (sample, part.factor) }
    }
    return places
  }

  /// Rates of samples, of rates of components, shape [components][bins] → [samples][bins].
  func rates(_ components: [[Double]]) -> [[Double]] { addingBackgrounds(to: sum(components)) }

  /// Adds the events of backgrounds to the rates of samples, shape [samples][bins].
  func addingBackgrounds(to rates: [[Double]]) -> [[Double]] {
    guard hasBackgrounds else { return rates }
    return zip(rates, backgrounds).map { rates, backgrounds in
      var rates = rates
      for background in backgrounds { for bin in rates.indices { rates[bin] += background.events[bin] } }
      return rates
    }
  }

  /// Adds what backgrounds change to the changes of samples by pulls, shape [samples][pulls × bins].
  ///
  /// - Parameter pulls: names of the pulls; those of backgrounds change their events.
  func addingBackgrounds(toChanges changes: [[Double]], of pulls: [String]) -> [[Double]] {
    guard hasBackgrounds else { return changes }
    return zip(changes, backgrounds).map { changes, backgrounds in
      var changes = changes
      for background in backgrounds {
        guard let pull = background.pull.flatMap(pulls.firstIndex) else { continue }
        let first = pull * background.events.count
        for (bin, events) in background.events.enumerated() { changes[first + bin] += background.sigma * events }
      }
      return changes
    }
  }

  /// Adds what is linear in rates, shape [components][…] → [samples][…].
  func sum(_ values: [[Double]]) -> [[Double]] {
    samples.enumerated().map { sample, parts in
      guard !isAlone(sample) else { return values[parts[0].component] }
      var sum = [Double](repeating: 0, count: values[parts[0].component].count)
      for part in parts {
        for (index, value) in values[part.component].enumerated() { sum[index] += part.factor * value }
      }
      return sum
    }
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

  /// Turns derivatives with respect to what ``sum(_:)`` makes of rates in parts into those with respect to these rates, shape
  /// [samples] → [components]; without pulls.
  ///
  /// - Parameters:
  ///   - slopes: derivatives with respect to the rates of samples.
  ///   - rates: the rates of components.
  func componentSlopes(_ slopes: [ModeRates], of rates: [ModeRates]) -> [ModeRates] {
    var components = rates
    for (parts, slopes) in zip(samples, slopes) {
      var first = 0
      for part in parts {
        let end = first + rates[part.component].parts.count
        components[part.component] = ModeRates(
          parts: slopes.parts[first..<end].map { part.factor * $0 }, fixed: slopes.fixed.map { part.factor * $0 })
        first = end
      }
    }
    return components
  }

  /// Rates of all parts of a sample's components, shape [components] → [samples]; without pulls.
  func sum(_ rates: [ModeRates]) -> [ModeRates] {
    let fixed = self.rates(rates.map(\.fixed))
    return samples.enumerated().map { sample, parts in
      guard !isAlone(sample) else { return rates[parts[0].component] }
      return ModeRates(
        parts: parts.flatMap { part in rates[part.component].parts.map { part.factor * $0 } }, fixed: fixed[sample])
    }
  }
}
