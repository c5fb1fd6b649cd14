import Foundation
import NuTuneReport
import NuTuneResults
import Testing

@Suite struct GoodnessOfFitTests {
  private func results(_ fit: GoodnessOfFit, warning: String? = nil) -> StudyResults {
    var results = SyntheticRun().results
    results.models["neural"]?.near.goodnessOfFit = fit
    results.models["flow"]?.near.goodnessOfFit = GoodnessOfFit(
      verdict: .good, expectedDeviance: 489.6, standardDeviation: 31, pValue: 0.42)
    results.models["neural"]?.warnings = warning.map { [$0] }
    return results
  }

  /// A model that does not describe its data says so in the first paragraph, in red, in the table and as a warning.
  @Test func aBadFitIsInTheLead() throws {
    let fit = GoodnessOfFit(
      verdict: .poor, expectedDeviance: 489.6, standardDeviation: 31.2, effectiveParameters: 48.2, pValue: 2e-9)
    let found = results(fit, warning: "near data are not described")
    let folder = try TemporaryFolder()
    try SyntheticRun.write(found, SyntheticRun().predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let html = try folder.text("report.html")
    let lead = try #require(html.range(of: "class=\"lead\""))
    let sentence = try #require(
      html.range(of: "<span class=\"bad\">It does NOT describe the near data, p = 2e-09.</span>"))
    #expect(lead.lowerBound < sentence.lowerBound)
    #expect(html.contains("<b>Warning.</b> neural: near data are not described."))
    let rows = ResultTable.text(found).split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.contains("expected deviance – 489.6 ± 31 489.6 ± 31"))
    #expect(rows.contains("effective parameters – 48.2 –"))
    #expect(rows.contains("p value – 2e-09 0.42"))
    #expect(rows.contains("description of the data – POOR good"))
  }

  /// No probability is zero, whatever its floating-point number is.
  @Test func aHopelessFitHasAProbability() throws {
    let fit = GoodnessOfFit(verdict: .poor, expectedDeviance: 489.6, standardDeviation: 31.2, pValue: 0)
    let rows = ResultTable.text(results(fit)).split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(rows.contains("p value – < 1e-99 0.42"))
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results(fit), SyntheticRun().predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    #expect(try folder.text("report.html").contains("It does NOT describe the near data, p &lt; 1e-99."))
  }

  @Test func learnedNoiseAndInvisibleMisfits() throws {
    let noise = GoodnessOfFit(verdict: .overfitted, expectedDeviance: 170, standardDeviation: 18.4, pValue: 1)
    let rows = ResultTable.text(results(noise)).split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(rows.contains("description of the data – OVERFITTED good"))
    let infinite = GoodnessOfFit(verdict: .poor, visibleEvents: 2.04e5, assumedEvents: 3e7)
    #expect(
      ResultTable.text(results(infinite)).split(separator: "\n").contains {
        $0.contains("events that show the misfit") && $0.contains("2e+05")
      })
  }

  /// Results of before goodness of fit are read, and written as they were.
  @Test func optionalInTheResults() throws {
    let fit = GoodnessOfFit(
      verdict: .good, expectedDeviance: 170.5, pValue: 0.5,
      judgement: .init(fraction: 0.2, step: 1500, deviance: 171, expectedDeviance: 169, pValue: 0.4))
    let encoded = try JSONEncoder().encode(results(fit))
    let read = try JSONDecoder().decode(StudyResults.self, from: encoded)
    #expect(read.models["neural"]?.near.goodnessOfFit == fit)
    let text = try #require(String(data: encoded, encoding: .utf8))
    for key in ["goodness_of_fit", "expected_deviance", "p_value", "\"verdict\":\"good\""] {
      #expect(text.contains(key))
    }
    let old = #"{"tv": 0.01, "deviance": 3, "bins": 5}"#
    #expect(try JSONDecoder().decode(ModelResults.Near.self, from: Data(old.utf8)).goodnessOfFit == nil)
    let plain = try JSONEncoder().encode(ModelResults.Near(tv: 0.01, deviance: 3, bins: 5))
    #expect(try #require(String(data: plain, encoding: .utf8)).contains("goodness") == false)
  }
}
