import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Far samples of several experiments in one fit")
struct FarExperimentTests {
  private static let second = """
    schema: nutune.experiment/1
    name: other
    title: The other experiment
    baseline: {length: 810 km, density: 2.84 g/cm3}
    target: CH
    near:
      detector: {model: plain}
      fluxes: {fhc: beam}
      binning: {lepton_energy: [0.2, 1, 2], cos_theta: [-1, 0, 1]}
    far:
      detector: {model: plain}
      fluxes: {fhc: {base: beam, maximum: 10}}
      binning: {lepton_energy: [0.3, 1, 3], cos_theta: [-1, 0.5, 1]}
    """
  private static let joint = "joint={second: other}"
  private static let samples =
    "far.samples={a: {mode: fhc, components: {numu: 30}}, "
    + "b: {experiment: second, mode: fhc, components: {numu: 20, numu-to-nue: 3}}}"

  private func study(_ changes: (file: String, old: String, new: String)...) throws -> TemporaryStudy {
    let study = try TemporaryStudy(
      changes + [("study.yaml", "far: {events: 100, sample: poisson}\n", "far: {sample: poisson}\n")])
    try study.write(Self.second, to: "catalogs/experiments/other.yaml")
    try study.write(
      Self.second.split(separator: "\n").prefix(9).filter { !$0.contains("baseline") }.joined(separator: "\n")
        .replacing("name: other", with: "name: near-only"), to: "catalogs/experiments/near-only.yaml")
    return study
  }

  @Test("a sample has target, bins, baseline and near group of its experiment")
  func datasets() throws {
    let study = try study().load([Self.joint, Self.samples, "likelihood.statistic=poisson"])
    #expect(study.farDetectors.map(\.path) == ["experiment.far", "joint.second.far"])
    let datasets = try study.datasets(try study.assemble(try ConfigurationPlugins.registry()))
    #expect(
      datasets.map(\.sample.name) == [
        "near-numu-fhc-small", "near-numu-fhc-second", "far-a-numu", "far-b-numu", "far-b-numu-to-nue",
      ])
    #expect(datasets.map(\.experiment) == ["small", "second", "small", "second", "second"])
    #expect(datasets.map(\.sample.reaction.target.name) == ["C12", "CH", "C12", "CH", "CH"])
    #expect(datasets.map { $0.baseline?.length } == [nil, nil, 295, 810, 810])
    #expect(datasets.map { $0.baseline?.density } == [nil, nil, 2.6, 2.84, 2.84])
    #expect(datasets[2].sample.binning == study.experiment.near[0].binning)
    #expect(datasets[3].sample.binning == study.joint[0].far?.binning)
    #expect(datasets[1].sample.binning != datasets[3].sample.binning)
    #expect(datasets.map(\.flux.breakpoints.last) == [20, 20, 20, 10, 10])
    #expect(datasets[3].title == "The other experiment far detector, b")
    #expect(study.farEvents == 53 && study.unusedValues.isEmpty)
    #expect(study.effective.values["far.samples.b.experiment"] == .text("second"))
    #expect(study.effective.values["far.samples.a.experiment"] == nil)
  }

  @Test("norms of one experiment act on its far samples and are told apart from those of all")
  func norms() throws {
    func load(_ norms: String, statistic: String = "poisson") throws -> StudyConfiguration {
      try study().load([Self.joint, Self.samples, "likelihood={statistic: \(statistic), norm: \(norms)}"])
    }
    let both = try load("{common: 0.02, experiment: {second: {common: 0.05, electron: free}, small: {neutrino: 0.03}}}")
    #expect(
      both.norms == [
        NormUncertainty(.common, sigma: 0.02), NormUncertainty(.common, ofExperiment: "second", sigma: 0.05),
        NormUncertainty(.electron, ofExperiment: "second", sigma: nil),
        NormUncertainty(.neutrino, ofExperiment: "small", sigma: 0.03),
      ])
    #expect(
      both.norms.map(\.name) == [
        "norm_common", "norm_experiment_second_common", "norm_experiment_second_electron",
        "norm_experiment_small_neutrino",
      ])
    #expect(both.effective.values["likelihood.norm.experiment.second.common"] == .number(0.05))
    #expect(both.effective.values["likelihood.norm.experiment.second.electron"] == .text("free"))
    #expect(both.effective.values["likelihood.norm.experiment.small.common"] == .number(0))
    #expect(both.unusedValues.isEmpty, "\(both.unusedValues)")
    // The electrons are those of the second experiment.
    let idle = "{electron: 0.02, experiment: {small: {electron: 0.02, antineutrino: 0.01}}}"
    let unused = ["antineutrino", "electron"].map { "likelihood.norm.experiment.small.\($0)" }
    #expect(try load(idle).unusedValues.map(\.key) == unused)
    #expect(
      Set(try load(idle, statistic: "shape").unusedValues.map(\.key)) == Set(unused + ["likelihood.norm.electron"]))
    // All far samples are those of the experiment where there is one.
    let alone = try study().load([
      "far.events=100", "likelihood={statistic: poisson, norm: {experiment: {small: {common: 0.04}}}}",
    ])
    #expect(alone.norms == [NormUncertainty(.common, ofExperiment: "", titled: "small", sigma: 0.04)])
    let datasets = try alone.datasets(try alone.assemble(try ConfigurationPlugins.registry()))
    #expect(datasets.allSatisfy { $0.experiment.isEmpty })
  }

  @Test("with far samples of the main experiment alone all near data belong together")
  func oneFarExperiment() throws {
    let samples = "far.samples={a: {experiment: small, mode: fhc, components: {numu: 30}}}"
    let study = try study().load(["joint={second: {base: other, target: C12}}", samples])
    #expect(study.farDetectors.map(\.path) == ["experiment.far"])
    let datasets = try study.datasets(try study.assemble(try ConfigurationPlugins.registry()))
    #expect(datasets.map(\.experiment) == ["", "", ""])
  }

  @Test("the joint far detector alone")
  func otherFarExperiment() throws {
    let study = try study().load([
      Self.joint, "far.samples={b: {experiment: second, mode: fhc, components: {numu: 20}}}",
    ])
    #expect(study.farDetectors.map(\.path) == ["joint.second.far"] && study.baseline.length == 810)
  }

  @Test(
    "mistakes are said with their place",
    arguments: [
      (
        [joint, "far.samples={b: {experiment: secnd, mode: fhc, components: {numu: 20}}}"], "far.samples.b.experiment",
        "“secnd”", "one of small, second, the experiment and those under joint"
      ),
      (
        [
          "joint={second: {base: near-only, target: C12}}",
          "far.samples={b: {experiment: second, mode: fhc, components: {numu: 20}}}",
        ], "far.samples.b.experiment", "“second”, which has no far detector", "one of small"
      ),
      (
        [joint, "far.samples={b: {experiment: second, mode: fhc, components: {numu: 20, numubar: 3}}}"],
        "far.samples.b.components.numubar", "antineutrinos without near events of that sign at second",
        "channels of both neutrino signs"
      ),
      (
        [joint, "far.samples={b: {experiment: second, mode: fhc, components: {numu: rate}}}", "far.events=10"],
        "far.samples.b.components.numu", "“rate” with several experiments", "a number of events"
      ),
      (
        ["predict=small", "far.samples={b: {experiment: small, mode: fhc, components: {numu: 20}}}"],
        "far.samples.b.experiment", "“small” beside predict", "one of both"
      ),
      (
        [joint, "far.samples={b: {experiment: [second], mode: fhc, components: {numu: 20}}}"],
        "far.samples.b.experiment", "", "a label of joint"
      ),
      (
        [joint, "far.samples={a: {mode: fhc, components: {numu: 30}}}"], "joint.second.target", "CH",
        "C12, the target of experiment"
      ),
      (
        [joint, samples, "likelihood.statistic=poisson", "likelihood.norm.experiment.secnd.common=0.1"],
        "likelihood.norm.experiment.secnd", "no far samples of “secnd”",
        "one of small, second, the experiments with far samples"
      ),
      (
        [
          "joint={second: {base: near-only, target: C12}}", "likelihood.statistic=poisson",
          "likelihood.norm.experiment.second.common=0.1",
        ], "likelihood.norm.experiment.second", "no far samples of “second”", "one of small"
      ),
      (
        [joint, samples, "likelihood.norm.experiment.second.commn=0.1"], "likelihood.norm.experiment.second.commn",
        "an unknown key", "one of common, neutrino"
      ),
      (
        [joint, samples, "likelihood.norm.experiment.second.common=1.5"], "likelihood.norm.experiment.second.common",
        "1.5", "a number from 0 to 1"
      ),
      (
        [joint, samples, "models.first.tune_on=[small]"], "models.first.tune_on", "no near detector on CH",
        "one of second beside it"
      ),
    ] as [([String], String, String, String)])
  func mistakes(_ overrides: [String], key: String, found: String, expected: String) throws {
    let errors = try study().errors(overrides)
    let error = try #require(errors.first { $0.key == key }, "\(errors)")
    #expect((found.isEmpty || error.found.contains(found)) && error.expected.contains(expected), "\(error)")
  }
}
