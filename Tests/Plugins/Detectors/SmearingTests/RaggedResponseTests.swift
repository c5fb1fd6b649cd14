import NuTuneCore
import Smearing
import Testing

/// Bins that are no grid: unions of cells of the grid of all their edges.
@Suite struct RaggedResponseTests {
  /// Rows of a response, one number for each true bin.
  private func rows(_ response: DetectorResponse, trueBins: Int) throws -> [[Double]] {
    guard case .rows(let rows) = response else {
      Issue.record("no rows")
      return []
    }
    return rows.map { row in
      var dense = [Double](repeating: 0, count: trueBins)
      for entry in row { dense[entry.trueBin] += entry.probability }
      return dense
    }
  }

  @Test func aBinIsTheSumOfItsCells() throws {
    let ragged = try Fixture.raggedBinning()
    let (grid, cells) = try ragged.commonRefinement()
    let common = try Binning(grid.first, grid.second)
    #expect(ragged.count == 21 && common.count == 50)
    for scattering in [0.0, 1] {
      let detector = try Fixture.detector(["angle.scattering": .number(scattering)])
      let trueBinning = try detector.trueBinning(for: ragged)
      #expect(try trueBinning == detector.trueBinning(for: common))
      let found = try rows(detector.response(for: ragged), trueBins: trueBinning.count)
      let ofCells = try rows(detector.response(for: common), trueBins: trueBinning.count)
      try #require(found.count == ragged.count && ofCells.count == common.count)
      for bin in found.indices {
        let differences = found[bin].indices.map { trueBin in
          abs(found[bin][trueBin] - cells[bin].reduce(0) { $0 + ofCells[$1][trueBin] })
        }
        #expect(differences.allSatisfy { $0 <= 1e-15 } && found[bin].contains { $0 > 0.1 }, "bin \(bin)")
      }
    }
  }

  @Test func everyTrueBinIsInARowOnce() throws {
    let ragged = try Fixture.raggedBinning()
    guard case .rows(let rows) = try Fixture.detector().response(for: ragged) else {
      Issue.record("no rows")
      return
    }
    for row in rows { #expect(row.map(\.trueBin) == Set(row.map(\.trueBin)).sorted()) }
  }

  @Test func probabilitiesSumToAtMostOne() throws {
    let ragged = try Fixture.raggedBinning()
    for plateau in [1, 0.7] {
      let detector = try Fixture.detector(["efficiency.plateau": .number(plateau)])
      let trueBins = try detector.trueBinning(for: ragged).count
      let response = try detector.response(for: ragged)
      let sums = Fixture.columnSums(response, trueBins: trueBins)
      #expect(sums.allSatisfy { $0 <= plateau * (1 + 1e-12) })
      #expect(sums.contains { $0 > 0.99 * plateau })
      #expect(try rows(response, trueBins: trueBins).joined().allSatisfy { $0 >= 0 })
    }
  }

  /// Forward leptons of 1 to 3 GeV are in no bin and backward ones are: far from the edges the former are lost and the
  /// latter found.
  @Test func leptonsOfABinLeftOutAreLost() throws {
    let ragged = try Binning([
      Fixture.block([0.5, 1], [-1, -0.5, 0, 0.5, 1]), Fixture.block([1, 1.5, 2, 2.5, 3], [-1, -0.5, 0]),
      Fixture.block([3, 4], [-1, -0.5, 0, 0.5, 1]),
    ])
    let detector = try Fixture.detector()
    let trueBinning = try detector.trueBinning(for: ragged)
    let sums = Fixture.columnSums(try detector.response(for: ragged), trueBins: trueBinning.count)
    // Six standard deviations of 4 % below 1.4 and above 2.2 GeV are 1.06 and 2.73 GeV, those of 1 degree from cosθ = 0.2
    // reach to 84 degrees.
    let inside = (0..<trueBinning.count).filter {
      let range = trueBinning.ranges(of: $0).first
      return range.lowerBound > 1.4 && range.upperBound < 2.2
    }
    let forward = inside.filter { trueBinning.ranges(of: $0).second.lowerBound > 0.2 }
    let backward = inside.filter { trueBinning.ranges(of: $0).second.upperBound < -0.2 }
    #expect(!forward.isEmpty && !backward.isEmpty)
    for bin in forward { #expect(sums[bin] == 0) }
    for bin in backward { #expect(abs(sums[bin] - 1) < 1e-8) }
  }
}
