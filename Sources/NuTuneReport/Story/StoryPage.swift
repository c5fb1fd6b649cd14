import Foundation
import NuTuneCore

extension Story {
  /// Returns the story with finished runs: one self-contained HTML page, figures inside, in the order of the slides.
  ///
  /// A run, figure or placeholder that is missing is an error that names it and its place in the story; all are reported.
  ///
  /// - Parameter runs: folder that holds the runs' folders.
  package func html(runs: String) throws -> String {
    var problems = NuTuneErrors()
    var known: [String: Told] = [:]
    var seen: Set<String> = []
    for slide in slides where seen.insert(slide.run).inserted {
      let isShown = slides.contains { $0.run == slide.run && !$0.figures.isEmpty }
      known[slide.run] = problems.attempt {
        try Told(folder: "\(runs)/\(slide.run)", slide: slide, withFigures: isShown)
      }
    }
    let sections = slides.enumerated().compactMap { index, slide in
      problems.attempt { () -> String? in
        guard let run = known[slide.run] else { return nil }
        return try section(slide, index: index, run: run)
      }
    }
    try problems.throwIfAny()
    return page(sections.compactMap { $0 }, known)
  }

  /// The parts of a run that a slide shows.
  private struct Told: Sendable {
    let folder: String
    let values: ResultValue
    let figures: [Figure]
    /// Warnings, including about anything that did not converge.
    let troubles: [String]

    init(folder: String, slide: Slide, withFigures: Bool) throws {
      self.folder = folder
      let path = "\(folder)/results.json"
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw NuTuneError(
          .missingInput, at: slide.location, key: "run", found: "no finished run “\(slide.run)” (\(path))",
          expected: "one; nutune run makes it")
      }
      let run = try FinishedRun(folder: folder)
      troubles = ResultTable.troubles(run.results) + ResultTable.warnings(run.results).map { "WARNING: \($0)" }
      figures = withFigures ? Figure.all(of: run) : []
      do {
        values = try JSONDecoder().decode(ResultValue.self, from: bytes)
      } catch {
        throw NuTuneError(
          .badData, at: SourceLocation(file: path), found: "content that cannot be read", expected: "JSON")
      }
    }
  }

  private func section(_ slide: Slide, index: Int, run: Told) throws -> String {
    let finding: String
    do {
      finding = try slide.finding.filled(from: run.values)
    } catch let error as NuTuneError {
      throw error.located(at: slide.findingLocation, key: "slides.\(index).finding")
    }
    let pictures = try slide.figures.enumerated().map { number, name -> String in
      guard let figure = run.figures.first(where: { $0.name == name }) else {
        let names = run.figures.map(\.name)
        throw NuTuneError(
          .missingInput, at: slide.location, key: "slides.\(index).figures",
          found: "no figure “\(name)” in the run “\(slide.run)”", expected: "one of \(names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: names))
      }
      guard let svg = FileManager.default.contents(atPath: "\(run.folder)/figures/\(name).svg") else {
        throw NuTuneError(
          .missingInput, at: SourceLocation(file: "\(run.folder)/figures/\(name).svg"), found: "no readable file",
          expected: "a figure; nutune report \(run.folder) draws it")
      }
      return FigureElement(figure: figure, picture: VectorGraphic(gnuplot: Array(svg)))
        .html(prefix: "slide\(index + 1)-\(number + 1)-")
    }
    return """
      <section>
      <h2>\(index + 1). \(HTML.prose(slide.heading))</h2>
      <p><b>The slide:</b> \(HTML.prose(slide.claim))</p>
      <p><b>Here:</b> \(HTML.prose(finding)) <span class="note">(<code>\(HTML.escaped(slide.run))</code>)</span></p>
      \(pictures.joined(separator: "\n"))
      </section>
      """
  }

  private func page(_ sections: [String], _ runs: [String: Told]) -> String {
    let troubles = runs.sorted { $0.key < $1.key }.flatMap { name, run in
      run.troubles.map { "<p>\(HTML.element("span", "\(name): \($0)", class: "bad"))</p>" }
    }
    return PageDocument(
      title: title,
      body: """
        \(introduction.isEmpty ? "" : "<p class=\"lead\">\(HTML.prose(introduction))</p>")
        <p class="note">Every number below “Here” is taken from the results of the run named behind it. tv is the total
        variation distance ½Σ|p−q| between bin probabilities.</p>
        \(troubles.joined(separator: "\n"))
        \(sections.joined(separator: "\n"))
        """
    ).html
  }
}
