import Foundation
import NuTuneCore
import Testing

@Suite("Hadronic energy as a third axis")
struct HadronicBinningTests {
  private func axis(_ edges: [Double] = [0, 0.5, 2]) throws -> Axis { try Axis(.hadronicEnergy, edges: edges) }

  private func binning() throws -> Binning { try Binning(RaggedBins.grid().grids, hadronic: axis()) }

  @Test("every bin of the lepton is divided alike, its parts follow one another")
  func indices() throws {
    let (lepton, bins) = (try RaggedBins.grid(), try binning())
    #expect(bins.leptonCount == 6 && bins.hadronicCount == 2 && bins.count == 12)
    #expect(bins.lepton == lepton && bins != lepton && bins.grid == nil && lepton.hadronicCount == 1)
    #expect(bins.observableNames == [.leptonEnergy, .cosTheta, .hadronicEnergy])
    for bin in 0..<12 {
      let (first, second) = lepton.ranges(of: bin / 2)
      #expect(bins.ranges(of: bin) == (first, second))
      #expect(bins.allRanges(of: bin) == [first, second, bin % 2 == 0 ? 0...0.5 : 0.5...2])
    }
    #expect(lepton.allRanges(of: 1).count == 2)
    #expect(bins.summedOverHadronicEnergy((0..<12).map(Double.init)) == [1, 5, 9, 13, 17, 21])
    #expect(lepton.summedOverHadronicEnergy([1, 2, 3, 4, 5, 6]) == [1, 2, 3, 4, 5, 6])
    #expect(bins.lowestLeptonEnergy(of: .numu) == lepton.lowestLeptonEnergy(of: .numu))
    #expect(try bins.commonRefinement().cells == lepton.commonRefinement().cells)
  }

  @Test("projections are sums over what they do not show, the hadronic one last")
  func marginals() throws {
    let (lepton, bins) = (try RaggedBins.grid(), try binning())
    let contents = (0..<12).map { Double($0 * $0 + 1) }
    let sums = bins.summedOverHadronicEnergy(contents)
    let found = bins.marginals
    #expect(found.count == 3 && found[2].axis == bins.hadronic && found[2].slice == nil)
    for (one, other) in zip(found, lepton.marginals) {
      #expect(one.axis == other.axis && one.sums(contents) == other.sums(sums))
    }
    let even = stride(from: 0, to: 12, by: 2).map { contents[$0] }.reduce(0, +)
    #expect(found[2].sums(contents) == [even, contents.reduce(0, +) - even])
    let ragged = try Binning(RaggedBins.binning().grids, hadronic: axis())
    #expect(ragged.marginals.count == 5 && ragged.marginals[4].bins.joined().count == 24)
  }

  @Test("written beside the axes or grids of the lepton, and read again")
  func coding() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for bins in try [binning(), Binning(RaggedBins.binning().grids, hadronic: axis())] {
      let data = try encoder.encode(bins)
      #expect(try JSONDecoder().decode(Binning.self, from: data) == bins)
      let third = #""third":{"edges":[0,0.5,2],"observable":"hadronic_energy"}"#
      #expect(String(decoding: data, as: UTF8.self).contains(third))
    }
  }

  /// Two grids of 2 × 1 and 1 × 2 bins with edges of their own, of which one is printed as a sum.
  private func divided() throws -> Binning {
    try Binning(
      [RaggedBins.block([0, 1, 3], [-1, 0]), RaggedBins.block([0, 3], [0, 0.5, 1])],
      hadronicOfGrids: [axis([0, 0.3, 2]), axis([0, 0.1 + 0.2, 1, 2.5])])
  }

  @Test("grids may be divided each in its own way")
  func gridsOfTheirOwn() throws {
    var bins = try divided()
    #expect(bins.count == 2 * 2 + 2 * 3 && bins.leptonCount == 4 && bins.hadronic?.edges == [0, 0.3, 1, 2, 2.5])
    #expect(bins.binsOfLepton == [0..<2, 2..<4, 4..<7, 7..<10])
    #expect(bins.allRanges(of: 3) == [1...3, -1...0, 0.3...2])
    #expect(bins.allRanges(of: 8) == [0...3, 0.5...1, (0.1 + 0.2)...1])
    #expect(bins.summedOverHadronicEnergy((0..<10).map(Double.init)) == [1, 5, 15, 24])
    #expect(bins.hadronicRuns?.prefix(2) == [[0..<1, 1..<4], [0..<1, 1..<4]])
    #expect(bins.hadronicRuns?.suffix(2) == [[0..<1, 1..<2, 2..<4], [0..<1, 1..<2, 2..<4]])
    bins.endsAtHadronicEdges = true
    #expect(bins.hadronicRuns?[0] == [0..<1, 1..<3] && bins.hadronicRuns?[2] == [0..<1, 1..<2, 2..<4])
    let contents = (0..<10).map(Double.init)
    let marginals = bins.marginals
    #expect(marginals.count == 4 && marginals[2].axis.edges == [0, 0.3, 2])
    #expect(marginals[0].sums(contents) == [1, 5] && marginals[1].sums(contents) == [15, 24])
    #expect(marginals[2].sums(contents) == [2, 4] && marginals[3].sums(contents) == [11, 13, 15])
    #expect(marginals[3].slice?.range == 0...3)
    let text = try JSONEncoder().encode(bins)
    #expect(try JSONDecoder().decode(Binning.self, from: text) == bins)
    let alike = try Binning(bins.grids, hadronicOfGrids: [axis(), axis()])
    #expect(try alike == Binning(bins.grids, hadronic: axis()) && alike.hadronicRuns == nil)
    #expect(throws: NuTuneError.self) {
      try Binning(bins.grids, hadronicOfGrids: [axis(), Axis(.reconstructedEnergy, edges: [0, 1])])
    }
  }

  @Test("a third axis of the lepton, or a hadronic one among its two, is refused")
  func refused() throws {
    let third = try #require(throws: NuTuneError.self) {
      try Binning(RaggedBins.grid().grids, hadronic: Axis(.theta, edges: [0, 1]))
    }
    #expect(third.found == "theta as a third observable" && third.expected == "hadronic_energy or reconstructed_energy")
    #expect(throws: NuTuneError.self) { try Binning(Axis(.leptonEnergy, edges: [0, 1]), axis()) }
    #expect(throws: NuTuneError.self) { try axis([-0.1, 1]) }
  }
}
