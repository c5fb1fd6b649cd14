/// A distribution along one axis: sums of bins of a binning.
public struct Marginal: Sendable, Hashable {
  /// The axis.
  public let axis: Axis
  /// The bins that are added in each bin of the axis, shape [axis bins][].
  public let bins: [[Int]]
  /// The range of the other observable, if it is one of several slices.
  public let slice: Slice?

  /// A range of the observable that is summed over.
  public struct Slice: Sendable, Hashable {
    /// The observable.
    public let observable: Observable
    /// Its range, in its unit.
    public let range: ClosedRange<Double>
  }

  /// Computes the sums of flat bin contents, shape [axis bins].
  public func sums(_ contents: [Double]) -> [Double] { bins.map { $0.reduce(0) { $0 + contents[$1] } } }
}

extension Binning {
  /// The distributions along single axes that show all bins: both projections of a grid, and of several grids a slice
  /// each, along the axis on which it has more bins. Where the hadronic energy is measured, they are sums over it, and its
  /// own distribution follows them, in a slice of the slower observable for each grid that has bins of its own in it.
  public var marginals: [Marginal] {
    guard let hadronic else { return leptonMarginals }
    let ofLepton = binsOfLepton
    func along(_ axis: Axis, _ bins: some Sequence<Range<Int>>, slice: Marginal.Slice? = nil) -> Marginal {
      Marginal(
        axis: axis, bins: (0..<axis.count).map { part in bins.map { $0.lowerBound + part } }, slice: slice)
    }
    let sums = leptonMarginals.map { marginal in
      Marginal(axis: marginal.axis, bins: marginal.bins.map { $0.flatMap { ofLepton[$0] } }, slice: marginal.slice)
    }
    guard let hadronicOfGrids else { return sums + [along(hadronic, ofLepton)] }
    var start = 0
    return sums
      + zip(grids, hadronicOfGrids).map { grid, axis in
        defer { start += grid.count }
        return along(
          axis, ofLepton[start..<start + grid.count],
          slice: Marginal.Slice(
            observable: grid.first.observable, range: grid.first.edges[0]...grid.first.edges[grid.first.count]))
      }
  }

  private var leptonMarginals: [Marginal] {
    if grids.count == 1 {
      let grid = grids[0]
      return [grid.marginal(onFirst: true, from: 0), grid.marginal(onFirst: false, from: 0)]
    }
    var start = 0
    return grids.map { grid in
      defer { start += grid.count }
      let onFirst = grid.first.count >= grid.second.count
      let other = onFirst ? grid.second : grid.first
      return grid.marginal(
        onFirst: onFirst, from: start,
        slice: Marginal.Slice(observable: other.observable, range: other.edges[0]...other.edges[other.count]))
    }
  }
}

extension BinGrid {
  fileprivate func marginal(onFirst: Bool, from start: Int, slice: Marginal.Slice? = nil) -> Marginal {
    let (rows, columns) = (0..<first.count, 0..<second.count)
    let bins =
      onFirst
      ? rows.map { i in columns.map { start + i * second.count + $0 } }
      : columns.map { j in rows.map { start + $0 * second.count + j } }
    return Marginal(axis: onFirst ? first : second, bins: bins, slice: slice)
  }
}
