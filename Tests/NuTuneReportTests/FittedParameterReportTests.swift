import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// The fitted parameters of a theory, in the table, in the report and in the results.
@Suite struct FittedParameterReportTests {
  private var results: StudyResults {
    var results = SyntheticRun(fitsOscillations: false).results
    results.models["neural"]?.training?.parameters = [
      "quasi_elastic.axial_mass": ParameterEstimate(value: 1.0312, error: 0.0123, prior: [1.1, 0.2], unit: "GeV"),
      "dis.scale": ParameterEstimate(value: 100, error: 3.2, prior: [90, 20], bound: 100),
    ]
    results.models["neural"]?.training?.correlations = [
      "quasi_elastic.axial_mass": ["quasi_elastic.axial_mass": 1, "dis.scale": -0.4321],
      "dis.scale": ["quasi_elastic.axial_mass": -0.4321, "dis.scale": 1],
    ]
    return results
  }

  @Test func theTableHasValuesErrorsAndPriors() {
    let rows = ResultTable.text(results).split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.contains("Fitted parameters dis.scale [prior 90 ± 20] – 100.0 ± 3.2, at its bound –"))
    #expect(rows.contains("quasi_elastic.axial_mass [prior 1.10 ± 0.20 GeV] – 1.031 ± 0.012 –"))
    #expect(!ResultTable.text(SyntheticRun().results).contains("Fitted parameters"))
  }

  @Test func theReportHasTheCorrelations() throws {
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results, SyntheticRun(fitsOscillations: false).predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let html = try folder.text("report.html")
    #expect(html.contains("Correlations of fitted parameters: neural"))
    #expect(html.contains("<td>2 quasi_elastic.axial_mass</td><td>−0.43</td><td>1.00</td>"))
    #expect(html.contains("class=\"bad\">100.0 ± 3.2, at its bound<"))
  }

  @Test func theResultsHaveThem() throws {
    let data = try JSONEncoder().encode(results)
    let read = try JSONDecoder().decode(StudyResults.self, from: data).models["neural"]?.training
    #expect(read?.parameters == results.models["neural"]?.training?.parameters)
    #expect(read?.correlations?["dis.scale"]?["quasi_elastic.axial_mass"] == -0.4321)
    let text = try #require(String(data: data, encoding: .utf8))
    #expect(text.contains("\"at_bound\":100") && text.contains("\"prior\":[90,20]"))
  }
}
