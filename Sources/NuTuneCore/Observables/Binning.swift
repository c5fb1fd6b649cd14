/// One axis of a binning: an observable and its bin edges.
public struct Axis: Sendable, Hashable, Codable {
  /// What is measured.
  public var observable: Observable
  /// Bin edges in the unit of the observable, strictly increasing, shape [bins + 1].
  public var edges: [Double]

  /// Number of bins.
  public var count: Int { edges.count - 1 }

  /// An axis; edges that do not increase, are not finite, or lie outside what the observable can be are refused.
  public init(_ observable: Observable, edges: [Double], at location: SourceLocation? = nil) throws {
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
  }

  /// Centre of a bin.
  public func center(_ bin: Int) -> Double { (edges[bin] + edges[bin + 1]) / 2 }
  /// Width of a bin.
  public func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }
}

/// Bins in two named observables; bin (i, j) has the flat index i · second.count + j.
public struct Binning: Sendable, Hashable, Codable {
  /// The first (slower) axis.
  public var first: Axis
  /// The second (faster) axis.
  public var second: Axis

  /// Number of bins.
  public var count: Int { first.count * second.count }

  /// Bins in two observables that together fix the lepton.
  public init(_ first: Axis, _ second: Axis, at location: SourceLocation? = nil) throws {
    _ = try ObservablePair(first.observable, second.observable, at: location)
    self.first = first
    self.second = second
  }

  /// The pair of observables.
  public var observables: ObservablePair {
    get throws { try ObservablePair(first.observable, second.observable) }
  }

  /// Sums of flat bin contents over the other axis: projections on the first and on the second axis.
  public func projections(_ contents: [Double]) -> (first: [Double], second: [Double]) {
    precondition(contents.count == count)
    var onFirst = [Double](repeating: 0, count: first.count)
    var onSecond = [Double](repeating: 0, count: second.count)
    for i in 0..<first.count {
      for j in 0..<second.count {
        onFirst[i] += contents[i * second.count + j]
        onSecond[j] += contents[i * second.count + j]
      }
    }
    return (onFirst, onSecond)
  }
}
