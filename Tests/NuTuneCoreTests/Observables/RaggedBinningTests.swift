import NuTuneCore
import Testing

@Suite("Bins that are no grid")
struct RaggedBinningTests {
  /// Whether bins have these ranges, in this order, to the last bit.
  private func hasRanges(_ binning: Binning, _ ranges: [RaggedBins.Ranges]) -> Bool {
    binning.count == ranges.count && ranges.indices.allSatisfy { binning.ranges(of: $0) == ranges[$0] }
  }

  @Test("rows with edges of their own are a grid each, also where the next row has the same edges")
  func rows() throws {
    let binning = try RaggedBins.binning()
    #expect(binning.count == 12 && binning.grid == nil)
    #expect(binning.grids.map(\.count) == [1, 5, 3, 3])
    #expect(binning.grids.map(\.second.edges) == [[-1, 0.2], [0.2, 0.6], [0.6, 0.8], [0.8, 1]])
    #expect(binning.grids[1].first.edges == [0, 0.3, 0.4, 0.5, 0.6, 30])
    #expect(binning.observableNames == [.leptonMomentum, .cosTheta])
    #expect(hasRanges(binning, RaggedBins.rows))
  }

  @Test("the ranges of a grid make that grid")
  func grid() throws {
    let grid = try RaggedBins.grid()
    let again = try Binning(grid.observables, bins: (0..<6).map { grid.ranges(of: $0) })
    #expect(again == grid && again.grid == grid.grids[0])
  }

  @Test("a grid with a bin left out is what is around it")
  func hole() throws {
    let edges = [0.0, 1, 2, 3]
    let full = try Binning(Axis(.leptonEnergy, edges: edges), Axis(.cosTheta, edges: [-1, 0, 0.5, 1]))
    func without(_ bin: Int) -> [RaggedBins.Ranges] { (0..<9).filter { $0 != bin }.map { full.ranges(of: $0) } }
    let ring = try Binning(full.observables, bins: without(4))
    #expect(ring.grids.map(\.count) == [3, 1, 1, 3] && hasRanges(ring, without(4)))
    // Whole rows before the first that is short stay together.
    let corner = try Binning(full.observables, bins: without(8))
    #expect(corner.grids.map(\.count) == [6, 2] && hasRanges(corner, without(8)))
  }

  @Test("bins keep the order in which they are given", arguments: [[4, 0, 5, 2, 1, 3], [0, 3, 1, 4, 2, 5]])
  func order(_ order: [Int]) throws {
    let grid = try RaggedBins.grid()
    let ranges = order.map { grid.ranges(of: $0) }
    #expect(hasRanges(try Binning(grid.observables, bins: ranges), ranges))
  }

  @Test("bins that overlap are refused by their numbers")
  func overlap() throws {
    let place = SourceLocation(file: "bins.yaml", line: 3, column: 5)
    func overlap(_ blocks: [BinGrid]) throws -> NuTuneError {
      try #require(throws: NuTuneError.self) { try Binning(blocks, at: place) }
    }
    let error = try overlap([RaggedBins.block([0, 1, 2], [-1, 0.5]), RaggedBins.block([1.5, 3], [0, 1])])
    #expect(
      error.description == "bins.yaml:3:5: binning: found bins 1 and 2 (from 0) overlap; "
        + "expected bins that each lepton falls into at most once")

    // The first and the last of eleven blocks, with nine between that begin before the last.
    let between = try (1...9).map { try RaggedBins.block([Double($0), Double($0) + 1], [-1, 0.9]) }
    let ends = [try RaggedBins.block([0, 12], [0.9, 1]), try RaggedBins.block([10.2, 10.4], [0, 0.95])]
    #expect(try overlap([ends[0]] + between + [ends[1]]).found == "bins 0 and 10 (from 0) overlap")
    #expect(try overlap([ends[1]] + between + [ends[0]]).found == "bins 0 and 10 (from 0) overlap")

    // A bin inside another, and the same bin twice.
    let inside = try RaggedBins.block([0.4, 0.6], [0.2, 0.3])
    #expect(try overlap([RaggedBins.block([0, 1], [0, 1]), inside]).found.hasPrefix("bins 0 and 1"))
    #expect(try overlap([inside, inside]).found.hasPrefix("bins 0 and 1"))
  }

  @Test("edges that differ by rounding are the same edge, a millionth is an overlap")
  func rounding() throws {
    let sum = 0.1 + 0.2
    #expect(sum > 0.3 && sum - 0.3 < 1e-16)
    let along = try Binning([RaggedBins.block([0.1, sum], [-1, 1]), RaggedBins.block([0.3, 1], [-1, 1])])
    #expect(along.count == 2)
    let across = try Binning([RaggedBins.block([0, 1], [-1, sum]), RaggedBins.block([0, 1], [0.3, 1])])
    #expect(across.count == 2)
    #expect(throws: NuTuneError.self) {
      try Binning([RaggedBins.block([0.1, 0.3 * (1 + 1e-6)], [-1, 1]), RaggedBins.block([0.3, 1], [-1, 1])])
    }
    // One edge for both, where every bin is one cell.
    let (grid, cells) = try along.commonRefinement()
    #expect(grid.first.count == 2 && grid.second.edges == [-1, 1] && cells == [[0], [1]])
  }

  @Test("no bins, and blocks in different observables")
  func refused() throws {
    let none = try #require(throws: NuTuneError.self) { try Binning([]) }
    #expect(none.description == "binning: found no bins; expected at least one")
    #expect(throws: none) { try Binning(ObservablePair(.leptonEnergy, .cosTheta), bins: []) }

    let inMomentum = BinGrid(try Axis(.leptonMomentum, edges: [2, 3]), try Axis(.cosTheta, edges: [-1, 1]))
    let mixed = try #require(throws: NuTuneError.self) {
      try Binning([RaggedBins.block([0, 1], [-1, 1]), RaggedBins.block([1, 2], [-1, 1]), inMomentum])
    }
    #expect(
      mixed.description == "binning: found (lepton_momentum, cos_theta) in block 3, (lepton_energy, cos_theta) in "
        + "block 1; expected the same observables in all blocks")
    let swapped = BinGrid(try Axis(.cosTheta, edges: [-1, 1]), try Axis(.leptonEnergy, edges: [0, 1]))
    #expect(throws: NuTuneError.self) { try Binning([swapped]) }
    #expect(throws: NuTuneError.self) {
      try Binning(ObservablePair(.leptonEnergy, .cosTheta), bins: [(first: 0...1, second: 0...2)])
    }
  }

  @Test("the common grid has all edges, and each bin its cells")
  func commonRefinement() throws {
    //  cosθ 1   ┌────┬ ─ ─ ─ ─
    //       0.5 │ 1  ├────┬────┐
    //       0   ├────┤ 2  │ 3  │
    //      −1   └────┴────┴────┘
    //         E 0    2    3    4
    let binning = try Binning([RaggedBins.block([0, 2], [-1, 0, 1]), RaggedBins.block([2, 3, 4], [-1, 0.5])])
    let (grid, cells) = try binning.commonRefinement()
    #expect(try grid == RaggedBins.block([0, 2, 3, 4], [-1, 0, 0.5, 1]))
    #expect(cells == [[0], [1, 2], [3, 4], [6, 7]])

    let whole = try RaggedBins.grid().commonRefinement()
    #expect(try whole.grid == RaggedBins.grid().grids[0] && whole.cells == [[0], [1], [2], [3], [4], [5]])
  }

  @Test("the cells of a bin fill it, and no cell is in two bins")
  func areas() throws {
    func area(_ ranges: RaggedBins.Ranges) -> Double {
      (ranges.first.upperBound - ranges.first.lowerBound) * (ranges.second.upperBound - ranges.second.lowerBound)
    }
    let binning = try RaggedBins.binning()
    let (grid, cells) = try binning.commonRefinement()
    #expect(grid.first.edges == [0, 0.3, 0.4, 0.5, 0.6, 0.8, 30] && grid.second.edges == [-1, 0.2, 0.6, 0.8, 1])
    #expect(cells.count == binning.count)
    for bin in cells.indices {
      let sum = cells[bin].reduce(0) { $0 + area(grid.ranges(of: $1)) }
      #expect(abs(sum - area(binning.ranges(of: bin))) <= 1e-14 * sum, "bin \(bin)")
    }
    // These bins leave nothing out.
    #expect(cells.joined().sorted() == Array(0..<grid.count))
  }

  @Test("the extent holds all bins, whichever block reaches furthest")
  func extent() throws {
    let rows = try RaggedBins.binning().extent
    #expect(rows.first == 0...30 && rows.second == -1...1)
    let blocks = try Binning([
      RaggedBins.block([1, 2], [0, 0.5]), RaggedBins.block([0.5, 4], [0.6, 0.7]),
      RaggedBins.block([2, 3], [-0.2, 0.1]),
    ]).extent
    #expect(blocks.first == 0.5...4 && blocks.second == -0.2...0.7)
  }

  @Test("marginals of a grid are its projections")
  func projections() throws {
    let binning = try RaggedBins.grid()
    let contents = [1.0, 2, 3, 10, 20, 30]
    let marginals = binning.marginals
    let expected = binning.grids[0].projections(contents)
    #expect(marginals.map { $0.sums(contents) } == [expected.first, expected.second])
    #expect(marginals.map(\.axis) == [binning.grids[0].first, binning.grids[0].second])
    #expect(marginals.allSatisfy { $0.slice == nil })
  }

  @Test("slices of ragged bins hold every bin once, along the axis with more of them")
  func slices() throws {
    let binning = try RaggedBins.binning()
    let marginals = binning.marginals
    #expect(marginals.map(\.axis.observable) == [.leptonMomentum, .leptonMomentum, .leptonMomentum, .leptonMomentum])
    #expect(marginals.map(\.slice?.observable) == [.cosTheta, .cosTheta, .cosTheta, .cosTheta])
    #expect(marginals.map(\.slice?.range) == [-1...0.2, 0.2...0.6, 0.6...0.8, 0.8...1])
    #expect(marginals[1].bins == [[1], [2], [3], [4], [5]] && marginals[3].bins == [[9], [10], [11]])
    #expect(marginals.flatMap { $0.bins.joined() }.sorted() == Array(0..<12))

    // Whole numbers add up exactly: 1 + 2 + … + 12.
    let contents = (1...12).map { Double($0) }
    #expect(marginals.flatMap { $0.sums(contents) }.reduce(0, +) == 78)

    let wide = try Binning([RaggedBins.block([0, 1, 2], [-1, 0, 0.5, 1]), RaggedBins.block([2, 3], [-1, 1])]).marginals
    #expect(wide[0].axis.observable == .cosTheta && wide[0].bins == [[0, 3], [1, 4], [2, 5]])
    #expect(wide[0].slice?.observable == .leptonEnergy && wide[0].slice?.range == 0...2)
    #expect(wide[1].bins == [[6]])
    #expect(wide.flatMap { $0.sums([1, 2, 3, 10, 20, 30, 100]) } == [11, 22, 33, 100])
  }
}
