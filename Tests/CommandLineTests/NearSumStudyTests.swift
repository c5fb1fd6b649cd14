import Foundation
import NuTuneResults
import Testing

/// Studies of a near detector that does not measure the sign of the muon.
@Suite struct NearSumStudyTests {
  private static let study = """
    schema: nutune.study/1
    name: sums
    experiment: {base: dune, near: {detector: {model: ideal}, binning: &bins {lepton_energy: [0.3, 0.7, 1.2, 1.8, 2.5, 4], \
    cos_theta: [-1, 0.6, 0.85, 0.95, 1]}}, far: {detector: {model: ideal}, binning: *bins}}
    channels: [numu, numubar]
    modes: [fhc, rhc]
    truth: {model: toy-sf}
    models:
      net: {model: neural-sf, network: {hidden: [12, 12]}, training: {steps: 400, learning_rate: 0.03, warm_up: 50}}
      process: {model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1.2, length_q2: 2}}
      tune: {model: fitted-theory, theory: {model: toy-sf, dis: {scale: 0.8}}, free: ["dis.scale ± 0.5"]}
    near: {events: 300000, lepton_sign: unmeasured}
    far:
      flux: own
      samples:
        muons-fhc: {mode: fhc, components: {numu-to-numu: 6200, numubar-to-numubar: 389}}
        muons-rhc: {mode: rhc, components: {numu-to-numu: 1129, numubar-to-numubar: 2303}}
    likelihood: {statistic: poisson}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [dm2_32]}
    fit: {marginalize: false}
    slices: {energies: []}
    fold: {cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}
    """

  private func inFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = NSTemporaryDirectory() + "nutune-sums-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    return try body(folder)
  }

  /// A net, a process and a theory learn both signs from the sums; near results are of the sums, far ones of every component.
  @Test func aRun() throws {
    try inFolder { folder in
      let run = try CommandLineRun("run", "\(folder)/study.yaml", "--out", "\(folder)/out", "--no-report")
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      let results = try JSONDecoder().decode(
        StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/out/results.json")))
      for label in ["net", "process", "tune"] {
        let model = try #require(results.models[label])
        #expect(model.near.samples == ["near-muons-fhc", "near-muons-rhc"] && model.near.bins == 40)
        #expect(model.near.goodnessOfFit?.samples.map(\.name) == ["near-muons-fhc+muons-rhc"])
        let far = try #require(model.far?.samples)
        #expect(far.count == 6 && far.count(where: \.isSum) == 2)
        // A theory with one free number has all components right, a net that is hardly trained their sums. The shapes of the two
        // signs, of which a process learns both, differ by 0.2 and more.
        for sample in far where label != "net" || sample.isSum {
          #expect(sample.tv < (label == "tune" ? 0.01 : 0.1), "\(label) \(sample)")
        }
      }
      let scale = try #require(results.models["tune"]?.training?.parameters?["dis.scale"])
      #expect(abs(scale.value - 1) < 4 * scale.error && scale.error < 0.02, "\(scale)")
    }
  }

  @Test(
    "mistakes are said before anything is computed",
    arguments: [
      (
        "channels=[numu]",
        "near.lepton_sign: found “unmeasured” with the channel numu and without numubar; expected channels of both"
      ),
      (
        "models={flow: {model: normalizing-flow}}",
        "models.flow.model: found “normalizing-flow”, which learns from samples of one neutrino species; expected "
          + "gaussian-process-sf, neural-sf or fitted-theory beside near.lepton_sign: unmeasured"
      ),
      (
        "models.net.tune_on_channels=[numubar]",
        "models.net.tune_on_channels: found numubar without the other neutrino sign, which near samples do not tell apart"
      ),
      ("near.sample=multinomial", "near.sample: found “multinomial” for samples that are sums; expected poisson or"),
      ("near.lepton_sign=both", "near.lepton_sign: found “both”; expected one of measured, unmeasured"),
    ])
  func mistakes(override: String, sentence: String) throws {
    try inFolder { folder in
      let run = try CommandLineRun("check", "\(folder)/study.yaml", "--set", override)
      #expect(run.exitCode == 65 && run.errors.contains(sentence), "\(run.errors)")
    }
  }

  /// A beam without antineutrinos has none to sum.
  @Test func aBeamOfOneSign() throws {
    try inFolder { folder in
      let run = try CommandLineRun(
        "check", "\(folder)/study.yaml", "--set", "experiment.near.fluxes.fhc=bnb-microboone-fhc")
      #expect(run.exitCode == 65 && run.errors.contains("found no numubar in the flux"), "\(run.errors)")
    }
  }
}
