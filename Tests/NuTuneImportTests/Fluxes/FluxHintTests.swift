import Foundation
import NuTuneCore
import NuTuneImport
import Testing

@Suite("Hints about fluxes")
struct FluxHintTests {
  /// A beam of 3 GeV in bins of 0.1, 0.5 and 2 GeV, contents multiplied by a power of their width.
  private func hints(power: Double, per: FluxUnits.Width, scale: Double = 1e-8) throws -> [String] {
    let edges = (0..<60).map { Double($0) / 10 } + (0..<8).map { 6 + Double($0) / 2 } + [10, 12, 14, 16, 18, 20]
    let folder = try TemporaryFolder()
    var text = "low,high,numu\n"
    for (low, high) in zip(edges, edges.dropFirst()) {
      let energy = (low + high) / 2
      text += "\(low),\(high),\(scale * energy * exp(-energy / 1.5) * pow(high - low, power))\n"
    }
    let table = try ColumnTable(commaSeparated: try folder.file("flux.csv", text))
    let units = FluxUnits(area: 1, per: per, pot: 1, energy: 1)
    return try ImportedFlux([(table, [.low, .high, .flux(.numu)])], units: units, points: nil).hints(units: units)
  }

  @Test("a smooth spectrum has none")
  func smooth() throws {
    #expect(try hints(power: 0, per: .energy(1)) == [])
    #expect(try hints(power: 1, per: .bin) == [])
  }

  @Test("densities taken for numbers in bins, the other way round, and a width too many")
  func jumps() throws {
    #expect(try #require(try hints(power: 1, per: .energy(1)).first).hasSuffix("numbers in bins, which --per bin says"))
    #expect(
      try #require(try hints(power: 0, per: .bin).first).hasSuffix("densities, which --per GeV or another energy says"))
    #expect(try #require(try hints(power: 2, per: .bin).first).hasSuffix("multiplied by the width once more"))
    #expect(try #require(try hints(power: 2, per: .energy(1)).first).hasSuffix("multiplied by the width once more"))
  }

  @Test("an integral far from all beams")
  func integral() throws {
    let hint = try #require(try hints(power: 0, per: .energy(1), scale: 1).first)
    #expect(hint.contains("away from all known beams") && hint.contains("--area, --per and --pot"))
    #expect(try hints(power: 0, per: .energy(1), scale: 0) == ["numu is zero everywhere"])
  }
}
