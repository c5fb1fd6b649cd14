/// One axis of a binning: an observable and its bin edges.
public struct Axis: Sendable, Hashable, Codable {
  /// The observable that is binned.
  public var observable: Observable
  /// Bin edges in the unit of the observable, strictly increasing, shape [bins + 1].
  public var edges: [Double]
  /// Binding energy E_b in GeV of a nucleon in ``Observable/quasielasticEnergy``; nil for other observables.
  public var bindingEnergy: Double?

  /// Number of bins.
  public var count: Int { edges.count - 1 }

  /// Creates an axis; throws unless the edges are finite, increase, and lie in the range of the observable.
  ///
  /// - Parameters:
  ///   - observable: the observable that is binned.
  ///   - edges: bin edges in its unit, strictly increasing, shape [bins + 1].
  ///   - bindingEnergy: E_b in GeV for bins in ``Observable/quasielasticEnergy``, for which nil stands for
  ///     ``QuasielasticEnergy/defaultBindingEnergy``; without meaning for other observables.
  ///   - location: where it stands in a file, for errors.
  public init(
    _ observable: Observable, edges: [Double], bindingEnergy: Double? = nil, at location: SourceLocation? = nil
  ) throws {
    let key = "binning.\(observable.rawValue)"
    guard edges.count >= 2 else {
      throw NuTuneError(.badData, at: location, key: key, found: "\(edges.count) edges", expected: "at least 2")
    }
    for (index, (low, high)) in zip(edges, edges.dropFirst()).enumerated() where !(low < high) {
      throw NuTuneError(
        .badData, at: location, key: key, found: "edge \(index + 2) (\(high)) not above edge \(index + 1) (\(low))",
        expected: "strictly increasing bin edges")
    }
    guard let low = edges.first, let high = edges.last, observable.range.contains(low), observable.range.contains(high)
    else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "edges from \(edges[0]) to \(edges[edges.count - 1])",
        expected: "edges from \(observable.range.lowerBound) to \(observable.range.upperBound)")
    }
    self.observable = observable
    self.edges = edges
    guard observable == .quasielasticEnergy else { return }
    let binding = bindingEnergy ?? QuasielasticEnergy.defaultBindingEnergy
    guard QuasielasticEnergy.bindingEnergies.contains(binding) else {
      throw NuTuneError(
        .badData, at: location, key: "\(key).binding_energy", found: "\(binding)",
        expected: "\(QuasielasticEnergy.bindingEnergies.lowerBound) to "
          + "\(QuasielasticEnergy.bindingEnergies.upperBound) GeV")
    }
    self.bindingEnergy = binding
  }

  /// Centre of a bin.
  public func center(_ bin: Int) -> Double { (edges[bin] + edges[bin + 1]) / 2 }
  /// Width of a bin.
  public func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }
}
