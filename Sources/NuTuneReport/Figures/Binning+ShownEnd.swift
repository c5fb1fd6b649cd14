import NuTuneCore

extension Binning {
  /// The end of an axis of the first observable that shows all slices of ragged bins: where last bins reach far beyond the
  /// others, as 5 to 30 GeV behind bins of 0.1 GeV, they are cut. Nil where nothing is.
  var shownEnd: Double? {
    guard grids.count > 1 else { return nil }
    let ends = grids.filter { $0.first.count > 1 }.map { grid -> Double in
      let edges = grid.first.edges
      let (start, before, last) = (edges[0], edges[edges.count - 2], edges[edges.count - 1])
      return last - before > 2 * (before - start) ? before + 0.3 * (before - start) : last
    }
    guard let end = ends.max(), end < extent.first.upperBound else { return nil }
    return end
  }
}
