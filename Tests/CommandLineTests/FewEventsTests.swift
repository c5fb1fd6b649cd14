import Foundation
import Testing

/// Far data of a few events: samples without any, intervals that reach the ends of their range.
@Suite struct FewEventsTests {
  private static let coarse = [
    "--set", "experiment=\(CoarseBins.dune)", "--set", "fold.cell_scale=6", "--set", "fold.accuracy=1e-2", "--set",
    "fold.nodes_w2=60", "--set",
    "fold.nodes_q2=36", "--set",
    "fit.scan_points=11", "--set", "slices.energies=[]", "--set", "models={theory: {model: toy-sf}}",
  ]

  private func command(_ arguments: [String], in folder: String) throws -> (run: CommandLineRun, text: String) {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let run = try CommandLineRun(
      shell: "NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs' \"$nutune\" \(words)", in: folder)
    return (run, run.output + run.errors)
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "nutune-few-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("a sample without an event does not end a run")
  func emptySample() throws {
    try withFolder { folder in
      let (run, text) = try command(
        [
          "run", "dune-closure", "--out", "run", "--set", "channels=[numu,nue]", "--set",
          "far={events: 3, sample: poisson}",
        ]
          + Self.coarse, in: folder)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(text)")
      let samples = try #require(try json("\(folder)/run/predictions.json")["samples"] as? [[String: Any]])
      let events = samples.filter { "\($0["name"] ?? "")".hasPrefix("far-") }.map { $0["events"] as? Double }
      #expect(events.contains(0) && events.contains { ($0 ?? 0) > 0 }, "\(events)")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/run/report.html"))
    }
  }

  @Test("pseudo-experiments without an event do not end a coverage, and cover")
  func emptyExperiments() throws {
    try withFolder { folder in
      let (run, text) = try command(
        [
          "coverage", "dune-closure", "--experiments", "30", "--out", "cov", "--no-report", "--set",
          "far={events: 1, sample: poisson}",
        ]
          + Self.coarse, in: folder)
      // A fit that failed is said by the exit code.
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(text)")
      let models = try #require(try json("\(folder)/cov/coverage.json")["models"] as? [String: [String: Any]])
      let truth = try #require(models["truth"])
      // e⁻¹ of thirty, eleven, have no event at all: most fits succeed, and 95 % intervals hold the truth.
      #expect(try #require(truth["experiments"] as? Int) >= 25)
    }
  }

  @Test("a profile that reaches a bound converges, and the interval is one-sided")
  func oneSided() throws {
    try withFolder { folder in
      let (run, text) = try command(
        ["run", "dune-closure", "--out", "run", "--set", "oscillation.fit=[sin2_theta13, dm2_32]"] + Self.coarse,
        in: folder)
      #expect(run.exitCode == 0, "\(text)")
      #expect(text.contains("one-sided") && text.contains("sin2_theta13 is at most"))
      let results = try json("\(folder)/run/results.json")
      let path = ["truth", "oscillation", "intervals", "sin2_theta13"]
      let interval = try #require(path.reduce(Optional<Any>(results)) { ($0 as? [String: Any])?[$1] } as? [String: Any])
      #expect(interval["one_sided"] as? String == "upper_limit" && interval["lower"] as? Double == 0)
      let page = try String(contentsOfFile: "\(folder)/run/report.html", encoding: .utf8)
      #expect(page.contains("at most") && page.contains("(one-sided)"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/run/figures/oscillation-profiles.svg"))
    }
  }
}
