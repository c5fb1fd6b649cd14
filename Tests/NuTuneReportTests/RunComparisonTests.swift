import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

@Suite struct RunComparisonTests {
  private let root: TemporaryFolder

  init() throws { root = try TemporaryFolder() }

  /// Writes a run into a folder of its own.
  private func write(_ name: String, _ run: SyntheticRun, _ change: (inout StudyResults) -> Void = { _ in }) throws
    -> String
  {
    let folder = "\(root.path)/\(name)"
    var results = run.results
    change(&results)
    try SyntheticRun.write(results, run.predictions, to: folder)
    return folder
  }

  @Test func modelsOfAllRunsStandSideBySide() throws {
    let first = try write("one", SyntheticRun())
    let second = try write("two", SyntheticRun(models: [("neural", 0.05)], commit: "fedcba9")) {
      $0.provenance.seeds["network"] = 7
      $0.study.values["seed.network"] = .integer(7)
      $0.study.values["models.neural.network.hidden"] = .numbers([32])
      $0.study.values["models.neural.model"] = .text("neural-sf")
    }
    let third = try write("three", SyntheticRun(models: [("neural", 0.02)])) {
      $0.study.values["models.neural.model"] = .text("neural-sf")
    }
    let comparison = try RunComparison(folders: [first, second, third])
    let header = try #require(comparison.text.split(separator: "\n").first)
    #expect(
      header.split(separator: " ") == ["truth", "one/neural", "one/flow", "two/neural", "three/neural"])
    #expect(comparison.notes.contains("seed.network: nothing (one, three); 7 (two)"))
    #expect(
      comparison.notes.contains("neural-sf, network.hidden: [32] (two/neural); [64, 64, 64] (three/neural)"))
    #expect(comparison.notes.contains("commit: 0123abc (one, three); fedcba9 (two)"))

    let out = "\(root.path)/out"
    try comparison.write(to: out, jobs: 2)
    let html = try root.text("out/report.html")
    #expect(html.contains("two/neural") && html.contains("What differs beside the models"))
    #expect(html.contains("nutune compare \(first) \(second) \(third) --out DIR"))
    let slices = try root.text("out/figures/slices.csv").prefix { $0 != "\n" }
    #expect(slices.contains("two/neural"))
    #expect(!FileManager.default.fileExists(atPath: "\(out)/results.json"))
  }

  @Test func runsOfOneNameAreToldApartByTheFoldersAbove() throws {
    let first = try write("monday/run", SyntheticRun(models: [("neural", 0.05)]))
    let second = try write("tuesday/run", SyntheticRun(models: [("neural", 0.02)]))
    let text = try RunComparison(folders: [first, second + "/"]).text
    #expect(text.contains("monday/run/neural") && text.contains("tuesday/run/neural"))
  }

  @Test func everyDifferenceThatForbidsIsOneSentence() throws {
    let first = try write("one", SyntheticRun())
    let second = try write("two", SyntheticRun()) {
      $0.study.values["truth.axial_mass"] = .number(1.2)
      $0.study.values["far.events"] = .integer(1000)
      $0.study.values["oscillation.sin2_theta23"] = .number(0.5)
      $0.study.values["seed.network"] = .integer(2)
      $0.study.values["predict.at"] = .text("far")
      $0.study.values["predict.experiment.base"] = .text("nova")
    }
    let errors = try #require(throws: NuTuneErrors.self) { try RunComparison(folders: [first, second]) }
    #expect(errors.category == .badData)
    #expect(
      errors.errors.compactMap(\.key) == ["far.events", "oscillation.sin2_theta23", "predict.at", "truth.axial_mass"])
    #expect(errors.errors[3].description == "\(second): truth.axial_mass: found 1.2; expected 1.03, as in one")
  }

  @Test func anotherTruthIsOneSentence() throws {
    let first = try write("one", SyntheticRun())
    let second = try write("two", SyntheticRun()) {
      for number in 1...27 { $0.study.values["truth.parameter_\(number)"] = .integer(number) }
      $0.study.values["truth.model"] = .text("toy-sf-resonance")
    }
    let error = try #require(throws: NuTuneError.self) { try RunComparison(folders: [first, second]) }
    #expect(error.key == "truth.model" && error.found == "toy-sf-resonance")
    #expect(
      error.expected.hasSuffix(
        "as in one; truth.parameter_1, truth.parameter_10, truth.parameter_11 and 24 more differ, too"))
  }

  @Test func theSameStudyOnAnotherTruthIsSeen() throws {
    let first = try write("one", SyntheticRun())
    let run = SyntheticRun()
    var predictions = run.predictions
    predictions.samples[1].truth = SyntheticRun.probabilities(SyntheticRun.spectrum(oscillated: true), distortion: 0.1)
    let second = "\(root.path)/two"
    try SyntheticRun.write(run.results, predictions, to: second)
    let error = try #require(throws: NuTuneError.self) { try RunComparison(folders: [first, second]) }
    #expect(error.category == .badData && error.key == "far-numu-fhc")
    #expect(error.found.hasPrefix("a true distribution at a distance of tv "))
  }

  @Test func missingAndOlderFilesAreSentences() throws {
    let first = try write("one", SyntheticRun())
    let missing = try #require(throws: NuTuneError.self) {
      try RunComparison(folders: [first, "\(root.path)/nowhere"])
    }
    #expect(missing.category == .missingInput)
    let older = try write("older", SyntheticRun()) { $0.schema = "nutune.results/0" }
    let error = try #require(throws: NuTuneError.self) { try RunComparison(folders: [first, older]) }
    #expect(error.category == .badData)
    #expect(error.description.hasSuffix("schema: found “nutune.results/0”; expected “nutune.results/1”"))
    #expect(throws: NuTuneError.self) { try RunComparison(folders: [first]) }
  }

  @Test func aRunIsNotOverwritten() throws {
    let first = try write("one", SyntheticRun())
    let second = try write("two", SyntheticRun())
    let error = try #require(throws: NuTuneError.self) {
      try RunComparison(folders: [first, second]).write(to: first, jobs: 1)
    }
    #expect(error.category == .cannotWrite)
  }
}
