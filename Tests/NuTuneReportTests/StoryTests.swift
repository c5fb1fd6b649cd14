import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

@Suite struct StoryTests {
  /// A run with only the figure that is shown; the report itself is tested elsewhere. Made once for all.
  private static let runs: TemporaryFolder? = {
    guard let root = try? TemporaryFolder(), (try? SyntheticRun().write(to: "\(root.path)/pair")) != nil else {
      return nil
    }
    let figures = "\(root.path)/pair/figures"
    try? FileManager.default.createDirectory(atPath: figures, withIntermediateDirectories: true)
    let svg = "<svg width=\"10\" height=\"10\" viewBox=\"0 0 10 10\"><g id='dot'><path d='M0 0'/></g></svg>"
    try? "<?xml version=\"1.0\"?>\n\(svg)".write(toFile: "\(figures)/slices.svg", atomically: false, encoding: .utf8)
    return root
  }()
  private let root: TemporaryFolder
  private let runs: String

  init() throws {
    root = try TemporaryFolder()
    runs = try #require(Self.runs).path
  }

  private func story(
    finding: String, figures: String = "[slices]", run: String = "pair", command: String? = nil
  ) throws -> Story {
    let text = """
      schema: nutune.story/1
      name: talk
      title: Two slides
      slides:
        - heading: Prediction & more
          claim: The flow fails.
          run: \(run)
          figures: \(figures)\(command.map { "\n    command: \($0)" } ?? "")
          finding: "\(finding)"
      """
    try text.write(toFile: "\(root.path)/talk.yaml", atomically: false, encoding: .utf8)
    return try story(file: "\(root.path)/talk.yaml")
  }

  private func story(file: String) throws -> Story {
    let entry = try CatalogEntry(.stories, path: file)
    return try Story(title: entry.title, entry.node)
  }

  private func html(_ finding: String) throws -> String {
    try story(finding: finding, figures: "[]").html(runs: runs)
  }

  @Test(arguments: [
    ("{models.flow.far.tv}", "0.12"), ("{models.flow.far.tv:.4f}", "0.1200"), ("{models.flow.far.tv:.0%}", "12 %"),
    // 0.12 against 0.009
    ("{models.flow.far.tv / models.neural.far.tv:.1f}", "13.3"),
    ("{models.flow.far.tv - models.neural.far.tv:+.3f}", "+0.111"),
    ("{models.flow.slices.energy=2.tv:.2f}", "0.20"), ("{models.flow.slices.0.energy:.0f}", "1"),
    ("{models.neural.oscillation.bias_sigma.dm2_32:.1f}", "−0.3"),
    // by the name of today, and by that of older versions
    ("{models.neural.oscillation.nearest_minimum.sin2_theta23:.3f}", "0.472"),
    ("{models.neural.oscillation.compared_fit.sin2_theta23:.3f}", "0.472"),
    ("{|models.neural.oscillation.bias_sigma.dm2_32|:.1f}", "0.3"),
    ("{study.values.near.events}", "infinite"), ("{study.values.far.events:.0f}", "6200"),
    ("{models.flow.far.tv > 0.1 ? fails : holds}", "fails"), ("{models.flow.far.tv < 0.1 ? holds : fails}", "fails"),
    ("{models.neural.training.converged ? converged : did not}", "converged"),
  ])
  func placeholdersAreFilledFromTheResults(_ template: String, _ expected: String) throws {
    #expect(try html("Found \(template).").contains("<b>Here:</b> Found \(expected). <span"))
  }

  @Test(arguments: [
    ("{models.flw.far.tv}", "{models.flw.far.tv}: no “flw” in models", "did you mean “flow”?"),
    ("{models.flow.slices.energy=9.tv}", "no “energy=9” in models.flow.slices", "expected an index below 4"),
    ("{models.flow.far.tv:5}", "the format “5”", "expected .3f"), ("{models.flow.far", "a “{” that is not closed", ""),
    ("{models.flow.far}", "no number at models.flow.far", "the path of a number"),
    ("{models.flow.far.tv / 0}", "found", "finite number"),
    ("{models.flow.far.tv + 1}", "the sign “+”", ""),
  ])
  func aWrongPlaceholderIsNamed(_ template: String, _ found: String, _ hint: String) throws {
    let error = try #require(throws: NuTuneError.self) { _ = try html(template) }
    #expect(error.category == .badData)
    #expect(error.description.hasPrefix("\(root.path)/talk.yaml:9:14: slides.0.finding: found "))
    #expect(error.description.contains(found) && (hint.isEmpty || error.description.contains(hint)), "\(error)")
  }

  @Test func thePageHoldsTheFiguresAndNothingOutside() throws {
    let page = try story(finding: "x").html(runs: runs)
    #expect(page.contains("<h2>1. Prediction &amp; more</h2>") && page.contains("The flow fails."))
    #expect(page.contains("id='slide1-1-dot'") && page.contains("Fixed neutrino energy"))
    #expect(!page.contains("<img") && !page.contains("http://") && !page.contains("https://"))
  }

  @Test func whatDidNotConvergeIsSaidFirst() throws {
    try SyntheticRun(converged: false).write(to: "\(root.path)/pair")
    let page = try story(finding: "x", figures: "[]").html(runs: root.path)
    #expect(page.contains("pair: NOT CONVERGED: training of neural: loss still falling"))
    #expect(!(try html("x")).contains("NOT CONVERGED"))
  }

  @Test func whatIsMissingIsNamed() throws {
    let noRun = try #require(throws: NuTuneError.self) {
      try story(finding: "x", run: "pear").html(runs: runs)
    }
    #expect(noRun.category == .missingInput && noRun.description.contains("no finished run “pear”"))
    let noFigure = try #require(throws: NuTuneError.self) {
      try story(finding: "x", figures: "[slice]").html(runs: runs)
    }
    #expect(noFigure.description.contains("no figure “slice” in the run “pair”"))
    #expect(noFigure.description.contains("did you mean “slices”?"))
    let notDrawn = try #require(throws: NuTuneError.self) {
      try story(finding: "x", figures: "[overview]").html(runs: runs)
    }
    #expect(notDrawn.category == .missingInput && notDrawn.description.contains("figures/overview.svg"))
    #expect(throws: NuTuneError.self) { try story(file: "\(root.path)/nowhere.yaml") }
  }

  /// Without its run a slide says how it is made, if it knows; other slides are shown all the same.
  @Test func aMissingRunIsACommand() throws {
    let page = try story(finding: "{models.x.y}", run: "pear", command: "make <talk>").html(runs: runs)
    #expect(page.contains("<b>Here:</b> not run yet; <code>make &lt;talk&gt;</code> makes it."))
    #expect(page.contains("The flow fails."))
    // What is there has to be right, command or not.
    #expect(throws: NuTuneError.self) { try story(finding: "{models.x.y}", command: "make").html(runs: runs) }
    let shown = try story(finding: "tv {models.flow.far.tv:.2f}", command: "make").html(runs: runs)
    #expect(shown.contains("tv 0.12.") || shown.contains("tv 0.12 "))
    // A question that was not asked of a finished run is missing as well; a wrong name is not.
    let asked = try story(finding: "{sensitivity.cp.x}", figures: "[sensitivity-cp]", command: "make").html(runs: runs)
    #expect(asked.contains("not run yet"))
    #expect(throws: NuTuneError.self) {
      try story(finding: "x", figures: "[sensitivity-pc]", command: "make").html(runs: runs)
    }
  }

  /// The talk of the catalog is a page before anything was run.
  @Test func theTalkSaysHowItIsMade() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let page = try story(file: "\(root)/catalogs/stories/talk.yaml").html(runs: "\(self.root.path)/none")
    let slides = page.components(separatedBy: "<section>").count - 1
    #expect(slides > 20)
    for command in ["make talk", "make talk-systematics"] {
      #expect(page.contains("not run yet; <code>\(command)</code> makes it."))
    }
    #expect(page.components(separatedBy: "not run yet").count - 1 == slides)
  }

  @Test func sensitivitiesAreTold() throws {
    let folder = "\(root.path)/asked/sensitivity"
    let results = SensitivityResults(
      study: EffectiveStudy(name: "asked", title: "Asked", models: [], values: [:]), question: "cp",
      parameter: "delta_cp",
      models: ["truth": [.init(value: 1.5, results: ["delta": 25], converged: true)]])
    try FileManager.default.createDirectory(atPath: "\(folder)/cp/figures", withIntermediateDirectories: true)
    try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: "\(folder)/cp.json"))
    let finding = "{√sensitivity.cp.models.truth.0.results.delta:.1f} σ at {sensitivity.cp.models.truth.0.value:.1f}"
    // The figure was not drawn.
    let missing = try #require(throws: NuTuneError.self) {
      try story(finding: finding, figures: "[sensitivity-cp]", run: "asked").html(runs: root.path)
    }
    #expect(missing.description.contains("sensitivity/cp/figures/sensitivity-cp.svg"))
    try
      "<?xml version=\"1.0\"?>\n<svg width=\"10\" height=\"10\" viewBox=\"0 0 10 10\"><g id='curve'><path d='M0 0'/></g></svg>"
      .write(
        toFile: "\(folder)/cp/figures/sensitivity-cp.svg", atomically: false, encoding: .utf8)
    let page = try story(finding: finding, figures: "[sensitivity-cp]", run: "asked").html(runs: root.path)
    #expect(page.contains("5.0 σ at 1.5") && page.contains("id='slide1-1-curve'"))
  }

  @Test func ensemblesAreTold() throws {
    let folder = "\(root.path)/many"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try SyntheticEnsemble().write(to: folder)
    let page = try story(
      finding: "{sets.0.model.members:.0f} members, {sets.0.model.holds_truth_region.68.27:.3f}", figures: "[]",
      run: "many"
    ).html(runs: root.path)
    let combined = try #require(SyntheticEnsemble().results.sets[0].model)
    let share = String(format: "%.3f", combined.holdsTruthRegion["68.27"] ?? -1)
    #expect(page.contains("\(combined.members) members, \(share)"))
  }

  @Test func aStoryWithMistakesIsRefused() throws {
    try "schema: nutune.story/1\ntitle: t\nslides:\n  - heading: a\n    clam: b\n  - heading: c\n".write(
      toFile: "\(root.path)/bad.yaml", atomically: false, encoding: .utf8)
    let errors = try #require(throws: NuTuneErrors.self) { try story(file: "\(root.path)/bad.yaml") }
    #expect(errors.description.contains("bad.yaml:5:5: slides.0.clam: found an unknown key"))
    #expect(errors.description.contains("did you mean “claim”?"))
    #expect(errors.description.contains("slides.1.claim: found nothing; expected text"))
  }
}
