import Foundation
import NuTuneCore
import NuTuneExport
import NuTuneFolding
import NuTuneTables
import TabulatedCrossSection
import Testing

@Suite("tables of cross sections")
struct CrossSectionExportTests {
  private static func settings() -> ExportSettings {
    var settings = ExportSettings(energies: [0.8, 0.9, 1, 1.1, 1.2])
    (settings.leptons, settings.cosines) = (60, 50)
    return settings
  }

  /// The round trip: the table as the model `tabulated` reads it has the values at its points to the ten digits of CSV
  /// and exactly in HDF5, and between them to 2 % on average on this grid; at the flanks of narrow peaks single points
  /// miss more.
  @Test("d²σ comes back through the model that reads tables", arguments: [ExportFormat.csv, .hdf5])
  func tables(format: ExportFormat) throws {
    let folder = try TemporaryFolder()
    let model = try ExportFixture.model(scales: [.numu: .nearRate(2.5)])
    let files = try CrossSectionExport.files(model, Self.settings(), format: format)
    for file in files { try file.write(in: folder.path) }
    #expect(files.map(\.name).first == (format == .csv ? "toy-numu-d2sigma.csv" : "toy-numu-d2sigma.h5"))
    let path = "\(folder.path)/\(files[0].name)"

    let table = try CrossSectionTable(file: path)
    let toy = try ExportFixture.toy()
    let reaction = try ExportFixture.reaction(.numu)
    let points = KinematicPoints(
      neutrinoEnergy: table.energy, leptonEnergy: table.leptonEnergy, cosTheta: table.cosTheta)
    let exact = try toy.crossSection(of: reaction, at: points).map { 2.5 * $0 }
    let largest = try #require(exact.max())
    // Ten digits of E_l and cosθ move a peak by as much as the digits of the value.
    let tolerance = format == .csv ? 1e-7 : 0
    #expect(zip(table.values, exact).allSatisfy { abs($0 - $1) <= tolerance * largest })
    #expect(table.labels["unit"] == CrossSectionTable.unit)

    let parameters = TabulatedCrossSection.descriptor.parameters.defaults().setting(["file": .text(path)])
    let tabulated = try TabulatedCrossSection(PluginConfiguration(parameters: parameters))
    var between = KinematicPoints()
    for step in 0..<200 {
      let share = (Double(step) * 0.6180339887).truncatingRemainder(dividingBy: 1)
      between.append(
        neutrinoEnergy: 1, leptonEnergy: 0.2 + 0.75 * share, cosTheta: 1 - 1.9 * Double(step * step) / 40_000)
    }
    let values = try tabulated.crossSection(of: reaction, at: between)
    let wanted = try toy.crossSection(of: reaction, at: between).map { 2.5 * $0 }
    let difference = zip(values, wanted).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(difference < 0.02 * wanted.reduce(0, +), "\(difference / wanted.reduce(0, +))")
  }

  @Test("σ(E) is the integral, times the scale that the header states")
  func totals() throws {
    let model = try ExportFixture.model([.numu, .numubar], scales: [.numu: .nearRate(2), .numubar: .arbitrary])
    let files = try CrossSectionExport.files(model, Self.settings(), format: .csv)
    for (species, factor, words) in [
      (NeutrinoSpecies.numu, 2.0, "# scale: that of the true near-detector rate (factor 2.0"),
      (.numubar, 1, "# scale: arbitrary"),
    ] {
      let file = try #require(files.first { $0.name == "toy-\(species.rawValue)-sigma.csv" })
      let text = try ExportFixture.text(file)
      #expect(text.contains(words), "\(text.prefix(300))")
      let integral = try TotalCrossSection(
        model: try ExportFixture.toy(), reaction: try ExportFixture.reaction(species))
      let rows = ExportFixture.rows(text, ",")
      #expect(rows.count == 5)
      for row in rows { #expect(row[1] == factor * (try integral.value(at: row[0]))) }
    }
  }

  /// A model whose scale alone is uncertain, by 10 %: all errors are the same share of the values, that of the draws.
  @Test("posterior errors are those of the draws")
  func errors() throws {
    let toy = try ExportFixture.toy()
    let draws = try ExportedModel.draws(of: ScaledToy(toy), 300, seed: 3)
    let scales = draws.compactMap { ($0 as? ScaledToy)?.scale }
    let mean = scales.reduce(0, +) / 300
    let deviation = (scales.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299).squareRoot()
    // 300 draws know a standard deviation to 1/√600 = 4 %.
    #expect(abs(deviation - 0.1) < 4 * 0.1 / 24.5)
    #expect(Set(scales).count == 300)

    let few = Array(draws.prefix(5))
    let model = try ExportFixture.model(scales: [.numu: .nearRate(2)], members: few)
    var settings = ExportSettings(energies: [0.9, 1.0])
    (settings.leptons, settings.cosines) = (6, 5)
    let files = try CrossSectionExport.files(model, settings, format: .csv)
    let used = Array(scales.prefix(5))
    let center = used.reduce(0, +) / 5
    let share = (used.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 4).squareRoot()
    let totals = ExportFixture.rows(try ExportFixture.text(try #require(files.last)), ",")
    for row in totals { #expect(abs(row[2] / row[1] - share) < 1e-9) }
    let values = ExportFixture.rows(try ExportFixture.text(files[0]), ",")
    let errors = ExportFixture.rows(try ExportFixture.text(files[1]), ",")
    #expect(files[1].name == "toy-numu-d2sigma-error.csv")
    for (value, error) in zip(values, errors) where value[3] > 1e-6 {
      #expect(abs(error[3] / value[3] - share) < 1e-6)
    }
  }
}
