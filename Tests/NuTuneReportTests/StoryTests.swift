import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneReport
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

  private func story(finding: String, figures: String = "[slices]", run: String = "pair") throws -> Story {
    let text = """
      schema: nutune.story/1
      name: talk
      title: Two slides
      slides:
        - heading: Prediction & more
          claim: The flow fails.
          run: \(run)
          figures: \(figures)
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

  @Test func aStoryWithMistakesIsRefused() throws {
    try "schema: nutune.story/1\ntitle: t\nslides:\n  - heading: a\n    clam: b\n  - heading: c\n".write(
      toFile: "\(root.path)/bad.yaml", atomically: false, encoding: .utf8)
    let errors = try #require(throws: NuTuneErrors.self) { try story(file: "\(root.path)/bad.yaml") }
    #expect(errors.description.contains("bad.yaml:5:5: slides.0.clam: found an unknown key"))
    #expect(errors.description.contains("did you mean “claim”?"))
    #expect(errors.description.contains("slides.1.claim: found nothing; expected text"))
  }
}
