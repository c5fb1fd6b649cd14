import Foundation
import NuTuneCore
import NuTuneReport
import Testing

@Suite struct StructureFunctionFigureTests {
  @Test func mapsAreDrawnForEveryModelWithTheirNumbers() throws {
    let run = SyntheticRun()
    let folder = try TemporaryFolder()
    try run.write(to: folder.path)
    try run.writeMaps(to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let files = try folder.files()
    for name in ["importance", "structure-functions-neural", "structure-functions-flow", "overview"] {
      #expect((files["figures/\(name).pdf"]?.count ?? 0) > 3000, "\(name)")
      #expect(files["figures/\(name).svg"] != nil && files["figures/\(name).csv"] != nil)
    }
    let html = try folder.text("report.html")
    #expect(html.contains("data:image/png;base64,") && html.contains("image-rendering:pixelated"))
    let lines = try folder.text("figures/structure-functions-flow.csv").split(separator: "\n")
    #expect(lines.count == 121)
    let header = lines[0].split(separator: ",").map(String.init)
    let column = try #require(header.firstIndex(of: "ratio W2"))
    let cells = lines[120].split(separator: ",", omittingEmptySubsequences: false)
    // The last pixel is out of reach.
    #expect(cells[column].isEmpty)
    let first = lines[1].split(separator: ",", omittingEmptySubsequences: false)
    #expect(first[column] == "1.0")
  }

  @Test func mapsOfTheWrongShapeAreRefused() throws {
    let run = SyntheticRun()
    let folder = try TemporaryFolder()
    try run.write(to: folder.path)
    var maps = run.maps
    maps.channels[0].nearImportance.removeLast()
    try JSONEncoder().encode(maps).write(to: URL(filePath: "\(folder.path)/structure_functions.json"))
    let error = try #require(throws: NuTuneError.self) { try Report.build(folder: folder.path, jobs: 1) }
    #expect(error.category == .badData && error.key == "channels.0.near_importance")
    #expect(error.found == "119 values")
  }

  @Test func aWarningStandsFirst() throws {
    let run = SyntheticRun()
    var results = run.results
    results.models["neural"]?.warnings = ["2 % of the rate of far-numu-fhc is not constrained"]
    results.models["flow"]?.warnings = ["2 % of the rate of far-numu-fhc is not constrained"]
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results, run.predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let html = try folder.text("report.html")
    #expect(html.contains("<b>Warning.</b> neural, flow: 2 % of the rate of far-numu-fhc is not constrained."))
    #expect(ResultTable.warnings(results).count == 1)
  }
}
