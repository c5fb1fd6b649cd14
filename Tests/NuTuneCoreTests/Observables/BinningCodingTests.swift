import Foundation
import NuTuneCore
import Testing

@Suite("Bins in JSON")
struct BinningCodingTests {
  private func text(_ binning: Binning) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(binning), as: UTF8.self)
  }

  private func read(_ text: String) throws -> Binning { try JSONDecoder().decode(Binning.self, from: Data(text.utf8)) }

  /// A block of bins in (E_l, cosθ), with edges as they are written.
  private static func block(_ energies: String, _ cosines: String) -> String {
    #"{"first":{"edges":\#(energies),"observable":"lepton_energy"},"second":{"edges":\#(cosines),"#
      + #""observable":"cos_theta"}}"#
  }

  @Test("a grid is written as ever, its two axes")
  func grid() throws {
    let grid = try RaggedBins.grid()
    #expect(try text(grid) == Self.block("[0,1,3]", "[-1,0,0.5,1]"))
    #expect(try read(Self.block("[0,1,3]", "[-1,0,0.5,1]")) == grid)
  }

  @Test("several grids are a list of them")
  func grids() throws {
    let blocks = try Binning([RaggedBins.block([0, 1, 3], [-1, 0]), RaggedBins.block([0, 2], [0, 0.5])])
    let written = "{\"grids\":[\(Self.block("[0,1,3]", "[-1,0]")),\(Self.block("[0,2]", "[0,0.5]"))]}"
    #expect(try text(blocks) == written)
    #expect(try read(written) == blocks)
    let rows = try RaggedBins.binning()
    #expect(try read(text(rows)) == rows)
  }

  @Test("a list of one grid is that grid")
  func oneOfThem() throws {
    #expect(try read("{\"grids\":[\(Self.block("[0,1,3]", "[-1,0,0.5,1]"))]}") == RaggedBins.grid())
  }

  /// A list of blocks, and what is found in it.
  private static let mistakes: [(blocks: [String], found: String)] = [
    ([], "no bins"), ([block("[]", "[-1,1]")], "0 edges"), ([block("[1]", "[-1,1]")], "1 edges"),
    ([block("[0,1]", "[-1,1]"), block("[2,1]", "[-1,1]")], "edge 2 (1.0) not above edge 1 (2.0)"),
    ([block("[0,1]", "[-1,1]"), block("[1,2]", "[-1,2]")], "edges from -1.0 to 2.0"),
    ([block("[0,1]", "[-1,1]"), block("[0.5,2]", "[0,1]")], "bins 0 and 1 (from 0) overlap"),
  ]

  @Test("blocks that make no sense are refused", arguments: mistakes)
  func refused(_ blocks: [String], _ found: String) throws {
    let text = "{\"grids\":[\(blocks.joined(separator: ","))]}"
    let error = try #require(throws: NuTuneError.self) { try read(text) }
    #expect(error.found == found && error.category == .badData)
  }
}
