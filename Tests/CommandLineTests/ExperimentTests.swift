import Foundation
import NuTuneCore
import NuTuneResults
import Testing

/// The experiments of the catalog, as a user meets them.
@Suite struct ExperimentTests {
  static let closures = ["dune-closure", "t2k-closure", "hyper-k-closure", "nova-closure"]
  static let others = ["dune-prism", "dune-with-nova", "dune-predicts-nova", "t2k-predicts-minerva"]

  @Test func listTabulatesThem() throws {
    let run = try CommandLineRun("list", "experiments")
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let rows = run.output.split(separator: "\n").map(String.init)
    func row(_ name: String) throws -> String { try #require(rows.first { $0.hasPrefix("\(name) ") }) }
    for (name, parts) in [
      ("dune", ["1284.9", "2.848", "Ar40", "6200"]), ("dune-prism", ["6 positions"]),
      ("t2k", ["295", "2.6", "H2O", "fhc, rhc", "318"]), ("hyper-k", ["295", "2.6", "H2O"]),
      ("nova", ["810", "2.84", "CH", "smearing 0.035, 2 deg", "211"]), ("minerva-le", ["CH", "–"]),
      ("minerva-me", ["CH", "–"]), ("microboone", ["Ar40", "–"]),
    ] {
      let row = try row(name)
      for part in parts { #expect(row.contains(part), "\(row)") }
    }
  }

  @Test(arguments: closures + others) func theirStudiesAreReadyToRun(_ name: String) throws {
    let run = try CommandLineRun("check", name)
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test(arguments: ["minerva-le", "minerva-me", "microboone"]) func nearOnlyExperimentsSayThatThereIsNothingToFit(
    _ name: String
  ) throws {
    let run = try CommandLineRun("check", "dune-closure", "--set", "experiment=\(name)")
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("which has no far detector; expected an experiment with one, or `predict:`"))
    let without = try CommandLineRun(
      "check", "dune-closure", "--set", "experiment=\(name)", "--set", "oscillation.fit=[]")
    #expect(without.exitCode == 0, "\(without.errors)")
  }

  private struct Outcome {
    var run: CommandLineRun
    var results: StudyResults
    /// Near events by sample.
    var nearEvents: [String: Double]
    var figures: [String]
  }

  private struct NearData: Decodable {
    var name: String
    var events: Double?
  }

  /// A study of seconds.
  private func run(_ study: String, _ extra: [String], report: Bool = false) throws -> Outcome {
    let folder = NSTemporaryDirectory() + "nutune-experiments-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sets =
      ["fold.cell_scale=6", "fold.accuracy=1e-2", "fold.nodes_w2=60", "fold.nodes_q2=36", "oscillation.fit=[]"] + extra
    let run = try CommandLineRun(
      shell: "$nutune run \(study) --out \(folder) \(report ? "" : "--no-report ")"
        + sets.map { "--set '\($0)'" }.joined(separator: " "))
    func read<Value: Decodable>(_ name: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
    let near: [NearData] = try read("data/near.json")
    return Outcome(
      run: run, results: try read("results.json"),
      nearEvents: Dictionary(uniqueKeysWithValues: near.map { ($0.name, $0.events ?? 0) }),
      figures: report ? try FileManager.default.contentsOfDirectory(atPath: "\(folder)/figures") : [])
  }

  private static let net = "network: {hidden: [16, 16]}, training: {steps: 120}"

  /// Two beams are two slices of the same structure functions: what is learned from both depends on both, what is
  /// learned from one does not know of the other.
  @Test func modelsLearnFromThePositionsTheyName() throws {
    // Energies are those of all beams unless a study says which.
    func models(_ text: String) -> [String] {
      [
        "models={\(text)}", "slices.energies=[2]", "fold.energy_minimum=0.3", "fold.energy_maximum=20",
        "experiment=\(CoarseBins.dune)",
        "joint.nova.near.binning={lepton_energy: {from: 0.2, to: 5, bins: 12}, cos_theta: [-1, 0.2, 0.6, 0.8, 0.9, 0.96, 1]}",
      ]
    }
    let both = try run(
      "dune-with-nova",
      models(
        "one: {model: neural-sf, tune_on: [dune], \(Self.net)}, two: {model: neural-sf, \(Self.net)}, "
          + "again: {model: neural-sf, tune_on: [dune], network_seed: 2, \(Self.net)}"), report: true)
    let results = both.results
    #expect(both.run.exitCode == 0 || both.run.exitCode == 2, "\(both.run.errors)")
    // One beam or two: that is a figure.
    #expect(both.figures.contains("positions.pdf") && both.figures.contains("positions.csv"))
    let (one, two, again) = (
      try #require(results.models["one"]), try #require(results.models["two"]), try #require(results.models["again"])
    )
    #expect(one.near.bins == 108 && one.elsewhere?.bins == 12 * 6)
    #expect(two.near.bins == 108 + 12 * 6 && two.elsewhere == nil)
    #expect(one.far?.tv != two.far?.tv && one.far?.tv != again.far?.tv)
    // Support counts what the best of the beams covers.
    #expect(try #require(two.support?.overlap) > (try #require(one.support?.overlap)))

    // NOvA's data changed (the other horn mode): the model that does not learn from them stays as it is.
    let changed = try run(
      "dune-with-nova",
      models("one: {model: neural-sf, tune_on: [dune], \(Self.net)}, two: {model: neural-sf, \(Self.net)}")
        + ["joint.nova.near.fluxes.fhc=nova-nd-rhc"]
    ).results
    #expect(changed.models["one"]?.far?.tv == one.far?.tv && changed.models["one"]?.near.tv == one.near.tv)
    #expect(changed.models["two"]?.far?.tv != two.far?.tv)
  }

  @Test func eventsAreSharedOutByRateAndExposure() throws {
    let study = { (mass: Double) in
      try self.run(
        "dune-prism",
        [
          "models={truth-again: {model: toy-sf}}", "near.events=1e6", "near.sample=asimov", "slices.energies=[]",
          "experiment.near.positions.6m.exposure.mass=\(mass)",
        ]
      ).nearEvents
    }
    let (equal, ten) = (try study(67), try study(670))
    #expect(equal.count == 6 && abs(equal.values.reduce(0, +) - 1e6) < 1 && abs(ten.values.reduce(0, +) - 1e6) < 1)
    // The beam weakens and softens off axis.
    let names = ["0m", "6m", "12m", "18m", "24m", "30m"].map { "near-numu-fhc-\($0)" }
    for (inner, outer) in zip(names, names.dropFirst()) { #expect((equal[outer] ?? 0) < 0.75 * (equal[inner] ?? 0)) }
    let ratio = { (events: [String: Double]) in (events["near-numu-fhc-6m"] ?? 0) / (events["near-numu-fhc-0m"] ?? 1) }
    #expect(abs(ratio(ten) / ratio(equal) - 10) < 1e-9)
  }

  @Test func predictionElsewhereWarnsWhereNothingWasLearned() throws {
    let fixed = ["models={theory: {model: toy-sf}}", "slices.energies=[2]"]
    let inside = try run(
      "dune-predicts-nova",
      fixed + ["predict.experiment={base: nova, target: Ar40, far: {binning: \(CoarseBins.binning)}}"])
    #expect(inside.run.exitCode == 0 && !inside.run.errors.contains("warning"), "\(inside.run.errors)")
    #expect(inside.run.output.contains("Predicted: NOvA far"))
    #expect(try #require(inside.results.models["theory"]?.support?.uncovered) < 0.005)
    let outside = try run("t2k-predicts-minerva", fixed + ["experiment.near.detector={model: ideal}"])
    #expect(outside.run.errors.contains("near-detector data do not constrain"))
    #expect(try #require(outside.results.models["theory"]?.support?.uncovered) > 0.1)
    #expect(try #require(outside.results.models["theory"]?.far?.tv) < 1e-9)
  }
}
