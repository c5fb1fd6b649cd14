import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// Reports of measured data: bins that are no grid, no truth.
@Suite struct RaggedReportTests {
  private func report(events: Double? = nil) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try SyntheticRun.write(
      SyntheticMeasurement.results, SyntheticMeasurement.predictions(events: events), to: folder.path)
    try Report.build(folder: folder.path, jobs: 1)
    return folder
  }

  private func expect(_ found: [Double], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count, "\(what): \(found)")
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12, "\(what): \(found)") }
  }

  @Test func everySliceHasItsTable() throws {
    let folder = try report()
    func table(_ slice: Int) throws -> Columns {
      Columns(try folder.text("figures/near-numu-lepton_momentum-slice-\(slice).csv"))
    }
    let first = try table(1)
    #expect(
      first.header == [
        "cos_theta_low", "cos_theta_high", "lepton_momentum_low [GeV]", "lepton_momentum_high [GeV]", "data [1/GeV]",
        "data_error_down [1/GeV]", "data_error_up [1/GeV]", "neural [1/GeV]",
      ])
    try expect(first.numbers("cos_theta_low") + first.numbers("cos_theta_high"), [-1, -1, -1, 0.5, 0.5, 0.5], "slice")
    try expect(first.numbers("lepton_momentum_high [GeV]"), [1, 2, 4], "edges")
    try expect(first.numbers("data [1/GeV]"), [0.1, 0.2, 0.05], "data")
    try expect(first.numbers("data_error_down [1/GeV]"), [0.02, 0.04, 0.005], "down")
    try expect(first.numbers("data_error_up [1/GeV]"), [0.02, 0.04, 0.005], "up")
    try expect(first.numbers("neural [1/GeV]"), [0.12, 0.16, 0.06], "model")
    try expect(table(2).numbers("data [1/GeV]"), [0.1], "data of one bin")
    // Sums of two bins each, whose errors the file does not tell.
    let third = try table(3)
    try expect(third.numbers("data [1/GeV]"), [0.5, 0.06], "sums of data")
    try expect(third.numbers("neural [1/GeV]"), [0.6, 0.06], "sums of the model")
    #expect(try third.texts("data_error_up [1/GeV]") == ["", ""])
    #expect(try folder.files()["figures/near-numu-lepton_momentum-slice-4.csv"] == nil)
  }

  @Test func residualsAreInMeasuredErrors() throws {
    let table = Columns(try report().text("figures/near-numu-residuals.csv"))
    #expect(
      table.header == [
        "lepton_momentum_low [GeV]", "lepton_momentum_high [GeV]", "cos_theta_low", "cos_theta_high",
        "data [probability]", "data_error [probability]", "neural [probability]", "neural residual [sigma]",
      ])
    try expect(table.numbers("neural residual [sigma]"), [1, -1, 2, -1, 1, 1, 0, 0], "residuals")
    try expect(table.numbers("lepton_momentum_high [GeV]"), [1, 2, 4, 2, 0.5, 0.5, 3, 3], "momenta")
    try expect(table.numbers("cos_theta_low"), [-1, -1, -1, 0.5, 0.8, 0.9, 0.8, 0.9], "cosines")
  }

  /// Of 400 events with 40 in the first bin, 48 are 8/√40 standard deviations more.
  @Test func countedDataHavePoissonErrors() throws {
    let folder = try report(events: 400)
    let table = Columns(try folder.text("figures/near-numu-residuals.csv"))
    #expect(!table.header.contains("data_error [probability]"))
    try expect(
      Array(table.numbers("neural residual [sigma]").prefix(2)), [8 / 40.0.squareRoot(), -16 / 80.0.squareRoot()],
      "residuals")
    let slice = Columns(try folder.text("figures/near-numu-lepton_momentum-slice-3.csv"))
    try expect(slice.numbers("data [1/GeV]"), [200, 24], "events")
    // A sum of counts is a count.
    let up = try slice.numbers("data_error_up [1/GeV]")
    #expect(abs(up[0] * 0.5 - 11.03) < 0.01)
  }

  @Test func theScriptNamesEverySliceOnce() throws {
    let folder = try report()
    let script = try folder.text("figures/near-numu.gnuplot")
    func count(_ text: String) -> Int { script.components(separatedBy: text).count - 1 }
    for title in ["'−1 < cos {/:Italic θ} < 0.5'", "'0.5 < cos {/:Italic θ} < 0.8'", "'0.8 < cos {/:Italic θ} < 1'"] {
      #expect(count(title) == 1, "\(title)")
    }
    #expect(count("'Ratio to data'") == 3 && count("ruth") == 0)
    #expect(count("'Measured data'") == 1 && count("'neural'") == 1)
  }

  @Test func fixedEnergiesHaveModelsOnly() throws {
    let folder = try report()
    let table = Columns(try folder.text("figures/slices.csv"))
    // No bin crosses these cosines; the only momenta that none crosses are the ends.
    #expect(
      table.header == ["neutrino_energy [GeV]", "cos_theta_low", "cos_theta_high", "neural [1]"])
    try expect(table.numbers("cos_theta_low"), [-1, 0.5, 0.8, 0.9], "cosines")
    try expect(table.numbers("neural [1]"), [0.4 / 1.5, 0.5, 2.2, 2.3], "model")
    let script = try folder.text("figures/slices.gnuplot")
    #expect(!script.contains("Ratio") && !script.contains("  tv ") && !script.contains("Truth"))
  }

  private struct Histogram: Decodable {
    struct Axis: Decodable {
      var edges: [Double]
      var metadata: [String: String]
    }
    struct Storage: Decodable {
      var type: String
      var values: [Double]
      var variances: [Double]?
    }
    var axes: [Axis]
    var storage: Storage
  }

  @Test func histogramsAreOverBinNumbers() throws {
    let bytes = Data(try report().text("histograms/near-numu.json").utf8)
    let file = try JSONDecoder().decode([String: Histogram].self, from: bytes)
    #expect(file.keys.sorted() == ["data", "model:neural"])
    let data = try #require(file["data"])
    #expect(data.storage.type == "weighted" && data.storage.values == SyntheticMeasurement.data)
    let variances = try #require(data.storage.variances)
    expect(variances, [4e-4, 16e-4, 1e-4, 25e-4, 4e-4, 9e-4, 1e-4, 1e-4], "variances")
    let model = try #require(file["model:neural"])
    #expect(model.storage.type == "double" && model.storage.variances == nil)
    #expect(model.storage.values == SyntheticMeasurement.model)
    let axis = try #require(data.axes.first)
    #expect(data.axes.count == 1 && axis.edges == [0, 1, 2, 3, 4, 5, 6, 7, 8] && axis.metadata["name"] == "bin")
    let cosines = try #require(axis.metadata["cos_theta"])
    let ranges = try JSONDecoder().decode([[Double]].self, from: Data(cosines.utf8))
    #expect(
      ranges == [[-1, 0.5], [-1, 0.5], [-1, 0.5], [0.5, 0.8], [0.8, 0.9], [0.9, 1], [0.8, 0.9], [0.9, 1]])
    let momenta = try #require(axis.metadata["lepton_momentum [GeV]"])
    #expect(momenta.hasPrefix("[[0.0, 1.0], [1.0, 2.0], [2.0, 4.0], [0.0, 2.0], "))
    #expect(try report().files()["histograms/slice-1.5-gev.json"] != nil)
  }

  @Test func nothingClaimsATruth() throws {
    let folder = try report()
    let html = try folder.text("report.html")
    #expect(!html.contains("<th>truth</th>") && !html.contains("distance to the truth"))
    #expect(html.contains("Nobody knows the true distribution behind the data"))
    #expect(html.contains("lies a total variation distance of <b>0.0009</b> from the near data"))
    let lines = ResultTable.text(SyntheticMeasurement.results).split(separator: "\n")
    #expect(lines[0].split(separator: " ") == ["neural"])
    #expect(!lines.contains { $0.contains("Far detector") })
  }

  @Test func errorsThatDoNotFitAreSentences() throws {
    func failure(_ change: (inout Predictions.SamplePrediction) -> Void) throws -> NuTuneError {
      var predictions = try SyntheticMeasurement.predictions()
      change(&predictions.samples[0])
      let folder = try TemporaryFolder()
      try SyntheticRun.write(SyntheticMeasurement.results, predictions, to: folder.path)
      return try #require(throws: NuTuneError.self) { try Report.build(folder: folder.path, jobs: 1) }
    }
    let few = try failure { $0.errors = [0.1, 0.2] }
    #expect(few.category == .badData && few.key == "samples.0.errors" && few.expected.hasPrefix("8 "))
    let negative = try failure { $0.errors = [Double](repeating: -0.1, count: 8) }
    #expect(negative.key == "samples.0.errors")
    let label = SyntheticMeasurement.label
    let bins = SyntheticMeasurement.errors
    let lists = try failure { $0.uncertainties = [label: .init(bins: bins, marginals: [[0.1, 0.1, 0.1], [0.1]])] }
    #expect(lists.key == "samples.0.uncertainties.neural.marginals" && lists.expected.hasPrefix("3, "))
    let short = try failure {
      $0.uncertainties = [label: .init(bins: bins, marginals: [[0.1, 0.1, 0.1], [0.1], [0.1]])]
    }
    #expect(short.key == "samples.0.uncertainties.neural.marginals.2")
  }

  @Test func runsOfTheSameDataAreCompared() throws {
    let root = try TemporaryFolder()
    let folders = ["one", "two"].map { "\(root.path)/\($0)" }
    for folder in folders {
      try SyntheticRun.write(SyntheticMeasurement.results, SyntheticMeasurement.predictions(), to: folder)
    }
    _ = try RunComparison(folders: folders)
    var predictions = try SyntheticMeasurement.predictions()
    predictions.samples[0].data[0] += 0.01
    try SyntheticRun.write(SyntheticMeasurement.results, predictions, to: folders[1])
    let error = try #require(throws: NuTuneError.self) { try RunComparison(folders: folders) }
    #expect(error.key == "near-numu" && error.found.hasPrefix("data at a distance of tv 0.005 from those of one"))
  }

  @Test func aGridWithATruthHasBothProjectionsAndNoSlice() throws {
    let folder = try SyntheticRun.reported.get()
    let script = try folder.text("figures/far-numu-fhc.gnuplot")
    func count(_ text: String) -> Int { script.components(separatedBy: text).count - 1 }
    #expect(count("'Ratio to truth'") == 2 && count("'Truth'") == 1 && count(" < cos") == 0)
    #expect(try folder.files().keys.allSatisfy { !$0.contains("-slice-") })
    let table = Columns(try folder.text("figures/far-numu-fhc-lepton_energy.csv"))
    #expect(
      table.header == [
        "lepton_energy_low [GeV]", "lepton_energy_high [GeV]", "data [1/GeV]", "data_error_down [1/GeV]",
        "data_error_up [1/GeV]", "truth [1/GeV]", "neural [1/GeV]", "flow [1/GeV]",
      ])
  }
}
