import Foundation
import NuTuneCore
import NuTuneReport
import Testing

/// Every way a report can fail is one sentence with place, found and expected.
@Suite struct ReportFailureTests {
  private func failure(
    _ folder: TemporaryFolder, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> NuTuneError {
    try #require(throws: NuTuneError.self) {
      try Report.build(folder: folder.path, jobs: 2, environment: environment)
    }
  }

  private func run(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try SyntheticRun().write(to: folder.path)
    let url = URL(fileURLWithPath: folder.path + "/predictions.json")
    var content = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    change(&content)
    try JSONSerialization.data(withJSONObject: content).write(to: url)
    return folder
  }

  private func changeFirstSample(_ content: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
    guard var samples = content["samples"] as? [[String: Any]] else { return }
    change(&samples[0])
    content["samples"] = samples
  }

  @Test func anUnfinishedRun() throws {
    let folder = try TemporaryFolder()
    let error = try failure(folder)
    #expect(error.category == .missingInput)
    #expect(
      error.description
        == "\(folder.path)/results.json: found no readable file; expected a file of schema nutune.results/1 from a "
        + "finished run")
  }

  @Test func anotherSchema() throws {
    let error = try failure(run { $0["schema"] = "nutune.predictions/2" })
    #expect(error.category == .badData)
    #expect(error.description.hasSuffix("schema: found “nutune.predictions/2”; expected “nutune.predictions/1”"))
  }

  @Test func notJSON() throws {
    let folder = try run()
    try "{".write(toFile: folder.path + "/results.json", atomically: false, encoding: .utf8)
    let error = try failure(folder)
    #expect(error.category == .badData && error.location?.file == folder.path + "/results.json")
  }

  @Test func aMissingKey() throws {
    let error = try failure(run { changeFirstSample(&$0) { $0["data"] = nil } })
    #expect(error.category == .badData && error.key == "samples.0.data")
  }

  @Test func tooFewBins() throws {
    let error = try failure(run { changeFirstSample(&$0) { $0["truth"] = [0.5, 0.5] } })
    #expect(error.key == "samples.0.truth" && error.found == "2 values")
    #expect(error.expected == "780, one for each of 39 × 20 bins")
  }

  @Test func aNegativeProbability() throws {
    var bins = [Double](repeating: 0, count: 780)
    bins[3] = -1
    let error = try failure(run { changeFirstSample(&$0) { $0["data"] = bins } })
    #expect(error.key == "samples.0.data.3" && error.category == .badData)
  }

  @Test func aModelWithoutPredictions() throws {
    let error = try failure(run { changeFirstSample(&$0) { $0["models"] = [String: Any]() } })
    #expect(error.key == "samples.0.models" && error.found == "no prediction of the model “neural”")
  }

  @Test func noGnuplot() throws {
    let folder = try run()
    let error = try failure(folder, environment: ["PATH": ""])
    #expect(error.category == .missingInput)
    #expect(error.found == "no gnuplot on the PATH" && error.expected.contains("make deps"))
    // Nothing half-made is left.
    #expect(try folder.files().keys.sorted() == ["predictions.json", "results.json"])
  }

  @Test func aGnuplotThatFails() throws {
    let folder = try run()
    let tools = try TemporaryFolder()
    let fake = tools.path + "/gnuplot"
    try """
    #!/bin/sh
    printf '\\nset terminal pdfcairo\\n             ^\\n"a.gnuplot" line 5: unknown or ambiguous terminal type\\n' >&2
    exit 1
    """.write(toFile: fake, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake)
    let error = try failure(folder, environment: ["PATH": "\(tools.path):/usr/bin:/bin"])
    #expect(error.category == .runtime)
    #expect(error.found == "a gnuplot failure: \"a.gnuplot\" line 5: unknown or ambiguous terminal type")
    #expect(try folder.files().keys.sorted() == ["predictions.json", "results.json"])
  }

  @Test func aFolderThatCannotBeWritten() throws {
    let folder = try run()
    // A file where the folder of figures belongs stops every user, root too.
    try "".write(toFile: folder.path + "/figures", atomically: false, encoding: .utf8)
    let error = try failure(folder)
    #expect(error.category == .cannotWrite && error.location?.file == folder.path + "/figures")
  }
}
