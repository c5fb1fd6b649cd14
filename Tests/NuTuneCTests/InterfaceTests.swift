import BuiltInPlugins
import CNuTune
import Foundation
import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneResults
import Testing
import ThreeFlavorOscillations

/// The functions of nutune.h against the library behind them.
@Suite struct InterfaceTests {
  private static let catalogs = FilePath.join(
    FilePath.folder(of: FilePath.folder(of: FilePath.folder(of: #filePath))), "catalogs")

  /// One far sample, no model that learns.
  private static let study = """
    schema: nutune.study/1
    name: interface
    experiment:
      base: dune
      near: {binning: {lepton_energy: [0.4, 1, 2, 3, 5], cos_theta: [0.4, 0.8, 1]}}
    channels: [numu]
    truth: {model: toy-sf}
    models: {heavy: {model: toy-sf, quasi_elastic: {axial_mass: 1.2}}}
    near: {events: infinite}
    far: {events: 500, sample: poisson}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fold: {cell_scale: 12, nodes_w2: 30, nodes_q2: 20}
    slices: {energies: []}
    """

  /// What a failed call says; the code and its text.
  private struct Refusal: Error {
    var code: Int32
    var text: String
  }

  /// Calls a function; throws what it says when it fails.
  private func call(_ body: (nutune_message) -> Int32) throws {
    var message: UnsafeMutablePointer<CChar>?
    let code = body(&message)
    defer { nutune_free(message) }
    guard code == 0 else { throw Refusal(code: code, text: message.map { String(cString: $0) } ?? "") }
  }

  /// An object that a function makes.
  private func object(_ body: (UnsafeMutablePointer<OpaquePointer?>, nutune_message) -> Int32) throws -> OpaquePointer {
    var made: OpaquePointer?
    try call { body(&made, $0) }
    return try #require(made)
  }

  private func context() throws -> OpaquePointer {
    try object { made, message in
      Self.catalogs.withCString { folder in
        var folders: [UnsafePointer<CChar>?] = [folder]
        return nutune_context_open(&folders, 1, made, message)
      }
    }
  }

  private func release(_ object: OpaquePointer) { nutune_release(UnsafeMutableRawPointer(object)) }

  @Test func probabilitiesAreThoseOfTheModel() throws {
    let context = try context()
    let oscillation = try object {
      nutune_oscillation_open(context, "three-flavor", "nufit-6.0-no", nil, 0, $0, $1)
    }
    release(context)
    defer { release(oscillation) }
    let energies = [0.7, 2.5, 4.0]
    let model = try PluginSelection.oscillation(
      model: "three-flavor", preset: "nufit-6.0-no", explicit: [], registry: try BuiltInPlugins.registry(),
      catalog: Catalog(folders: [Self.catalogs]))
    let made: any OscillationModel = try model.make(try BuiltInPlugins.registry())
    let expected = try made.probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .antineutrino)
    var found = [Double](repeating: 0, count: 27)
    try call { nutune_oscillation_probabilities(oscillation, 1284.9, 2.848, 0.5, 1, 3, energies, &found, $0) }
    #expect(found == expected.values)
    let refusal = try #require(throws: Refusal.self) {
      try call { nutune_oscillation_probabilities(oscillation, 1284.9, 2.848, 0.5, 1, 1, [-1], &found, $0) }
    }
    #expect(refusal.code == 65 && refusal.text.contains("-1.0 GeV at position 0"))
  }

  @Test func likelihoodsAreThoseOfTheAnalysis() throws {
    let context = try context()
    let study = try object {
      nutune_study_open(context, Self.study, NSTemporaryDirectory(), nil, 0, 1, $0, $1)
    }
    let far = try object { nutune_likelihood_open(study, "heavy", 0, nil, nil, $0, $1) }
    let refusal = try #require(throws: Refusal.self) {
      try object { nutune_likelihood_open(study, "heavi", 0, nil, nil, $0, $1) }
    }
    #expect(refusal.code == 64 && refusal.text.contains("did you mean “heavy”?"))
    release(study)
    release(context)
    defer { release(far) }

    let registry = try BuiltInPlugins.registry()
    let configuration = try StudyConfiguration.load(
      text: Self.study, in: NSTemporaryDirectory(), registry: registry, catalog: Catalog(folders: [Self.catalogs]))
    let assembly = try configuration.assemble(registry)
    let analysis = try configuration.analysis(assembly, threads: 1)
    let near = try analysis.nearData(of: analysis.truth)
    let fit = try analysis.fit(
      try analysis.prepared(assembly.models[0], nil, on: near, in: analysis.folded),
      try analysis.farData(of: analysis.truth))
    let position = [0.5, 2.45e-3]
    var value = 0.0
    try call { nutune_likelihood_value(far, position, &value, $0) }
    #expect(try value == fit.minusTwoLogLikelihood(at: position))
    var (again, slopes) = (0.0, [0.0, 0.0])
    try call { nutune_likelihood_gradient(far, position, &again, &slopes, $0) }
    let slope = try fit.likelihood().slope(at: position)
    #expect(slope?.gradient == slopes && slope?.value == again)
    #expect(abs(again - value) < 1e-9 * (1 + value))
    let events = fit.events.flatMap { $0 }
    var data = events.map { _ in 0.0 }
    try call { nutune_likelihood_data(far, &data, $0) }
    #expect(data == events)
    try call { nutune_likelihood_rates(far, position, &data, $0) }
    #expect(try data == fit.expectedEvents(at: position).flatMap { $0 })
    let asimov = try object { nutune_likelihood_with_data(far, data, $0, $1) }
    defer { release(asimov) }
    try call { nutune_likelihood_value(asimov, position, &value, $0) }
    #expect(abs(value) < 1e-9)
  }

  private struct Summary: Decodable {
    var folder: String
    var converged: Bool
  }

  /// A run that is cancelled before its fits goes on, and the pulls of its results are those of the likelihoods.
  @Test func aRunGoesOnAndHasThePullsOfTheLikelihoods() throws {
    let folder = NSTemporaryDirectory() + "nutune-interface-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try context()
    defer { release(context) }
    let text = Self.study + "\nfit: {nuisance: {density: 0.05}, scan_points: 11}\n"
    func run(resume: Int32, _ progress: nutune_progress?) throws -> Summary {
      var summary: UnsafeMutablePointer<CChar>?
      try call {
        nutune_study_run(
          context, text, NSTemporaryDirectory(), nil, 0, 1, folder, resume, 0, progress, nil, &summary, $0)
      }
      defer { nutune_free(summary) }
      return try JSONDecoder().decode(Summary.self, from: Data(String(cString: #require(summary)).utf8))
    }
    let refusal = try #require(throws: Refusal.self) {
      try run(resume: 0) { _, stage, _, _, _ in String(cString: stage) == "fit-truth" ? 1 : 0 }
    }
    #expect(refusal.code == 130 && !FileManager.default.fileExists(atPath: "\(folder)/results.json"))
    let summary = try run(resume: 1, nil)
    #expect(summary.folder == folder)
    let log = try String(contentsOfFile: "\(folder)/run.log", encoding: .utf8)
    #expect(log.contains("far-data: as before") && !log.contains("fit-truth: as before"), "\(log)")

    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/results.json")))
    #expect(summary.converged == results.converged)
    let study = try object { nutune_study_open(context, text, NSTemporaryDirectory(), nil, 0, 1, $0, $1) }
    defer { release(study) }
    for (label, fit) in [("truth", results.truth.oscillation), ("heavy", results.models["heavy"]?.oscillation)] {
      let fit = try #require(fit)
      let far = try object { nutune_likelihood_open(study, label, 0, nil, nil, $0, $1) }
      defer { release(far) }
      let position = try fit.parameters.map { try #require(fit.nearestMinimum[$0]) }
      var pull = 0.0
      try call { nutune_likelihood_pulls(far, position, &pull, $0) }
      #expect(pull != 0 && fit.pulls == ["density": pull])
    }
  }

  @Test func mistakesOfAStudyAreSentences() throws {
    let context = try context()
    defer { release(context) }
    let refusal = try #require(throws: Refusal.self) {
      try object {
        nutune_study_open(
          context, Self.study.replacing("numu", with: "numuon").replacing("toy-sf", with: "toy"), "/tmp", nil, 0, 1, $0,
          $1)
      }
    }
    #expect(refusal.code == 65 && refusal.text.split(separator: "\n").count >= 2)
  }
}
