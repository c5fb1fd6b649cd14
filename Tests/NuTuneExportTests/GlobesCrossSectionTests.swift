import Foundation
import NuTuneCore
import NuTuneExport
import NuTuneFolding
import Testing

@Suite("cross-section files of GLoBES")
struct GlobesCrossSectionTests {
  /// σ in 10⁻³⁸ cm² as GLoBES takes it from a file: the line below log₁₀E in equal steps, linear to the next one.
  private static func globes(_ rows: [[Double]], energy: Double, column: Int) -> Double {
    let step = (rows[1000][0] - rows[0][0]) / 1000
    let place = (log10(energy) - rows[0][0]) / step
    let low = Int(place.rounded(.down))
    guard low >= 0, low + 1 <= 1000 else { return 0 }
    return energy * (rows[low][column] + (rows[low + 1][column] - rows[low][column]) * (place - Double(low)))
  }

  /// The round trip: σ(E) as GLoBES computes it agrees with the integral to 0.3 % between energies 10 % apart.
  @Test("σ(E) as GLoBES reads it")
  func roundTrip() throws {
    let energies = (0...14).map { 0.7 * pow(1.1, Double($0)) }
    let model = try ExportFixture.model([.numu, .numubar], scales: [.numubar: .nearRate(3)])
    let text = try ExportFixture.text(try GlobesCrossSection.file(model, ExportSettings(energies: energies)))
    let rows = ExportFixture.rows(text, " ")
    #expect(rows.count == 1001 && rows.allSatisfy { $0.count == 7 })
    #expect(rows.allSatisfy { $0[3] == 0 && $0[6] == 0 })
    #expect(text.contains("# zero: nutau, nutaubar\n"))
    for (species, column, factor) in [
      (NeutrinoSpecies.nue, 1, 1.0), (.numu, 2, 1), (.nuebar, 4, 3), (.numubar, 5, 3),
    ] {
      let integral = try TotalCrossSection(
        model: try ExportFixture.toy(), reaction: try ExportFixture.reaction(species))
      for energy in [0.93, 1.71] {
        let expected = factor * (try integral.value(at: energy))
        let found = Self.globes(rows, energy: energy, column: column)
        #expect(abs(found / expected - 1) < 3e-3, "\(species) at \(energy): \(found), \(expected)")
      }
    }
  }

  @Test("too few energies are refused")
  func fewEnergies() throws {
    let model = try ExportFixture.model()
    #expect(throws: NuTuneError.self) { try GlobesCrossSection.file(model, ExportSettings(energies: [1, 2])) }
  }
}
