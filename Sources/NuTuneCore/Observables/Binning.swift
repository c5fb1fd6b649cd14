/// Bins in two named observables; bin (i, j) has the flat index i · second.count + j.
public struct Binning: Sendable, Hashable, Codable {
  /// The first (slower) axis.
  public var first: Axis
  /// The second (faster) axis.
  public var second: Axis

  /// Number of bins.
  public var count: Int { first.count * second.count }

  /// Creates bins in two observables; throws unless the pair determines the lepton kinematics.
  public init(_ first: Axis, _ second: Axis, at location: SourceLocation? = nil) throws {
    _ = try ObservablePair(first.observable, second.observable, at: location)
    self.first = first
    self.second = second
  }

  /// The pair of observables.
  public var observables: ObservablePair {
    get throws { try ObservablePair(first.observable, second.observable) }
  }

  /// Returns the projections on the first and on the second axis: sums of flat bin contents over the other axis.
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
