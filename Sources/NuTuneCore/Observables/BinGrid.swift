/// A grid of bins in two observables; bin (i, j) has the index i · second.count + j.
public struct BinGrid: Sendable, Hashable, Codable {
  /// The first (slower) axis.
  public var first: Axis
  /// The second (faster) axis.
  public var second: Axis

  /// A grid of two axes.
  public init(_ first: Axis, _ second: Axis) {
    self.first = first
    self.second = second
  }

  /// Number of bins.
  public var count: Int { first.count * second.count }

  /// The observables in order.
  public var observables: [Observable] { [first.observable, second.observable] }

  var name: String { "(\(observables.map(\.rawValue).joined(separator: ", ")))" }

  /// Returns the ranges of a bin in the two observables.
  public func ranges(of bin: Int) -> (first: ClosedRange<Double>, second: ClosedRange<Double>) {
    let (i, j) = (bin / second.count, bin % second.count)
    return (first.edges[i]...first.edges[i + 1], second.edges[j]...second.edges[j + 1])
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
