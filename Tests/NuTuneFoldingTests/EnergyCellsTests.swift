import Foundation
import NuTuneFolding
import Testing

/// Where fluxes end at a height, and the narrow cells before such ends.
@Suite struct EnergyCellsTests {
  /// Cells of 0.5 GeV up to 10 GeV.
  let cells = EnergyCells(edges: (0...20).map { 0.5 * Double($0) })

  /// One below 4 GeV, with a height of its own in the last cell before.
  func step(_ last: Double = 1) -> [Double] { (0..<20).map { $0 < 7 ? 1 : $0 == 7 ? last : 0 } }

  @Test func aFluxThatEndsAtAHeightHasItsEnd() {
    #expect(cells.cliff(of: step()) == 4)
    // Where it goes on to the last cell, the end of the cells is its end; and a unit changes nothing.
    #expect(cells.cliff(of: [Double](repeating: 1, count: 20)) == 10)
    #expect(cells.cliff(of: step().map { 1e-12 * $0 }) == 4)
  }

  @Test func aFluxThatFallsOffHasNone() {
    #expect(cells.cliff(of: step(1e-9)) == nil)
    #expect(cells.cliff(of: (0..<20).map { exp(-2.1 * Double($0)) }) == nil)
    #expect(cells.cliff(of: [Double](repeating: 0, count: 20)) == nil)
  }

  /// h in the last cell is a cliff if h · 4 · 0.25 is more than 10⁻⁴ of ∫flux · E dE = 3.5²/2 + h (4² − 3.5²)/2: from
  /// h = 6.126·10⁻⁴ on.
  @Test func theLeastCliffIsAShareOfFluxTimesEnergy() {
    #expect(cells.cliff(of: step(6.12e-4)) == nil)
    #expect(cells.cliff(of: step(6.13e-4)) == 4)
  }

  @Test func binsFarBelowTheEndMakeItNone() {
    #expect(cells.cliff(of: step(), under: 3.7) == nil)
    #expect(cells.cliff(of: step(), under: 3.8) == 4)
    #expect(cells.cliff(of: step(), under: 30) == 4)
  }

  /// 12.5 MeV over 0.25 GeV, where cells are 62.5 MeV wide otherwise; all other cells are those without a cliff.
  @Test func cellsAreNarrowBeforeACliff() throws {
    let regular = EnergyCells.standard(over: 0.4...8)
    let narrow = EnergyCells.standard(over: 0.4...8, cliffs: [6])
    let before = narrow.edges.filter { 5.75 <= $0 && $0 <= 6 }
    #expect(before.first == 5.75 && before.last == 6 && before.count == 21)
    #expect(zip(before, before.dropFirst()).allSatisfy { $1 - $0 <= 0.0125 + 1e-12 })
    #expect(narrow.count == regular.count + 16)
    let outside = narrow.edges.filter { $0 <= 5.75 || $0 >= 6 }
    let expected = regular.edges.filter { $0 <= 5.75 || $0 >= 6 }
    #expect(outside.count == expected.count)
    for (a, b) in zip(outside, expected) { #expect(abs(a - b) <= 1e-12) }
  }

  @Test func cellsThatAreNarrowAnywayStay() {
    let regular = EnergyCells.standard(over: 0.4...2)
    let same = EnergyCells.standard(over: 0.4...2, cliffs: [0.9])
    #expect(same.count == regular.count)
    for (a, b) in zip(same.edges, regular.edges) { #expect(abs(a - b) <= 1e-12) }
  }

  @Test func aCliffBeyondTheCellsChangesNothing() {
    #expect(EnergyCells.standard(over: 0.4...6, cliffs: [10]) == EnergyCells.standard(over: 0.4...6))
    // Its last 0.25 GeV may begin within them.
    let edges = EnergyCells.standard(over: 0.4...6, cliffs: [6.1]).edges
    let last = edges.filter { $0 >= 5.85 - 1e-9 }
    #expect(last.count > 10 && zip(last, last.dropFirst()).allSatisfy { $1 - $0 <= 0.0125 + 1e-12 })
  }

  @Test func theScaleAppliesBeforeACliffToo() {
    let edges = EnergyCells.standard(over: 0.4...6, cliffs: [6], scale: 2).edges
    #expect(edges.count { $0 >= 5.75 } == 11)
  }
}
