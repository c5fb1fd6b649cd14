import Foundation
import NuTuneCore
import NuTuneResults
import Testing

/// A tune of a theory's parameters as a study says it, from the near data to the oscillation fit.
@Suite struct FittedTheoryStudyTests {
  private struct Folder: ~Copyable {
    let path = NSTemporaryDirectory() + "nutune-fitted-\(UUID().uuidString)"

    init(free: String) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try """
      schema: nutune.study/1
      name: fitted
      experiment: dune
      channels: [numu]
      truth: {model: toy-sf}
      models:
        tune:
          model: fitted-theory
          theory: {base: toy-detuned, quasi_elastic: {width_scale: 1, width_floor: 30 MeV}}
          free: \(free)
      near: {events: 300000}
      far: {events: 6200, sample: asimov}
      oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [dm2_32]}
      slices: {energies: []}
      fold: {energy_minimum: 0.5, energy_maximum: 5, cell_scale: 4, nodes_w2: 60, nodes_q2: 36, accuracy: 0.01}
      """.write(toFile: "\(path)/study.yaml", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Parameters come out with errors, the model has bands and a marginal fit, and what is saved is read again.
  @Test func aStudyFitsATheory() throws {
    let folder = try Folder(
      free: "[quasi_elastic.axial_mass ± 0.3, quasi_elastic.energy_shift ± 20 MeV, dis.scale ± 50 %]")
    let arguments = ["run", "\(folder.path)/study.yaml", "--out", "\(folder.path)/run", "--no-report"]
    let shell = "\"$nutune\" " + arguments.map { "'\($0)'" }.joined(separator: " ")
    let run = try CommandLineRun(shell: shell)
    try #require(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("quasi_elastic.axial_mass [prior 1.25 ± 0.30 GeV]"), "\(run.output)")
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder.path)/run/results.json")))
    let model = try #require(results.models["tune"])
    let found = try #require(model.training?.parameters)
    #expect(found.count == 3 && found["quasi_elastic.energy_shift"]?.unit == "GeV")
    for (name, truth) in [("quasi_elastic.axial_mass", 1.03), ("quasi_elastic.energy_shift", 0.028)] {
      let estimate = try #require(found[name])
      #expect(abs(estimate.value - truth) < 4 * estimate.error && estimate.error < estimate.prior[1], "\(estimate)")
    }
    // 0.8 ± 50 % of it.
    #expect(abs((found["dis.scale"]?.prior[1] ?? 0) - 0.4) < 1e-12)
    #expect(model.training?.correlations?["dis.scale"]?["dis.scale"] == 1)
    #expect(model.near.goodnessOfFit?.effectiveParameters ?? 0 > 2)
    #expect(model.oscillation != nil && model.oscillationAtPosteriorMean != nil)
    let widths = try #require(model.structureFunctions?.posteriorOverPrior?["neutrino"])
    #expect(widths.all[0] ?? 1 < 0.5)
    let again = try CommandLineRun(shell: shell + " --resume")
    #expect(again.exitCode == 0 && again.output == run.output, "\(again.errors)")
  }

  @Test(arguments: [
    ("[quasi_elastic.axial_mas ± 0.3]", "did you mean “quasi_elastic.axial_mass”?"),
    ("[dis.scale]", "expected a parameter with an error"),
    ("[]", "found no parameter"),
  ])
  func mistakesHaveTheirPlace(free: String, sentence: String) throws {
    let folder = try Folder(free: free)
    let check = try CommandLineRun("check", "\(folder.path)/study.yaml")
    #expect(check.exitCode == 65)
    #expect(check.errors.contains("study.yaml:10:"), "\(check.errors)")
    #expect(check.errors.contains("models.tune.free") && check.errors.contains(sentence), "\(check.errors)")
  }
}
