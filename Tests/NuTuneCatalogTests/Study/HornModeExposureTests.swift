import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Protons on target of each horn mode")
struct HornModeExposureTests {
  private static let near = "experiment.near.exposure={pot: {fhc: 1.0e21, rhc: 3.0e21}, mass: 2 t}"
  private static let far = "experiment.far.exposure={pot: {fhc: 3.0e21, rhc: 1.0e21}, mass: 40 kt}"
  private static let modes = "modes=[fhc, rhc]"

  /// An experiment with the same flux in both horn modes, without oscillations.
  private func study() throws -> TemporaryStudy {
    let experiment = "catalogs/experiments/small.yaml"
    return try TemporaryStudy([
      (experiment, "  fluxes: {fhc: beam}\n  binning", "  fluxes: {fhc: beam, rhc: beam}\n  binning"),
      (
        experiment, "far:\n  detector: {model: plain}\n  fluxes: {fhc: beam}",
        "far:\n  detector: {model: plain}\n  fluxes: {fhc: beam, rhc: beam}"
      ),
      ("catalogs/fluxes/beam.yaml", "file: beam.csv\n", "file: beam.csv\nmaximum: 3\n"),
      (
        "study.yaml", "  model: two-parameter\n  preset: usual\n  fit: [sin2_theta23, dm2_32]",
        "  model: no-oscillation\n  fit: []"
      ),
      ("study.yaml", "near: {events: infinite}", "near: {events: 1000, sample: asimov}"),
      ("study.yaml", "far: {events: 100, sample: poisson}", "far: {events: 400, sample: asimov}"),
      (
        "study.yaml", "seed: {network: 7}",
        "seed: {network: 7}\nfold: {cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}"
      ),
    ])
  }

  @Test("events are shared out among the modes of one flux as their protons are, near and far")
  func shares() throws {
    func events(_ exposures: [String]) throws -> [[Double]] {
      let study = try study().load([Self.modes] + exposures)
      let analysis = try study.analysis(try study.assemble(try ConfigurationPlugins.registry()), threads: 1)
      return [try analysis.nearData(of: analysis.truth), try analysis.farData(of: analysis.truth)].map { samples in
        samples.map { $0.contents.reduce(0, +) }
      }
    }
    let shared = try events([Self.near, Self.far])
    for (events, expected) in zip(shared.joined(), [250.0, 750, 300, 100]) { #expect(abs(events - expected) < 1e-9) }
    // One number for all modes changes nothing.
    let one = try events(["experiment.near.exposure={pot: 1.0e21, mass: 2 t}"])
    #expect(one == (try events([])))
    for (events, expected) in zip(one.joined(), [500.0, 500, 200, 200]) { #expect(abs(events - expected) < 1e-9) }
  }

  @Test("exposures of samples are relative to the mean over modes and positions")
  func relative() throws {
    let study = try study().load([Self.modes, Self.near, Self.far])
    let datasets = try study.datasets(try study.assemble(try ConfigurationPlugins.registry()))
    #expect(datasets.count == 4)
    for (dataset, expected) in zip(datasets, [0.5, 1.5, 1.5, 0.5]) { #expect(abs(dataset.exposure - expected) < 1e-12) }
    #expect(study.experiment.near[0].exposure == Exposure(pots: ["fhc": 1e21, "rhc": 3e21], mass: 2))
    let values = study.effective.values
    #expect(values["experiment.near.exposure.pot.rhc"] == .number(3e21))
    #expect(values["experiment.near.exposure.pot"] == nil && values["experiment.near.exposure.mass"] == .number(2))
  }

  @Test("they have an effect where modes differ and their events are not numbers of their own")
  func effect() throws {
    func unused(_ overrides: [String]) throws -> [String] {
      try study().load(overrides).unusedValues.map(\.key).filter { $0.hasSuffix("exposure") }
    }
    #expect(try unused([Self.modes, Self.near, Self.far]).isEmpty)
    #expect(try unused([Self.near, Self.far]) == ["experiment.far.exposure", "experiment.near.exposure"])
    let equal = Self.near.replacing("3.0e21", with: "1.0e21")
    #expect(try unused([Self.modes, equal, Self.far]) == ["experiment.near.exposure"])
    let numbers = ["far={samples: {a: {mode: fhc, components: {numu: 3}}, b: {mode: rhc, components: {numu: 3}}}}"]
    #expect(try unused([Self.modes, Self.near, Self.far] + numbers) == ["experiment.far.exposure"])
  }

  @Test(
    "modes that do not exist, or have none, are refused",
    arguments: [
      (
        "experiment.near.exposure={pot: {fhc: 1.0e21, rch: 1.0e21}, mass: 2 t}", "experiment.near.exposure.pot.rch",
        "“rch”"
      ),
      ("experiment.far.exposure={pot: {fhc: 1.0e21}, mass: 2 t}", "experiment.far.exposure.pot", "“rhc”"),
      ("experiment.far.exposure={pot: {fhc: 1.0e21, rhc: -1}, mass: 2 t}", "experiment.far.exposure.pot.rhc", "-1"),
      ("experiment.far.exposure={pot: {fhc: 1.0e21, rhc: 1.0e21}}", "experiment.far.exposure.mass", "nothing"),
    ])
  func refused(_ exposure: String, key: String, found: String) throws {
    let errors = try study().errors([Self.modes, exposure])
    #expect(errors.count == 1 && errors.first?.key == key && errors.first?.found.contains(found) == true, "\(errors)")
  }

  @Test("near samples that are sums of both signs have one exposure in all modes")
  func sums() throws {
    let error = try study().errors([Self.modes, Self.near, "channels=[numu, numubar]", "near.lepton_sign=unmeasured"])
      .first { $0.key == "experiment.near.exposure.pot" }
    #expect(error?.found.contains("differ between horn modes") == true)
  }
}
