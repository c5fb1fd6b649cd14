/// Bins in named observables: a list of grids, whose bins follow one another.
///
/// Most measurements are one grid. Published ones are often ragged: rows of bins in cosθ with edges in p of their own, or
/// a grid of which some bins are left out. Those are several grids, down to one for every bin.
///
/// The visible hadronic energy E_had, or the reconstructed energy E_l + E_had, may divide every bin of the lepton further
/// (``hadronic``): bin k of K in it, of the lepton bin l, has the index l · K + k. Grids may have edges of their own in it
/// (``hadronicOfGrids``), and then the bins of one lepton bin follow those of the one before.
public struct Binning: Sendable, Hashable {
  /// The grids of the lepton, at least one, all in the same observables; no two overlap.
  public let grids: [BinGrid]
  /// The bins of visible hadronic or reconstructed energy into which every lepton bin is divided; nil for bins of the lepton
  /// alone.
  ///
  /// The lowest of them counts all that is seen below its upper edge and the highest all above its lower edge, so that
  /// nothing is lost beyond the ends of the axis, unless ``endsAtHadronicEdges``.
  ///
  /// Where grids have edges of their own it holds all of them, and the bins of a lepton bin are runs of its bins.
  public let hadronic: Axis?
  /// The bins into which the lepton bins of each grid are divided, shape [grids]; nil where they are those of ``hadronic`` in
  /// all of them.
  public let hadronicOfGrids: [Axis]?
  /// Whether what is seen below the first edge or above the last edge of ``hadronic`` is in no bin, as in published cross
  /// sections.
  public var endsAtHadronicEdges = false
  /// Number of bins of the lepton.
  public let leptonCount: Int

  /// Number of bins.
  public var count: Int {
    hadronicOfGrids.map { zip(grids, $0).reduce(0) { $0 + $1.0.count * $1.1.count } } ?? leptonCount * hadronicCount
  }
  /// Number of bins of ``hadronic``; one where the hadronic energy is not measured.
  public var hadronicCount: Int { hadronic?.count ?? 1 }
  /// Largest angle between lepton and beam in degrees that is measured; nil for all. Of a bin that reaches beyond, the
  /// rate is that of the leptons within.
  public var largestAngle: Double?

  /// Creates a grid of bins in two observables; throws unless the pair determines the lepton kinematics.
  ///
  /// - Parameters:
  ///   - first: the slower axis.
  ///   - second: the faster axis.
  ///   - hadronic: bins of visible hadronic energy that divide each of them; nil for none.
  ///   - location: where they stand in a file, for errors.
  public init(_ first: Axis, _ second: Axis, hadronic: Axis? = nil, at location: SourceLocation? = nil) throws {
    try self.init([BinGrid(first, second)], hadronic: hadronic, at: location)
  }

  /// Creates bins from a list of grids.
  ///
  /// - Parameters:
  ///   - grids: at least one, in the order of their bins.
  ///   - hadronic: bins of visible hadronic energy that divide each of them; nil for none.
  ///   - location: where they stand in a file, for errors.
  /// - Throws: `NuTuneError` unless all are in the same pair of observables, which determines the lepton kinematics, and
  ///   no two bins overlap.
  public init(_ grids: [BinGrid], hadronic: Axis? = nil, at location: SourceLocation? = nil) throws {
    try self.init(grids, hadronic: hadronic, ofGrids: nil, at: location)
  }

  init(_ grids: [BinGrid], hadronic: Axis?, ofGrids: [Axis]?, at location: SourceLocation?) throws {
    guard let first = grids.first else {
      throw NuTuneError(.badData, at: location, key: "binning", found: "no bins", expected: "at least one")
    }
    _ = try ObservablePair(first.first.observable, first.second.observable, at: location)
    for (index, grid) in grids.enumerated() where grid.first.bindingEnergy != first.first.bindingEnergy {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "another binding energy in block \(index + 1) than in block 1",
        expected: "the same in all blocks")
    }
    for (index, grid) in grids.enumerated() where grid.observables != first.observables {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "\(grid.name) in block \(index + 1), \(first.name) in block 1",
        expected: "the same observables in all blocks")
    }
    if let hadronic { try Self.check(third: hadronic.observable, beside: first, at: location) }
    self.grids = grids
    self.hadronic = hadronic
    hadronicOfGrids = ofGrids
    leptonCount = grids.reduce(0) { $0 + $1.count }
    if let (a, b) = overlap() {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "bins \(a) and \(b) (from 0) overlap",
        expected: "bins that each lepton falls into at most once")
    }
  }

  /// Creates bins from their ranges, in any order; neighbours that make a row, and equal rows that make a grid, are kept
  /// as such.
  ///
  /// - Parameters:
  ///   - observables: the pair of observables.
  ///   - bins: ranges of each bin in the two observables.
  ///   - location: where they stand in a file, for errors.
  public init(
    _ observables: ObservablePair, bins: [(first: ClosedRange<Double>, second: ClosedRange<Double>)],
    at location: SourceLocation? = nil
  ) throws {
    // Rows of bins with the same range in the first observable, each beginning where the one before ends.
    var rows: [(first: [Double], second: [Double])] = []
    for bin in bins {
      let range = [bin.first.lowerBound, bin.first.upperBound]
      if let last = rows.indices.last, rows[last].first == range, rows[last].second.last == bin.second.lowerBound {
        rows[last].second.append(bin.second.upperBound)
      } else {
        rows.append((range, [bin.second.lowerBound, bin.second.upperBound]))
      }
    }
    // Rows with the same edges, each beginning where the one before ends.
    var blocks: [(first: [Double], second: [Double])] = []
    for row in rows {
      if let last = blocks.indices.last, blocks[last].second == row.second, blocks[last].first.last == row.first[0] {
        blocks[last].first.append(row.first[1])
      } else {
        blocks.append(row)
      }
    }
    try self.init(
      blocks.map {
        BinGrid(
          try Axis(observables.first, edges: $0.first, bindingEnergy: observables.bindingEnergy, at: location),
          try Axis(observables.second, edges: $0.second, at: location))
      }, at: location)
  }

  /// The grid, where the bins are those of one grid of the lepton alone.
  public var grid: BinGrid? { grids.count == 1 && hadronic == nil ? grids[0] : nil }

  /// The bins of the lepton alone.
  public var lepton: Binning { Binning(grids: grids, leptonCount: leptonCount, largestAngle: largestAngle) }

  init(grids: [BinGrid], leptonCount: Int, largestAngle: Double?) {
    self.grids = grids
    self.leptonCount = leptonCount
    self.largestAngle = largestAngle
    hadronic = nil
    hadronicOfGrids = nil
  }

  /// The pair of observables of the lepton.
  public var observables: ObservablePair {
    get throws {
      try ObservablePair(
        grids[0].first.observable, grids[0].second.observable, bindingEnergy: grids[0].first.bindingEnergy)
    }
  }

  /// The names of the observables in order.
  public var observableNames: [Observable] { grids[0].observables + (hadronic.map { [$0.observable] } ?? []) }

  /// Returns the ranges of a bin in the two observables of the lepton.
  public func ranges(of bin: Int) -> (first: ClosedRange<Double>, second: ClosedRange<Double>) {
    precondition((0..<count).contains(bin))
    return leptonRanges(of: place(of: bin).lepton)
  }

  /// Returns the ranges of a bin in all observables, in the order of ``observableNames``.
  public func allRanges(of bin: Int) -> [ClosedRange<Double>] {
    let (first, second) = ranges(of: bin)
    guard let hadronic else { return [first, second] }
    let (_, grid, part) = place(of: bin)
    let edges = (hadronicOfGrids?[grid] ?? hadronic).edges
    return [first, second, edges[part]...edges[part + 1]]
  }

  /// Sums the contents of bins over the hadronic energy, shape [bins] → [lepton bins].
  public func summedOverHadronicEnergy(_ contents: [Double]) -> [Double] {
    precondition(contents.count == count)
    guard hadronicCount > 1 else { return contents }
    return binsOfLepton.map { contents[$0].reduce(0, +) }
  }

  func leptonRanges(of bin: Int) -> (first: ClosedRange<Double>, second: ClosedRange<Double>) {
    var rest = bin
    for grid in grids {
      guard rest >= grid.count else { return grid.ranges(of: rest) }
      rest -= grid.count
    }
    preconditionFailure("bin \(bin) of \(leptonCount)")
  }

  /// Returns the smallest range that holds all bins in each observable of the lepton.
  public var extent: (first: ClosedRange<Double>, second: ClosedRange<Double>) {
    func hull(_ axis: (BinGrid) -> Axis) -> ClosedRange<Double> {
      let edges = grids.flatMap { [axis($0).edges[0], axis($0).edges[axis($0).count]] }
      return (edges.min() ?? 0)...(edges.max() ?? 0)
    }
    return (hull(\.first), hull(\.second))
  }

  /// Returns the grid of all edges of the lepton's bins, in which each of these is a union of cells, with the cells of each:
  /// for what is computed along axes, such as the smearing of a detector.
  public func commonRefinement() throws -> (grid: BinGrid, cells: [[Int]]) {
    if grids.count == 1 { return (grids[0], (0..<leptonCount).map { [$0] }) }
    func axis(_ part: (BinGrid) -> Axis) throws -> Axis {
      var edges: [Double] = []
      for edge in Set(grids.flatMap { part($0).edges }).sorted() {
        if let last = edges.last, Self.isSame(last, edge) { continue }
        edges.append(edge)
      }
      return try Axis(part(grids[0]).observable, edges: edges, bindingEnergy: part(grids[0]).bindingEnergy)
    }
    let grid = try BinGrid(axis(\.first), axis(\.second))
    func places(_ range: ClosedRange<Double>, _ edges: [Double]) -> Range<Int> {
      let low = edges.firstIndex { Self.isSame($0, range.lowerBound) } ?? 0
      return low..<(edges.firstIndex { Self.isSame($0, range.upperBound) } ?? low)
    }
    return (
      grid,
      (0..<leptonCount).map { bin in
        let ranges = leptonRanges(of: bin)
        let columns = places(ranges.second, grid.second.edges)
        return places(ranges.first, grid.first.edges).flatMap { i in columns.map { i * grid.second.count + $0 } }
      }
    )
  }

  /// Edges that are sums of printed numbers (0.1 + 0.2, −0.2 + 0.2) may differ in their last digits.
  static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-3) }

  private static func isBelow(_ a: Double, _ b: Double) -> Bool { a < b && !isSame(a, b) }

  /// Returns two bins that overlap; nil if there are none.
  private func overlap() -> (Int, Int)? {
    guard grids.count > 1 else { return nil }
    // Sorted by their lower ends along the first observable, only bins that begin before a bin ends can overlap it.
    let bins = (0..<leptonCount).map { (bin: $0, ranges: leptonRanges(of: $0)) }.sorted {
      ($0.ranges.first.lowerBound, $0.bin) < ($1.ranges.first.lowerBound, $1.bin)
    }
    for (position, one) in bins.enumerated() {
      for other in bins[(position + 1)...] {
        guard Self.isBelow(other.ranges.first.lowerBound, one.ranges.first.upperBound) else { break }
        if Self.isBelow(other.ranges.second.lowerBound, one.ranges.second.upperBound),
          Self.isBelow(one.ranges.second.lowerBound, other.ranges.second.upperBound)
        {
          return (min(one.bin, other.bin), max(one.bin, other.bin))
        }
      }
    }
    return nil
  }
}

extension Binning: Codable {
  private enum CodingKeys: String, CodingKey {
    case grids, first, second, third
    case largestAngle = "largest_angle"
    case endsAtHadronicEdges = "ends_at_third_edges"
  }

  /// A grid, with the hadronic energy where grids differ in it.
  private struct Block: Codable {
    var first: Axis
    var second: Axis
    var third: Axis?
  }

  /// Reads one grid, or an object with several, with the hadronic energy as `third` and the largest angle that is measured
  /// beside them.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let blocks =
      container.contains(.grids) ? try container.decode([Block].self, forKey: .grids) : [try Block(from: decoder)]
    let grids = try blocks.map {
      BinGrid(
        try Axis($0.first.observable, edges: $0.first.edges, bindingEnergy: $0.first.bindingEnergy),
        try Axis($0.second.observable, edges: $0.second.edges))
    }
    let thirds = try blocks.compactMap(\.third).map { try Axis($0.observable, edges: $0.edges) }
    if container.contains(.grids), !thirds.isEmpty {
      try self.init(grids, hadronicOfGrids: thirds)
    } else {
      let third = try container.decodeIfPresent(Axis.self, forKey: .third)
      try self.init(grids, hadronic: third.map { try Axis($0.observable, edges: $0.edges) })
    }
    largestAngle = try container.decodeIfPresent(Double.self, forKey: .largestAngle)
    endsAtHadronicEdges = try container.decodeIfPresent(Bool.self, forKey: .endsAtHadronicEdges) ?? false
  }

  /// Writes one grid as it is, `{"first": …, "second": …}`, and several as `{"grids": […]}`; the hadronic energy as `third`,
  /// in each grid where these differ in it, with `ends_at_third_edges`, and the largest angle as `largest_angle`, where there
  /// are any.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(largestAngle, forKey: .largestAngle)
    if grids.count == 1 {
      try container.encode(grids[0].first, forKey: .first)
      try container.encode(grids[0].second, forKey: .second)
    } else if let hadronicOfGrids {
      try container.encode(
        zip(grids, hadronicOfGrids).map { Block(first: $0.first, second: $0.second, third: $1) }, forKey: .grids)
    } else {
      try container.encode(grids, forKey: .grids)
    }
    if hadronicOfGrids == nil { try container.encodeIfPresent(hadronic, forKey: .third) }
    if endsAtHadronicEdges { try container.encode(true, forKey: .endsAtHadronicEdges) }
  }
}
