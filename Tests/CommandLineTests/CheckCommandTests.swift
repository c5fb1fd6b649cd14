import Foundation
import Testing

/// One mistake and the sentence it brings.
struct CheckStory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var file = "study.yaml"
  let old: String
  let new: String
  var exitCode: Int32 = 65
  let sentence: String

  init(
    _ name: String, file: String = "study.yaml", _ old: String, _ new: String, exitCode: Int32 = 65, _ sentence: String
  ) {
    testDescription = name
    self.file = file
    self.old = old
    self.new = new
    self.exitCode = exitCode
    self.sentence = sentence
  }
}

@Suite("nutune check")
struct CheckCommandTests {
  static let files = [
    "study.yaml": """
    schema: nutune.study/1
    name: example
    experiment: small
    channels: [numu]
    truth: {model: toy-sf}
    models:
      neural: {model: neural-sf}
    near: {events: infinite}
    far: {events: 6200, sample: asimov}
    oscillation:
      model: three-flavor
      fit: [sin2_theta23, dm2_32]
    """,
    "catalogs/experiments/small.yaml": """
    schema: nutune.experiment/1
    name: small
    baseline: {length: 1300 km, density: 2.8 g/cm3}
    target: Ar40
    near:
      detector: {model: ideal}
      fluxes: {fhc: beam}
      binning:
        lepton_energy: {from: 0.2, to: 2, bins: 6}
        cos_theta: [-1, 0, 0.8, 1]
    far:
      detector: {model: ideal}
      fluxes: {fhc: beam}
    """,
    "catalogs/fluxes/beam.yaml": """
    schema: nutune.flux/1
    name: beam
    model: tabulated-flux
    file: beam.csv
    """,
    "catalogs/fluxes/beam.csv": """
    E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT
    0,1,1e-9
    1,2,2e-9
    2,5,5e-10

    """,
  ]

  static let stories = [
    CheckStory(
      "unknown key", "events: 6200", "evnts: 6200",
      "study.yaml:9:7: far.evnts: found an unknown key; expected one of events, sample, flux; did you mean “events”?"),
    CheckStory(
      "wrong type", "events: 6200", "events: several",
      "study.yaml:9:15: far.events: found “several”; expected a number ≥ 1"),
    CheckStory(
      "wrong unit", file: "catalogs/experiments/small.yaml", "1300 km", "1300 m",
      "catalogs/experiments/small.yaml:3:20: experiment.baseline.length: found “1300 m”; expected a number ≥ 0 in km"),
    CheckStory(
      "negative event count", "events: infinite", "events: -5",
      "study.yaml:8:16: near.events: found “-5”; expected a number ≥ 1 or “infinite”"),
    CheckStory(
      "missing flux file", file: "catalogs/fluxes/beam.yaml", "file: beam.csv", "file: baem.csv", exitCode: 66,
      "catalogs/fluxes/beam.yaml:4:7: experiment.near.fluxes.fhc.file: found no such file"),
    CheckStory(
      "unknown model", "model: neural-sf", "model: neural-fs",
      "study.yaml:7:19: models.neural.model: found the unknown cross-section “neural-fs”; expected one of"),
    CheckStory(
      "suggestion for an unknown model", "model: toy-sf", "model: toy-fs", "did you mean “toy-sf”?"),
    CheckStory(
      "channel the flux does not have", "[numu]", "[nue]",
      "catalogs/fluxes/beam.yaml:3:8: experiment.near.fluxes.fhc: found no nue in the flux; "
        + "expected a flux with the channel nue; it has numu"),
    CheckStory(
      "bin edges that do not increase", file: "catalogs/experiments/small.yaml", "[-1, 0, 0.8, 1]", "[-1, 0.8, 0, 1]",
      "catalogs/experiments/small.yaml:10:26: experiment.near.binning.cos_theta: found edge 3 (0.0) not above "
        + "edge 2 (0.8); expected strictly increasing bin edges"),
    CheckStory(
      "NaN in a flux table", file: "catalogs/fluxes/beam.csv", "2e-9", "nan",
      "catalogs/fluxes/beam.csv:3:5: numu_per_cm2_per_GeV_per_POT: found “nan”; expected a finite number"),
    CheckStory(
      "a file that is not YAML", "channels: [numu]", "channels: [numu",
      "study.yaml:5:6: found did not find expected ',' or ']' while parsing a flow sequence; expected YAML"),
    CheckStory(
      "unknown fit parameter", "dm2_32]", "dm2_23]",
      "study.yaml:12:8: oscillation.fit: found the unknown parameter “dm2_23”; expected one of"),
    CheckStory(
      "unknown parameter of a plugin", "{model: toy-sf}", "{model: toy-sf, dis: {scaling_c: 1}}",
      "study.yaml:5:30: truth.dis.scaling_c: found an unknown key; expected one of"),
  ]

  /// Runs the check in a temporary folder.
  private func check(_ file: String, _ old: String, _ new: String, set: String? = nil) throws -> CommandLineRun {
    let folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in Self.files {
      let path = URL(filePath: "\(folder)/\(name)")
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try (name == file ? text.replacing(old, with: new) : text).write(to: path, atomically: false, encoding: .utf8)
    }
    let catalogs = "\(folder)/catalogs"
    guard let set else { return try CommandLineRun("check", "study.yaml", in: folder, catalogs: catalogs) }
    return try CommandLineRun("check", "study.yaml", "--set", set, in: folder, catalogs: catalogs)
  }

  @Test("a good study is confirmed in one place")
  func good() throws {
    let run = try check("", "", "")
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    #expect(run.output.hasPrefix("study.yaml: ok\n"))
  }

  @Test("a mistake is one line with its place on standard error", arguments: stories)
  func mistake(_ story: CheckStory) throws {
    let run = try check(story.file, story.old, story.new)
    #expect(run.exitCode == story.exitCode)
    #expect(run.output == "")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasPrefix("nutune: error: ") })
    #expect(lines.contains { $0.contains(story.sentence) }, "\(run.errors)")
  }

  @Test("--set")
  func overrides() throws {
    #expect(try check("", "", "", set: "far.events=100").exitCode == 0)
    let bad = try check("", "", "", set: "far.events=-1")
    #expect(bad.exitCode == 65)
    #expect(bad.errors == "nutune: error: --set: far.events: found “-1”; expected a number ≥ 1\n")
    #expect(try check("", "", "", set: "far.events").exitCode == 64)
  }

  @Test("a missing study is exit 66")
  func missing() throws {
    let run = try CommandLineRun("check", "nowhere.yaml")
    #expect(run.exitCode == 66)
    #expect(run.errors == "nutune: error: nowhere.yaml: found no such file; expected a readable YAML file\n")
  }

  @Test("a study of the catalog goes by its name")
  func byName() throws {
    let run = try CommandLineRun("check", "dune-closure", in: NSTemporaryDirectory())
    #expect(run.exitCode == 0, "\(run.errors)")
    let mistyped = try CommandLineRun("check", "dune-clsure", in: NSTemporaryDirectory())
    #expect(mistyped.exitCode == 66)
    #expect(mistyped.errors.contains("did you mean “dune-closure”?"))
  }
}
