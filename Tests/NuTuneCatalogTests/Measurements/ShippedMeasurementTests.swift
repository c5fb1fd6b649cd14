import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

private let package = URL(filePath: #filePath).appending(path: "../../../..").standardized.path

/// Data that stay outside the repository: `../shared/data` beside the package, or `NUTUNE_DATA`.
private let dataFolder =
  ProcessInfo.processInfo.environment["NUTUNE_DATA"]
  ?? URL(filePath: package).appending(path: "../shared/data").standardized.path

private let haveData = FileManager.default.fileExists(atPath: dataFolder + "/measurements")

/// The measurements of the catalog, whose tables stay where they were published.
@Suite struct ShippedMeasurementTests {
  private static let catalog = Catalog(folders: [package + "/catalogs"])
  private static let names = [
    "minerva-le-cc-inclusive-2020", "minerva-me-cc-inclusive-2021", "nova-cc-inclusive-2021", "t2k-cc-inclusive-2018",
  ]

  private func load(_ name: String) throws -> MeasurementConfiguration {
    try MeasurementConfiguration(
      try Self.catalog.entry(.measurements, named: name), environment: ["NUTUNE_DATA": dataFolder])
  }

  @Test func entriesAreCompleteWithoutTheirTables() throws {
    #expect(Self.catalog.names(of: .measurements) == Self.names)
    for name in Self.names {
      let entry = try Self.catalog.entry(.measurements, named: name)
      #expect(!entry.citations.isEmpty)
      let flux = try #require(entry.values["flux"]?.text)
      _ = try Self.catalog.entry(.fluxes, named: flux)
      #expect {
        _ = try MeasurementConfiguration(entry, environment: ["NUTUNE_DATA": "/nowhere"])
      } throws: { error in
        var problems = NuTuneErrors()
        problems.add(error)
        return problems.errors.allSatisfy { $0.category == .missingInput } && "\(problems)".contains("NUTUNE_DATA")
          && "\(problems)".contains("its tables are published at https://")
      }
    }
  }

  /// Sums as published with the tables; χ² of nothing and rank computed from the tables by NumPy.
  @Test(
    .enabled(if: haveData, "no \(dataFolder)/measurements; set NUTUNE_DATA"),
    arguments: [
      ("t2k-cc-inclusive-2018", 71, 0, 7.325e-39, 0.8062e-39, 148.66),
      ("minerva-le-cc-inclusive-2020", 144, 14, 1.8344e-38, 0.1305e-38, 213.04),
      ("minerva-me-cc-inclusive-2021", 205, 20, 3.0388e-38, 0.1401e-38, 605.48),
    ])
  func publishedNumbers(name: String, bins: Int, cut: Int, sum: Double, error: Double, zero: Double) throws {
    let entry = try load(name)
    #expect(entry.measurement.bins.count == bins && entry.coveredBins.count == bins && entry.cutBins.count == cut)
    #expect(abs(entry.measurement.integral / sum - 1) < 1e-3)
    #expect(abs(try #require(entry.measurement.integralError) / error - 1) < 1e-3)
    #expect(abs(try entry.plainOfZero() / zero - 1) < 1e-4)
    let agreement = try entry.agreement(with: entry.measurement.values.map { 1.1 * $0 })
    #expect(agreement.comparisons.allSatisfy { $0.residuals == bins } && abs(agreement.ratio - 1.1) < 1e-9)
    let pull = 0.1 * sum / error
    #expect(abs(try #require(agreement[.normShape]) - pull * pull) < 1e-3 * pull * pull)
    #expect(entry.composition?.map(\.target.name) == ["C12", "H1"])
  }

  /// MINERvA's own prediction, which has published χ² with the plain statistic; norm and shape by NumPy.
  @Test(.enabled(if: haveData, "no \(dataFolder)/measurements; set NUTUNE_DATA"))
  func tuneOnMediumEnergy() throws {
    let entry = try load("minerva-me-cc-inclusive-2021")
    let lines = try DelimitedFile(
      "\(dataFolder)/measurements/xsec_MINERvA_ME_CCinc_2021.csv", content: "the release"
    ).lines.dropFirst()
    let agreement = try entry.agreement(with: try lines.map { try $0.number(9, key: "prediction") })
    #expect(abs(try #require(agreement[.plain]) - 6772) < 5)
    #expect(abs(try #require(agreement[.normShape]) - 8427) < 20)
    #expect(abs(agreement.ratio - 0.8946) < 1e-3)
    #expect(entry.components.map(\.kind) == [.flux])
  }

  @Test(.enabled(if: haveData, "no \(dataFolder)/measurements; set NUTUNE_DATA"))
  func kineticEnergyBecomesEnergy() throws {
    let entry = try load("nova-cc-inclusive-2021")
    let measurement = entry.measurement
    #expect(
      measurement.bins.count == 158 && measurement.covariance == nil && measurement.observables.first == .leptonEnergy)
    let lowest = try #require(measurement.bins.map(\.first.lowerBound).min())
    #expect(abs(lowest - 0.5 - NeutrinoSpecies.numu.leptonMass) < 1e-12)
    #expect(abs(measurement.integral / 1.0952e-38 - 1) < 1e-3)
  }
}
