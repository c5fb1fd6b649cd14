import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

/// Data that stay outside the repository: `../shared/data` beside the package, or `NUTUNE_DATA`.
private let oracleFile: String = {
  let folder =
    ProcessInfo.processInfo.environment["NUTUNE_DATA"]
    ?? URL(filePath: #filePath).appending(path: "../../../../../../shared/data").standardized.path
  return folder + "/oscillation/constant-density-oracle.csv"
}()

@Suite("Oscillation probabilities against a 50-digit diagonalisation")
struct OracleTests {
  /// The kernel's rounding is about 1e-14 at these phases (≤ 45 rad).
  private static let tolerance = 1e-12

  private func largestDifference(_ row: OracleRow) throws -> Double {
    let model = ThreeFlavorModel(
      mixing: MixingParameters(
        sin2Theta12: OracleRow.sin2Theta12, sin2Theta13: row.sin2Theta13, sin2Theta23: row.sin2Theta23,
        deltaCP: row.deltaDegrees * Double.pi / 180, deltaMassSquared21: OracleRow.deltaMassSquared21,
        deltaMassSquared31: row.deltaMassSquared31), constants: .nufast)
    let baseline = Baseline(length: row.length, density: row.density, electronFraction: OracleRow.electronFraction)
    let computed = try model.probabilities(
      at: [row.energy], over: baseline, helicity: row.isAntineutrino ? .antineutrino : .neutrino)
    return zip(computed.values, row.probabilities).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test("every experiment, ordering, helicity", arguments: OracleRow.committed.indices)
  func committedRows(index: Int) throws {
    #expect(try largestDifference(OracleRow.committed[index]) <= Self.tolerance)
  }

  @Test(
    "the whole table",
    .enabled(if: FileManager.default.fileExists(atPath: oracleFile), "no \(oracleFile); set NUTUNE_DATA"))
  func wholeTable() throws {
    let lines = try String(contentsOfFile: oracleFile, encoding: .utf8).split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",").map(String.init)
    #expect(lines.count == 217)
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",").map(String.init)
      let text = Dictionary(uniqueKeysWithValues: zip(header, fields))
      func number(_ name: String) throws -> Double { try #require(text[name].flatMap(Double.init)) }
      try #require(text["constants"] == "nufast")
      try #require(number("s12sq") == OracleRow.sin2Theta12)
      try #require(number("dm21") == OracleRow.deltaMassSquared21)
      try #require(number("Ye") == OracleRow.electronFraction)
      let row = try OracleRow(
        text["exp"] ?? "", number("antinu") == 1, number("s13sq"), number("s23sq"), number("delta_deg"),
        number("dm31"), number("L"), number("E"), number("rho"), fields.suffix(9).map { try #require(Double($0)) })
      #expect(try largestDifference(row) <= Self.tolerance, "\(line)")
    }
  }
}
