import Foundation
import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import Smearing
import Testing

@Suite("A detector of one far sample")
struct FarSampleDetectorTests {
  private static let smearing = "{model: smearing, energy.resolution: 0.1, efficiency.plateau: 0.5}"

  /// The registry of the tests with a detector that loses leptons.
  private static func registry() throws -> Registry {
    var registry = try ConfigurationPlugins.registry()
    try registry.register(SmearingDetector.self)
    return registry
  }

  /// Muons as the far detector measures them, and electrons, in a beam without oscillations.
  private func load(electrons: String, _ overrides: [String] = []) throws -> StudyConfiguration {
    let files = try TemporaryStudy([
      (
        "study.yaml", "  model: two-parameter\n  preset: usual\n  fit: [sin2_theta23, dm2_32]",
        "  model: no-oscillation\n  fit: []"
      ),
      ("study.yaml", "far: {events: 100, sample: poisson}\n", "far: {events: 100}\n"),
      ("catalogs/fluxes/beam.yaml", "file: beam.csv\n", "file: beam.csv\nmaximum: 3\n"),
    ])
    let samples =
      "far.samples={muons: {mode: fhc, components: {numu: rate}}, "
      + "electrons: {mode: fhc, components: {nue-to-nue: rate, nue: rate}\(electrons)}}"
    return try StudyConfiguration.load(
      files.path,
      overrides: [samples, "fold={cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}"] + overrides,
      registry: try Self.registry(), catalog: Catalog(folders: [files.folder + "/catalogs"]))
  }

  @Test("it is read, and belongs to the effective study")
  func effective() throws {
    let values = try load(electrons: ", detector: \(Self.smearing)").effective.values
    #expect(values["far.samples.electrons.detector.model"] == .text("smearing"))
    #expect(values["far.samples.electrons.detector.efficiency.plateau"] == .number(0.5))
    #expect(values["far.samples.electrons.detector.angle.resolution"] == .number(1))
    #expect(values.keys.allSatisfy { !$0.hasPrefix("far.samples.muons.detector") })
    #expect(values["experiment.far.detector.model"] == .text("plain"))
  }

  @Test("all components of the sample have it, and the other samples that of the far detector")
  func datasets() throws {
    let study = try load(electrons: ", detector: \(Self.smearing)")
    let datasets = try study.datasets(try study.assemble(try Self.registry()))
    #expect(datasets.map { $0.detector is SmearingDetector } == [false, false, true, true])
    #expect(datasets.map { $0.detector is PlainDetector } == [true, true, false, false])
    let plain = try load(electrons: "")
    #expect(try plain.datasets(try plain.assemble(try Self.registry())).allSatisfy { $0.detector is PlainDetector })
  }

  @Test(
    "one that does not exist, or does not measure the bins of the sample, is refused",
    arguments: [
      ("{model: smear}", "far.samples.electrons.detector.model", "“smear”"),
      ("smearing", "far.samples.electrons.detector", "“smearing”"),
      ("{model: smearing, efficiency.plateau: 2}", "far.samples.electrons.detector.efficiency.plateau", "2"),
      (
        "{model: plain}, binning: {lepton_energy: [0.2, 1], cos_theta: [-1, 1], hadronic_energy: [0, 1]}",
        "far.samples.electrons.detector", "bins in hadronic_energy for the detector “plain”"
      ),
      (
        "{model: smearing}, binning: {transverse_momentum: [0, 1, 2], longitudinal_momentum: [0, 1, 2]}",
        "far.samples.electrons.detector", "bins in ("
      ),
    ])
  func refused(_ detector: String, key: String, found: String) throws {
    var problems = NuTuneErrors()
    problems.attempt { try load(electrons: ", detector: \(detector)").check(try Self.registry()) }
    #expect(problems.errors.contains { $0.key == key && $0.found.contains(found) }, "\(problems.errors)")
  }

  @Test("an uncertain energy scale needs one in every sample")
  func energyScale() throws {
    let ofFar = ["experiment.far.detector={model: smearing}", "fit.nuisance.energy_scale=0.01"]
    try load(electrons: "", ofFar).check(try Self.registry())
    var problems = NuTuneErrors()
    problems.attempt { try load(electrons: ", detector: {model: plain}", ofFar).check(try Self.registry()) }
    #expect(problems.errors.map(\.key) == ["fit.nuisance.energy_scale"], "\(problems.errors)")
    #expect(problems.errors.first?.expected.hasPrefix("far.samples.electrons.detector: ") ?? false)
  }

  @Test("half the efficiency halves the rates of its sample, bin by bin, and leaves the others")
  func efficiency() throws {
    func rates(_ detector: String) throws -> [[Double]] {
      let study = try load(electrons: ", detector: \(detector)")
      let analysis = try study.foldedAnalysis(try study.assemble(try Self.registry()), threads: 1)
      return try #require(analysis.truth).farRates(analysis.oscillation)
    }
    let whole = try rates("{model: smearing, energy.resolution: 0.1}")
    let half = try rates(Self.smearing)
    #expect(half[0] == whole[0] && whole[0].reduce(0, +) > 0)
    for component in 1...2 {
      for (half, whole) in zip(half[component], whole[component]) {
        #expect(whole > 0 && abs(half / whole - 0.5) < 1e-9)
      }
    }
  }
}
