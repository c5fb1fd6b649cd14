import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

/// Studies with more than one near detector, or that predict another experiment.
@Suite("Several near positions, joint experiments, predictions elsewhere")
struct SeveralDetectorsTests {
  private static let positions = (
    file: "catalogs/experiments/small.yaml", old: "  fluxes: {fhc: beam}\n  binning:",
    new: """
      positions:
        on: {fluxes: {fhc: beam}}
        off:
          fluxes: {fhc: {base: beam, maximum: 10}}
          detector: {model: plain}
          exposure: {pot: 3e20, mass: 2 t}
          binning: {theta: [0, 90, 180], lepton_momentum: [0.2, 0.5, 1]}
      exposure: {pot: 1e20, mass: 2 t}
      binning:
    """
  )
  private static let far = (
    file: "catalogs/experiments/small.yaml", old: "far:\n", new: "far:\n  events: 77\n"
  )
  private static let nearOnly = """
    schema: nutune.experiment/1
    name: other
    title: Another experiment
    target: CH
    near:
      detector: {model: plain}
      fluxes: {fhc: beam}
      binning: {lepton_energy: [0.2, 1, 2], cos_theta: [-1, 0, 1]}
    """

  private func study(_ changes: (file: String, old: String, new: String)...) throws -> TemporaryStudy {
    let study = try TemporaryStudy(changes)
    try study.write(Self.nearOnly, to: "catalogs/experiments/other.yaml")
    return study
  }

  @Test func aPositionHasWhatItDoesNotSayFromBesideThePositions() throws {
    let near = try study(Self.positions).load().experiment.near
    #expect(near.map(\.position) == ["on", "off"])
    #expect(near.map(\.path) == ["experiment.near.positions.on", "experiment.near.positions.off"])
    #expect(near.map { $0.binning.observableNames[0] } == [.leptonEnergy, .leptonMomentum])
    #expect(near[0].exposure == Exposure(pot: 1e20, mass: 2) && near[1].exposure == Exposure(pot: 3e20, mass: 2))
    #expect(near[0].fluxes[0].selection.parameters.number("maximum") == 20)
    #expect(near[1].fluxes[0].selection.parameters.number("maximum") == 10)
    #expect(near[1].title == "A small experiment near detector, off")
  }

  @Test func samplesAndValuesCarryThePosition() throws {
    let study = try study(Self.positions).load(["experiment.near.positions.on.fluxes.fhc.maximum=5"])
    let names = study.samples(at: .near).map(\.name)
    #expect(names == ["near-numu-fhc-on", "near-numu-fhc-off"])
    let values = study.effective.values
    #expect(values["experiment.near.positions.on.fluxes.fhc.maximum"] == .number(5))
    #expect(values["experiment.near.positions.off.exposure.pot"] == .number(3e20))
  }

  @Test func jointExperimentsAreFurtherPositions() throws {
    let study = try study().load(["joint={second: {base: other, target: C12}}"])
    #expect(study.nearDetectors.map(\.position) == ["small", "second"])
    #expect(study.nearDetectors[1].title == "Another experiment near detector")
    let values = study.effective.values
    #expect(values["joint.second.base"] == .text("other"))
    #expect(values["joint.second.near.fluxes.fhc.base"] == .text("beam"))
    let citations = try StudyCitations.citations(
      of: study.effective, registry: ConfigurationPlugins.registry(),
      catalog: Catalog(folders: [study.directory + "/catalogs"]))
    #expect(citations.contains { $0.key == "Beam:2020" })
  }

  @Test func aPredictionElsewhereReplacesTheFarDetector() throws {
    let near = try study().load(["predict={experiment: {base: other, target: C12}}", "oscillation.fit=[]"])
    #expect(near.baseline.length == 0 && near.farDetector?.title == "Another experiment near detector")
    #expect(near.usesOwnFarFlux && near.effective.values["predict.at"] == .text("near"))
    try near.check(ConfigurationPlugins.registry())

    let far = try study(Self.positions).load(["predict=small", "far.flux=own"])
    #expect(far.baseline.length == 295 && far.effective.values["predict.at"] == .text("far"))
    let off = try study(Self.positions).load(["predict.experiment=small", "predict.at=off", "oscillation.fit=[]"])
    #expect(off.farDetector?.binning.observableNames[0] == .leptonMomentum && off.baseline.length == 0)
  }

  @Test func farEventsAreTheExperimentsUnlessTheStudySaysOtherwise() throws {
    #expect(try study(Self.far).load().farEvents == 100)
    let without = (file: "study.yaml", old: "events: 100, ", new: "")
    let study = try study(Self.far, without).load()
    #expect(study.farEvents == 77 && study.effective.values["far.events"] == .number(77))
    let error = try #require(try self.study(without).errors().first)
    #expect(error.key == "far.events" && error.expected.contains("experiment.far gives none"))
  }

  @Test func aModelSaysWhatItLearnsFrom() throws {
    let study = try study(Self.positions).load(
      ["models.first.tune_on=[off]", "models.first.network_seed=5"])
    #expect(study.tunings["first"]?.positions == ["off"] && study.tunings["first"]?.seed == 5)
    #expect(study.tunings["second"]?.positions == nil)
    #expect(study.effective.values["models.first.tune_on"] == .texts(["off"]))
    #expect(study.effective.values["models.first.network_seed"] == .integer(5))
  }

  @Test func aModelSaysFromWhichChannelsItLearns() throws {
    let channels = "channels=[numu, nue]"
    let study = try study().load([channels, "models.first.tune_on_channels=[nue]"])
    func learned(_ label: String) -> [String] {
      study.samples(at: .near).filter { study.learns(label, from: $0) }.map(\.name)
    }
    #expect(learned("first") == ["near-nue-fhc"] && learned("second") == ["near-numu-fhc", "near-nue-fhc"])
    #expect(study.effective.values["models.first.tune_on_channels"] == .texts(["nue"]))
    let key = "models.first.tune_on_channels"
    for (list, found, expected) in [
      ("[]", "nothing", "at least one of numu, nue"), ("[nue, nue]", "“nue” twice", "every channel once"),
      ("[numubar]", "“numubar”, which no near sample of the study has", "one of numu, nue"),
      ("[nu]", "“nu”", "numu"), ("[numu]", "a model that does not learn", "a model that is tuned"),
    ] {
      let error = try #require(
        try self.study().errors([channels, "\(key)=\(list)"]).first { $0.key == key }, "\(list)")
      #expect(error.found.contains(found) && error.expected.contains(expected), "\(error)")
    }
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let overrides: [String]
    var hasPositions = true
    let key: String
    let found: String
    let expected: String
    var suggestion: String?
    var testDescription: String { overrides.joined(separator: " ") }
  }

  static let mistakes = [
    Mistake(
      overrides: ["models.first.tune_on=[of]"], key: "models.first.tune_on", found: "“of”", expected: "one of on, off",
      suggestion: "off"),
    Mistake(
      overrides: ["models.first.tune_on=[on, on]"], key: "models.first.tune_on", found: "“on” twice",
      expected: "every position once"),
    Mistake(
      overrides: ["models.first.tune_on=[]"], key: "models.first.tune_on", found: "nothing", expected: "at least one"),
    Mistake(
      overrides: ["models.first.tune_on=[on]"], key: "models.first.tune_on", found: "a model that does not learn",
      expected: "a model that is tuned"),
    Mistake(
      overrides: ["models.first.network_seed=2"], key: "models.first.network_seed",
      found: "a model that does not learn", expected: "a model that is tuned"),
    Mistake(
      overrides: ["models.first.tune_on=[on]"], hasPositions: false, key: "models.first.tune_on", found: "positions",
      expected: "several near positions, or joint experiments"),
    Mistake(
      overrides: ["joint={second: other}"], key: "joint.second.target", found: "CH",
      expected: "C12, the target of experiment", suggestion: "{base: other, target: C12}"),
    Mistake(
      overrides: ["joint={second: othr}"], key: "joint.second", found: "the unknown experiment “othr”",
      expected: "one of other, small", suggestion: "other"),
    Mistake(
      overrides: ["joint={small: {base: other, target: C12}}"], hasPositions: false, key: "joint",
      found: "“small” twice", expected: "labels that differ"),
    Mistake(
      overrides: ["predict={experiment: {base: other, target: C12}, at: far}"], key: "predict.at", found: "“far”",
      expected: "one of near"),
    Mistake(
      overrides: ["predict={experiment: small, at: of}", "oscillation.fit=[]"], key: "predict.at", found: "“of”",
      expected: "one of far, near, on, off", suggestion: "off"),
    Mistake(
      overrides: ["predict={experiment: {base: other, target: C12}}"], key: "oscillation.fit",
      found: "a fit at the near detector of Another experiment", expected: "a far detector to predict"),
    Mistake(
      overrides: ["predict=small", "far.flux=near"], key: "far.flux", found: "“near” with predict",
      expected: "own, because the flux is that of another beam"),
    Mistake(
      overrides: ["experiment={base: other, target: C12}"], hasPositions: false, key: "oscillation.fit",
      found: "a fit at Another experiment, which has no far detector", expected: "an experiment with one, or `predict:`"
    ),
    Mistake(
      overrides: ["experiment.near.events=1e6"], hasPositions: false, key: "experiment.near.events",
      found: "an unknown key", expected: "one of detector, true_detector, fluxes, binning, exposure"),
    Mistake(
      overrides: ["experiment.name=\"a b\""], hasPositions: false, key: "experiment.name", found: "“a b”",
      expected: "letters, digits"),
    Mistake(
      overrides: ["experiment.near.positions={}"], hasPositions: false, key: "experiment.near.positions",
      found: "nothing", expected: "a detector at every position"),
    Mistake(
      overrides: ["experiment.near.exposure={pot: 1e20}"], hasPositions: false, key: "experiment.near.exposure.mass",
      found: "nothing", expected: "a number > 0 in t"),
  ]

  @Test func aNumberOfEventsOfOneSampleIsNotThatOfSeveral() throws {
    let both = (file: "study.yaml", old: "channels: [numu]", new: "channels: [numu, nue]")
    let without = (file: "study.yaml", old: "events: 100, ", new: "")
    let error = try #require(try study(Self.far, without, both).errors().first { $0.key == "far.events" })
    #expect(error.found == "nothing, for far-numu-fhc, far-nue-fhc")
    #expect(error.expected.hasSuffix("the 77 of experiment.far are those of one channel in the mode fhc"))
  }

  @Test func finiteEventsOfSeveralDetectorsNeedEveryExposure() throws {
    let other = "joint={second: {base: other, target: C12}}"
    let exposure = "experiment.near.exposure={pot: 1e20, mass: 1 t}"
    let errors = try study().errors([other, exposure, "near.events=1e6"])
    #expect(errors.first?.key == "joint.second.near.exposure")
    #expect(try study().errors([other, exposure]).isEmpty && study().errors([other, "near.events=1e6"]).isEmpty)
  }

  @Test func defaultSlicesAreThoseThatThereAre() throws {
    let above = ["experiment.near.binning={lepton_energy: [1.5, 2, 4], cos_theta: [-1, 1]}"]
    let study = try study().load(above)
    #expect(study.effective.values["slices.energies"] == .numbers([2, 3, 5]))
    #expect(try self.study().errors(above).isEmpty)
    #expect(try self.study().errors(above + ["slices.energies=[1, 2]"]).map(\.key) == ["slices.energies"])
  }

  @Test func everyDetectorNeedsEnergiesOfItsOwnFlux() throws {
    // The other beam goes on to 20 GeV, this one does not.
    let errors = try study().errors([
      "joint={second: {base: other, target: C12, near: {fluxes: {fhc: {base: beam, maximum: 0.9}}, "
        + "binning: {lepton_energy: [1, 2], cos_theta: [-1, 1]}}}}"
    ])
    #expect(errors.map(\.key) == ["joint.second.near.binning"])
  }

  @Test(arguments: mistakes) func mistakesAreNamed(_ mistake: Mistake) throws {
    let study = try mistake.hasPositions ? study(Self.positions) : study()
    let errors = try study.errors(mistake.overrides)
    let error = try #require(errors.first { $0.key == mistake.key }, "\(errors)")
    #expect(error.category == .badData)
    #expect(error.found.contains(mistake.found) && error.expected.contains(mistake.expected), "\(error)")
    #expect(error.suggestion == mistake.suggestion)
  }
}
