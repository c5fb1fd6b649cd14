extension Binning {
  /// Creates bins of the lepton of which each grid is divided in its own way.
  ///
  /// - Parameters:
  ///   - grids: at least one, in the order of their bins.
  ///   - axes: bins of visible hadronic or reconstructed energy of each grid, shape [grids].
  ///   - location: where they stand in a file, for errors.
  /// - Throws: `NuTuneError` where the bins of the lepton are none, or where grids differ in the observable.
  public init(_ grids: [BinGrid], hadronicOfGrids axes: [Axis], at location: SourceLocation? = nil) throws {
    guard let first = axes.first, axes.count == grids.count, axes.allSatisfy({ $0.observable == first.observable })
    else {
      throw NuTuneError(
        .badData, at: location, key: "binning",
        found: "\(grids.count) blocks, in \(axes.map(\.observable.rawValue).joined(separator: ", "))",
        expected: "one energy of hadrons in all blocks")
    }
    guard axes.contains(where: { $0 != first }) else {
      try self.init(grids, hadronic: first, at: location)
      return
    }
    var edges: [Double] = []
    for edge in axes.flatMap(\.edges).sorted() {
      if let last = edges.last, Self.isSame(last, edge) { continue }
      edges.append(edge)
    }
    try self.init(grids, hadronic: Axis(first.observable, edges: edges), ofGrids: axes, at: location)
  }

  /// The lepton bin, the grid and the bin of the hadronic energy of a bin.
  func place(of bin: Int) -> (lepton: Int, grid: Int, part: Int) {
    var (rest, lepton) = (bin, 0)
    for (index, grid) in grids.enumerated() {
      let parts = hadronicOfGrids?[index].count ?? hadronicCount
      guard rest >= grid.count * parts else { return (lepton + rest / parts, index, rest % parts) }
      rest -= grid.count * parts
      lepton += grid.count
    }
    preconditionFailure("bin \(bin) of \(count)")
  }

  /// The bins into which each lepton bin is divided, shape [lepton bins].
  public var binsOfLepton: [Range<Int>] {
    var start = 0
    return grids.enumerated().flatMap { index, grid in
      let parts = hadronicOfGrids?[index].count ?? hadronicCount
      return (0..<grid.count).map { _ in
        defer { start += parts }
        return start..<start + parts
      }
    }
  }

  /// The bins of ``hadronic`` that each bin of each lepton bin counts, shape [lepton bins][]; nil where each counts one. The
  /// lowest and the highest of a lepton bin count all beyond, unless ``endsAtHadronicEdges``.
  public var hadronicRuns: [[Range<Int>]]? {
    guard let hadronic, let hadronicOfGrids else { return nil }
    return zip(grids, hadronicOfGrids).flatMap { grid, axis in
      var places = axis.edges.map { edge in hadronic.edges.firstIndex { Self.isSame($0, edge) } ?? 0 }
      if !endsAtHadronicEdges { (places[0], places[axis.count]) = (0, hadronic.count) }
      let runs = zip(places, places.dropFirst()).map { $0..<$1 }
      return [[Range<Int>]](repeating: runs, count: grid.count)
    }
  }

  /// The bins of the hadronic energy in a grid; nil where it is not measured.
  public func hadronic(ofGrid index: Int) -> Axis? { hadronicOfGrids?[index] ?? hadronic }
}
