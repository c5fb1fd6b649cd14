import Foundation
import NuTuneReport
import NuTuneResults
import Testing

/// Electrons over muons and what near data say about each structure function, in the table and in the report.
@Suite struct PosteriorWidthReportTests {
  private var results: (run: SyntheticRun, results: StudyResults) {
    let run = SyntheticRun(fitsOscillations: false)
    var results = run.results
    results.models["neural"]?.far?.ratios = [
      .init(numerator: "far-nue-fhc", denominator: "far-numu-fhc", value: 0.9994, error: 0.0042)
    ]
    results.models["flow"]?.far?.ratios = [
      .init(numerator: "far-nue-fhc", denominator: "far-numu-fhc", value: 1.0312)
    ]
    let deviation = StructureFunctionDeviations.Deviation(mean: 0.1, nearWeighted: 0.1, farWeighted: 0.1)
    results.models["neural"]?.structureFunctions = StructureFunctionDeviations(
      w1: deviation, w2: deviation, w3: deviation,
      posteriorOverPrior: [
        "neutrino": PosteriorWidths([0.464, 0.336, 0.422, nil, 0.818]),
        "antineutrino": PosteriorWidths([0.502, 0.34, 0.484, 0.854, 0.828]),
      ])
    return (run, results)
  }

  @Test func theTableHasRatiosWithErrorsAndWidths() {
    let rows = ResultTable.text(results.results).split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(
      rows.contains {
        $0.hasSuffix("electrons/muons, true = 1 [far-nue-fhc / far-numu-fhc] 1 0.9994 ± 0.0042 1.0312")
      })
    #expect(rows.contains { $0.hasSuffix("posterior/prior width [W2, neutrino] – 0.34 –") })
    #expect(rows.contains { $0.hasSuffix("posterior/prior width [W4, neutrino] – – –") })
    #expect(rows.contains { $0.hasSuffix("posterior/prior width [W5, antineutrino] – 0.83 –") })
    #expect(!ResultTable.text(SyntheticRun().results).contains("posterior/prior"))
  }

  @Test func targetsHaveRowsAndPanels() throws {
    let run = self.results.run
    var results = self.results.results
    let widths = PosteriorWidths([0.464, 0.336, 0.422, nil, 0.818])
    results.models["neural"]?.structureFunctions?.posteriorOverPrior = [
      "antineutrino-H2O": widths, "neutrino-H2O": widths, "neutrino-CH": PosteriorWidths([0.5, 0.25, 0.5, nil, 0.5]),
    ]
    let text = ResultTable.text(results).split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(text.contains { $0.hasSuffix("posterior/prior width [W2, neutrino-CH] – 0.25 –") })
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results, run.predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let table = Columns(try folder.text("figures/posterior-widths.csv"))
    #expect(try table.texts("neutrino sign") == ["neutrino-CH", "neutrino-H2O", "antineutrino-H2O"])
    #expect(try table.numbers("W2") == [0.25, 0.336, 0.336])
  }

  @Test func theFigureHasTheNumbers() throws {
    let (run, results) = results
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results, run.predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let table = Columns(try folder.text("figures/posterior-widths.csv"))
    #expect(try table.texts("neutrino sign") == ["neutrino", "antineutrino"])
    #expect(try table.texts("model") == ["neural", "neural"] && table.texts("W4") == ["", "0.854"])
    #expect(try table.numbers("W2") == [0.336, 0.34])
    #expect((try folder.files()["figures/posterior-widths.pdf"]?.count ?? 0) > 3000)
    let html = try folder.text("report.html")
    #expect(html.contains("What near data say about each structure function") && html.contains("0.9994 ± 0.0042"))
  }
}
