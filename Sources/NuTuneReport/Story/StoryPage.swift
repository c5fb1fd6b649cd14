import Foundation
import NuTuneCore

extension Story {
  /// Returns the story with finished runs: one self-contained HTML page, figures inside, in the order of the slides.
  ///
  /// A run, figure or placeholder that is missing is an error that names it and its place in the story; all are reported.
  /// Of a slide that says the command which makes its run, the page shows the command instead.
  ///
  /// - Parameter runs: folder that holds the runs' folders.
  package func html(runs: String) throws -> String {
    var problems = NuTuneErrors()
    var known: [String: ToldRun] = [:]
    var seen: Set<String> = []
    for slide in slides where seen.insert(slide.run).inserted {
      let folder = "\(runs)/\(slide.run)"
      let own = slides.filter { $0.run == slide.run }
      guard ToldRun.exists(folder) || own.contains(where: { $0.command == nil }) else { continue }
      known[slide.run] = problems.attempt {
        try ToldRun(
          folder: folder, name: slide.run, at: slide.location, withFigures: own.contains { !$0.figures.isEmpty })
      }
    }
    try problems.throwIfAny()
    let sections = slides.enumerated().compactMap { index, slide in
      problems.attempt { try section(slide, index: index, run: known[slide.run]) }
    }
    try problems.throwIfAny()
    return page(sections.compactMap { $0 }, known)
  }

  private func section(_ slide: Slide, index: Int, run: ToldRun?) throws -> String {
    guard let run, !(slide.command != nil && slide.figures.contains(where: run.lacksQuestion)) else {
      let command = HTML.element("code", slide.command ?? "")
      return section(slide, index: index, here: "not run yet; \(command) makes it.", pictures: [])
    }
    let finding: String
    do {
      finding = try slide.finding.filled(from: run.values)
    } catch let error as NuTuneError {
      throw error.located(at: slide.findingLocation, key: "slides.\(index).finding")
    }
    let pictures = try slide.figures.enumerated().map { number, name -> String in
      guard let (figure, path) = run.figures.first(where: { $0.figure.name == name }) else {
        let names = run.figures.map(\.figure.name)
        throw NuTuneError(
          .missingInput, at: slide.location, key: "slides.\(index).figures",
          found: "no figure “\(name)” in the run “\(slide.run)”", expected: "one of \(names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: names))
      }
      guard let svg = FileManager.default.contents(atPath: path) else {
        throw NuTuneError(
          .missingInput, at: SourceLocation(file: path), found: "no readable file",
          expected: "a figure; nutune report \(run.folder) draws it")
      }
      return FigureElement(figure: figure, picture: VectorGraphic(gnuplot: Array(svg)))
        .html(prefix: "slide\(index + 1)-\(number + 1)-")
    }
    return section(slide, index: index, here: HTML.prose(finding), pictures: pictures)
  }

  /// A slide; what is found here is HTML.
  private func section(_ slide: Slide, index: Int, here: String, pictures: [String]) -> String {
    """
    <section>
    <h2>\(index + 1). \(HTML.prose(slide.heading))</h2>
    <p><b>The slide:</b> \(HTML.prose(slide.claim))</p>
    <p><b>Here:</b> \(here) <span class="note">(<code>\(HTML.escaped(slide.run))</code>)</span></p>
    \(pictures.joined(separator: "\n"))
    </section>
    """
  }

  private func page(_ sections: [String], _ runs: [String: ToldRun]) -> String {
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
