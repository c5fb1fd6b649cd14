import Foundation
import Testing

/// One mistake and the sentence it brings.
struct CheckStory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var file = "study.yaml"
  let old: String
  let new: String
  var set: String?
  var exitCode: Int32 = 65
  let sentence: String

  init(
    _ name: String, file: String = "study.yaml", _ old: String, _ new: String, set: String? = nil,
    exitCode: Int32 = 65, _ sentence: String
  ) {
    testDescription = name
    self.file = file
    self.old = old
    self.new = new
    self.set = set
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
      "study.yaml:9:7: far.evnts: found an unknown key; expected one of events, sample, flux, exposure, events_at, "
        + "samples; "
        + "did you mean “events”?"),
    CheckStory(
      "wrong type", "events: 6200", "events: several",
      "study.yaml:9:15: far.events: found “several”; expected a number from 1 to 1e+16"),
    CheckStory(
      "wrong unit", file: "catalogs/experiments/small.yaml", "1300 km", "1300 s",
      "catalogs/experiments/small.yaml:3:20: experiment.baseline.length: found “1300 s”; expected a number ≥ 0 in km"),
    CheckStory(
      "negative event count", "events: infinite", "events: -5",
      "study.yaml:8:16: near.events: found “-5”; expected a number from 1 to 1e+16 or “infinite”"),
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
      "both mass splittings fitted", "dm2_32]", "dm2_31, dm2_32]",
      "study.yaml:12:8: oscillation.fit: found both dm2_31 and dm2_32; expected one of them"),
    CheckStory(
      "a truth that has to be tuned", "truth: {model: toy-sf}", "truth: {model: neural-sf}",
      "study.yaml:5:16: truth.model: found “neural-sf”, a model that has to be tuned first; expected a model with"),
    CheckStory(
      "widths of layers that are not whole", "{model: neural-sf}", "{model: neural-sf, network: {hidden: [64.7, 3]}}",
      "study.yaml:7:49: models.neural.network.hidden: found the element “64.7”; "
        + "expected a list of at least 1 whole numbers from 1 to 4096"),
    CheckStory(
      "more events than can be drawn", "events: infinite", "events: 5e9",
      "study.yaml:8:16: near.events: found 5000000000 events to draw; expected at most 4000000000, or "
        + "near.sample: asimov"),
    CheckStory(
      "more far events than can be drawn", "events: 6200, sample: asimov", "events: 5e9, sample: poisson",
      "study.yaml:9:15: far.events: found 5000000000 events to draw"),
    CheckStory(
      "a slice below the lowest bin", "near: {events: infinite}", "slices: {energies: [1, 0.15]}",
      "study.yaml:8:20: slices.energies: found 0.15 GeV; expected more than the lowest lepton energy of the near "
        + "detector's bins, 0.2 GeV (numu)"),
    CheckStory(
      "a slice below the threshold", file: "catalogs/experiments/small.yaml", "{from: 0.2, to: 2, bins: 6}",
      "[0, 2]\n    # ", set: "slices.energies=[0.1]",
      "--set: slices.energies: found 0.1 GeV; expected more than the lowest lepton energy"),
    CheckStory(
      "bins above the folded energies", "near: {events: infinite}", "fold: {energy_minimum: 0.1, energy_maximum: 0.2}",
      "catalogs/experiments/small.yaml:9:5: experiment.near.binning: found lepton energies from 0.2 GeV (numu); "
        + "expected some below the highest folded neutrino energy, 0.2 GeV"),
    CheckStory(
      "bins above the flux", file: "catalogs/experiments/small.yaml", "{from: 0.2, to: 2, bins: 6}", "[6, 8]",
      "expected some below the highest folded neutrino energy, 5.0 GeV"),
    CheckStory(
      "a flux of nothing", file: "catalogs/fluxes/beam.csv", "0,1,1e-9\n1,2,2e-9\n2,5,5e-10", "0,1,0\n1,2,0\n2,5,0",
      "catalogs/fluxes/beam.yaml:3:8: experiment.near.fluxes.fhc: found no numu at energies from 0.0 to 5.0 GeV; "
        + "expected a flux above zero"),
    CheckStory(
      "folded energies that touch", "near: {events: infinite}", "fold: {energy_minimum: 1, energy_maximum: 1.0005}",
      "study.yaml:8:24: fold.energy_minimum: found 1.0 GeV; expected at least 0.001 GeV less than "
        + "fold.energy_maximum (1.0005 GeV)"),
    CheckStory(
      "folded energies that hardly touch the flux", "near: {events: infinite}", "fold: {energy_minimum: 4.9999}",
      "study.yaml:8:24: fold.energy_minimum: found energies from 4.9999 to 5.0 GeV"),
    CheckStory(
      "a title that is no text", "name: example", "name: example\ntitle: [1, 2]",
      "study.yaml:3:8: title: found a list of 2 elements; expected text"),
    CheckStory(
      "a path without end", "", "", set: Array(repeating: "a", count: 33).joined(separator: ".") + "=1", exitCode: 64,
      "--set: found a path of 33 keys; expected at most 32"),
    CheckStory(
      "a mass splitting without its indices", "", "", set: "oscillation.dm2=2.5e-3",
      "--set: oscillation.dm2: found an unknown key; expected dm2_21, dm2_31 or dm2_32"),
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
      try (name == file && !old.isEmpty ? text.replacing(old, with: new) : text).write(
        to: path, atomically: false, encoding: .utf8)
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
    let run = try check(story.file, story.old, story.new, set: story.set)
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
    #expect(bad.errors == "nutune: error: --set: far.events: found “-1”; expected a number from 1 to 1e+16\n")
    #expect(try check("", "", "", set: "far.events").exitCode == 64)
  }

  @Test("expected numbers of events are not drawn, so they may be large")
  func largeExpectation() throws {
    #expect(try check("study.yaml", "events: infinite", "events: 1e12, sample: asimov").exitCode == 0)
    #expect(try check("study.yaml", "events: 6200", "events: 1e12").exitCode == 0)
  }

  @Test("one broken catalog entry stands in the way of nothing else")
  func brokenEntry() throws {
    let folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fluxes = "\(folder)/fluxes"
    try FileManager.default.createDirectory(atPath: fluxes, withIntermediateDirectories: true)
    try (Self.files["catalogs/fluxes/beam.yaml"] ?? "").write(
      toFile: "\(fluxes)/beam.yaml", atomically: false, encoding: .utf8)
    try "schema: [".write(toFile: "\(fluxes)/torn.yaml", atomically: false, encoding: .utf8)
    let list = try CommandLineRun("list", catalogs: folder)
    #expect(list.exitCode == 0, "\(list.errors)")
    #expect(list.output.contains("  beam ") && !list.output.contains("torn"))
    #expect(list.errors.hasPrefix("nutune: warning: \(fluxes)/torn.yaml:2:1: "))
    #expect(try CommandLineRun("list", "detectors", catalogs: folder).errors == "")
    #expect(try CommandLineRun("show", "beam", catalogs: folder).exitCode == 0)
    let shown = try CommandLineRun("show", "torn", catalogs: folder)
    #expect(shown.exitCode == 65)
    #expect(shown.errors.hasPrefix("nutune: error: \(fluxes)/torn.yaml:2:1: "))
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
