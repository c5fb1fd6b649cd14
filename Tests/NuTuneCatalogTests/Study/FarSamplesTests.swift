import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Far samples that are sums of components")
struct FarSamplesTests {
  private static let sample =
    "far.samples={electrons: {mode: fhc, components: {numu-to-nue: 1092, nue-to-nue+nuebar-to-nuebar: 190}}}"

  /// The study with far samples and without a number of far events.
  private func load(_ overrides: [String]) throws -> StudyConfiguration {
    try TemporaryStudy([("study.yaml", "far: {events: 100, sample: poisson}\n", "far: {sample: poisson}\n")])
      .load(overrides)
  }

  @Test("components, their events and their names")
  func components() throws {
    let study = try load([Self.sample])
    #expect(
      study.samples(at: .far).map(\.name) == [
        "far-electrons-numu-to-nue", "far-electrons-nue-to-nue", "far-electrons-nuebar-to-nuebar",
      ])
    #expect(study.farSamples[0].components.map(\.initial) == [.muon, .electron, .electron])
    #expect(study.farSamples[0].components.map(\.species) == [.nue, .nue, .nuebar])
    // Two components share 190 events.
    #expect(study.farEvents == 1282)
    #expect(study.farChannels == [.nue, .nuebar])
    #expect(study.channels == [.numu])
  }

  @Test("the effective study can be given back")
  func effective() throws {
    let study = try load([Self.sample, "far.events_at={preset: usual, sin2_theta23: 0.58}"])
    let values = study.effective.values
    #expect(values["far.samples.electrons.components.numu-to-nue"] == .number(1092))
    #expect(values["far.samples.electrons.mode"] == .text("fhc"))
    #expect(values["far.events_at.sin2_theta23"] == .number(0.58))
    #expect(values["far.events_at.preset"] == .text("usual"))
    #expect(values["far.events"] == nil)
    let rates = try load(["far.events=50", "far.samples={a: {mode: fhc, components: {numu: rate}}}"])
    #expect(rates.effective.values["far.samples.a.components.numu"] == .text("rate"))
    #expect(rates.farEvents == 50)
    #expect(rates.farSamples[0].components[0].initial == nil)
  }

  @Test(
    "mistakes are said with their place",
    arguments: [
      ("far.samples={}", "far.samples", "nothing"),
      ("far.samples={a: {mode: fhc}}", "far.samples.a.components", "nothing"),
      ("far.samples={a: {components: {numu: 3}}}", "far.samples.a.mode", "nothing"),
      ("far.samples={a: {mode: fhc, components: {numu: 3}, extra: 1}}", "far.samples.a.extra", ""),
      ("far.samples={a: {mode: rhc, components: {numu: 3}}}", "far.samples.a.mode", "“rhc”"),
      ("far.samples={a: {mode: fhc, components: {nux: 3}}}", "far.samples.a.components.nux", "“nux”"),
      (
        "far.samples={a: {mode: fhc, components: {numu-to-nuebar: 3}}}", "far.samples.a.components.numu-to-nuebar",
        "“numu-to-nuebar”"
      ),
      ("far.samples={a: {mode: fhc, components: {numu: -3}}}", "far.samples.a.components.numu", "-3"),
      ("far.samples={a: {mode: fhc, components: {numu: 3, nue: rate}}}", "far.samples", "some components"),
      (
        "far.samples={a: {mode: fhc, components: {numu: 3, nue+numu: 4}}}", "far.samples.a.components", "numu twice"
      ),
      ("far.samples={a: {mode: fhc, components: {numu: rate}}}", "far.events", "nothing"),
      ("far.events_at={preset: usual}", "far.events", ""),
      ("far.events_at=usual", "far.events_at", "“usual”"),
      ("far.events_at={preset: usual, fit: [dm2_32]}", "far.events_at.fit", "parameters to fit"),
    ])
  func mistakes(_ override: String, key: String, found: String) throws {
    let files = try TemporaryStudy([("study.yaml", "far: {events: 100, sample: poisson}\n", "far: {sample: poisson}\n")]
    )
    var refused: [NuTuneError] = []
    do {
      _ = try files.load([override])
    } catch let errors as NuTuneErrors {
      refused = errors.errors
    } catch let error as NuTuneError {
      refused = [error]
    }
    #expect(
      refused.contains { ($0.key ?? "").hasPrefix(key) && (found.isEmpty || $0.found.contains(found)) }, "\(refused)")
  }

  @Test("a number of all events beside those of components is refused")
  func twoNumbers() throws {
    #expect(throws: NuTuneError.self) { try load([Self.sample, "far.events=100"]) }
  }

  @Test("a list of leptons is a sample of each in every horn mode, of both neutrino signs by rate")
  func leptons() throws {
    let beams = [
      ("  fluxes: {fhc: beam}\n  binning", "  fluxes: {fhc: beam, rhc: beam}\n  binning"),
      (
        "far:\n  detector: {model: plain}\n  fluxes: {fhc: beam}",
        "far:\n  detector: {model: plain}\n  fluxes: {fhc: beam, rhc: beam}"
      ),
    ].map { (file: "catalogs/experiments/small.yaml", old: $0.0, new: $0.1) }
    let files = try TemporaryStudy(beams)
    func effective(_ samples: String, modes: String) throws -> [String: ParameterValue] {
      try files.load(["modes=\(modes)", "far.samples=\(samples)"]).effective.values
    }
    func muons(_ mode: String) -> String { "muons-\(mode): {mode: \(mode), components: {numu: rate, numubar: rate}}" }
    func electrons(_ mode: String) -> String {
      let components = ["numu-to-nue", "numubar-to-nuebar", "nue-to-nue", "nuebar-to-nuebar"]
      return
        "electrons-\(mode): {mode: \(mode), components: {\(components.map { "\($0): rate" }.joined(separator: ", "))}}"
    }
    let both = [muons("fhc"), muons("rhc"), electrons("fhc"), electrons("rhc")].joined(separator: ", ")
    #expect(
      try effective("[muons, electrons]", modes: "[fhc, rhc]") == effective("{\(both)}", modes: "[fhc, rhc]"))
    #expect(try effective("[electrons]", modes: "[rhc]") == effective("{\(electrons("rhc"))}", modes: "[rhc]"))
    #expect(
      try files.load(["modes=[fhc, rhc]", "far.samples=[muons, electrons]"]).farSamples.map(\.name)
        == ["muons-fhc", "muons-rhc", "electrons-fhc", "electrons-rhc"])
    for (list, found, nearest) in [
      ("[muons, electron]", "“electron”", "electrons"), ("[muons, muons]", "muons twice", nil), ("[]", "nothing", nil),
    ] as [(String, String, String?)] {
      let error = try #require(try files.load(refusing: "far.samples=\(list)"))
      #expect(error.key == "far.samples" && error.found == found && error.suggestion == nearest, "\(error)")
    }
  }

  @Test("norms that act on nothing are said, and pseudo-experiments of sums refused")
  func nothingSilent() throws {
    let norms = ["likelihood={statistic: poisson, norm: {beam_electron: 0.05, wrong_sign: 0.1}}"]
    let beam = try load(norms + [Self.sample])
    #expect(beam.unusedValues.allSatisfy { !$0.key.hasPrefix("likelihood.norm") })
    let signal = try load(norms + ["far.samples={a: {mode: fhc, components: {numu-to-nue: 100}}}"])
    #expect(
      signal.unusedValues.map(\.key).filter { $0.hasPrefix("likelihood") }
        == ["likelihood.norm.beam_electron", "likelihood.norm.wrong_sign"])
    #expect(throws: NuTuneError.self) { try load([Self.sample, "fit.feldman_cousins=1000"]) }
  }
}
