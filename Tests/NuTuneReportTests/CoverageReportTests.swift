import Foundation
import NuTuneCore
import NuTuneReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct CoverageReportTests {
  private func report(_ coverage: SyntheticCoverage) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try coverage.write(to: folder.path)
    try CoverageReport.build(folder: folder.path, jobs: 2)
    return folder
  }

  @Test func theTableHoldsTheResults() throws {
    let coverage = SyntheticCoverage()
    let results = try coverage.results
    let folder = try report(coverage)
    let table = Columns(try folder.text("figures/coverage.csv"))
    #expect(table.rows.count == 4 * 3 * 2)
    for (number, row) in table.rows.enumerated() {
      let model = try #require(results.models[row[0]])
      let fraction = try #require((row[3] == "0.6827" ? model.coverage68 : model.coverage95)[row[1]])
      #expect(try table.numbers("fraction")[number] == fraction.fraction)
      #expect(try table.numbers("error")[number] == fraction.error)
      #expect(try table.numbers("pull")[number] == fraction.pull)
    }
    let files = try folder.files()
    #expect(try #require(files["figures/coverage.pdf"]).count > 3000)
    #expect(XMLParser(data: try #require(files["figures/coverage.svg"])).parse())
  }

  @Test func thePageWarnsOfIntervalsThatAreTooShort() throws {
    let html = try report(SyntheticCoverage()).text("report.html")
    for text in [
      "<b>Warning.</b> neural: intervals contain the truth too seldom: sin2_theta23 at 68.27 % in 50.5 %, ",
      "<b>Warning.</b> neural: 3 of 203 experiments failed and do not count.", "<b>203</b> pseudo-experiments",
      "0.705 ± 0.033", "process.at_posterior_mean", "nutune coverage dune-process-coverage --experiments 203 --out DIR",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(!html.contains("<b>Warning.</b> process"))
    #expect(html.components(separatedBy: "<svg ").count - 1 == 1)
  }

  @Test func oneExperimentIsDrawnWithinWhatAShareCanBe() throws {
    let folder = try report(SyntheticCoverage(models: [("truth", (1, 0))], experiments: 1, failed: 0, labels: []))
    let script = try folder.text("figures/coverage.gnuplot")
    #expect(script.contains("set xrange [-3:103]") && !script.contains("NaN"))
  }

  @Test func withoutExperimentsThereIsNoFigure() throws {
    let folder = try report(SyntheticCoverage(experiments: 0))
    #expect(try folder.files()["figures/coverage.pdf"] == nil)
    #expect(try folder.text("report.html").contains("No experiment counts"))
  }

  @Test func aHostileLabelIsOnlyText() throws {
    let label = "<b>&\"q\" {x}_^@~\\'`touch pwned`"
    let folder = try report(
      SyntheticCoverage(models: [("truth", (0.68, 0.95)), (label, (1, 1))], labels: [label]))
    let html = try folder.text("report.html")
    #expect(!html.contains("<b>&\"") && html.contains("&lt;b&gt;&amp;&quot;q&quot; {x}_^@~\\&#39;`touch pwned`"))
    #expect(try folder.text("figures/coverage.svg").contains("{x}_^@~\\'`touch"))
    #expect(XMLParser(data: Data(try folder.text("figures/coverage.svg").utf8)).parse())
  }

  @Test func theTerminalTableIsAligned() throws {
    let text = CoverageTable.text(try SyntheticCoverage().results)
    let lines = text.split(separator: "\n")
    #expect(Set(lines.map(\.count)).count == 1)
    let rows = lines.map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows[0] == "model parameter 68.27 % 95.45 % mean shift spread experiments failed")
    #expect(rows[2] == "truth sin2_theta23 0.705 ± 0.033 0.930 ± 0.015 +0.001 +0.015 200 0")
    #expect(rows.contains("joint 0.535 ± 0.033 0.845 ± 0.015 – –"))
  }
}
