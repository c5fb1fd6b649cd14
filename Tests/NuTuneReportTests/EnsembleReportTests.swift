import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct EnsembleReportTests {
  /// The folder of an ensemble with its report, for all tests that only read it.
  private static let reported = Result {
    let folder = try TemporaryFolder()
    try SyntheticEnsemble().write(to: folder.path)
    try EnsembleReport.build(folder: folder.path, jobs: 2)
    return folder
  }

  private func report(_ ensemble: SyntheticEnsemble, jobs: Int = 2) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try ensemble.write(to: folder.path)
    try EnsembleReport.build(folder: folder.path, jobs: jobs)
    return folder
  }

  /// Nothing that is no number reaches a figure's data, its table or the page.
  private func expectNumbers(_ folder: TemporaryFolder) throws {
    for (name, bytes) in try folder.files() where [".csv", ".gnuplot", ".html"].contains(where: name.hasSuffix) {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(
        !text.contains("NaN") && !text.contains("nan ") && !text.contains("nan,") && !text.contains("inf,"), "\(name)")
    }
  }

  private static let figures = [
    "ensemble-contours", "ensemble-source-contours", "ensemble-bands-far-numu-fhc", "ensemble-shift-spread",
  ]

  @Test func everyFigureIsThereInBothFormats() throws {
    let folder = try Self.reported.get()
    let files = try folder.files()
    for name in Self.figures {
      let pdf = try #require(files["figures/\(name).pdf"])
      #expect(pdf.starts(with: Array("%PDF-".utf8)) && pdf.count > 3000, "\(name).pdf")
      let svg = try #require(files["figures/\(name).svg"])
      #expect(svg.count > 3000 && XMLParser(data: svg).parse(), "\(name).svg")
      #expect(files["figures/\(name).gnuplot"] != nil)
    }
    #expect(!files.keys.contains { $0.contains(".tmp-") })
    try expectNumbers(folder)
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let first = try report(SyntheticEnsemble(), jobs: 1).files()
    let second = try Self.reported.get().files()
    #expect(first.keys.sorted() == second.keys.sorted())
    for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
  }

  @Test func shiftsSpreadsAndFitsAreThoseOfTheResults() throws {
    let ensemble = SyntheticEnsemble()
    let results = try ensemble.results
    let folder = try Self.reported.get()
    let table = Columns(try folder.text("figures/ensemble-shift-spread.csv"))
    let fits = Columns(try folder.text("figures/ensemble-fits.csv"))
    // Four sets, and the true cross section in two of them, each with two parameters.
    #expect(table.rows.count == 12)
    for (number, row) in table.rows.enumerated() {
      let set = try #require(results.sets.first { $0.name == row[0] })
      let combination = try #require(row[1] == "true" ? set.truth : set.model)
      #expect(row[3] == "\(combination.members)")
      #expect(try table.numbers("shift [sigma_stat]")[number] == combination.shift[row[2]]?.value)
      #expect(try table.numbers("shift_error [sigma_stat]")[number] == combination.shift[row[2]]?.error)
      #expect(try table.numbers("spread [sigma_stat]")[number] == combination.spread[row[2]]?.value)
      #expect(try table.numbers("spread_error [sigma_stat]")[number] == combination.spread[row[2]]?.error)
      let known = fits.rows.filter { $0[0] == row[0] && $0[1] == row[1] }.map { $0[3...].compactMap(Double.init) }
      #expect(known == combination.fits)
    }
  }

  @Test func contoursAndIntervalsAreThoseOfTheResults() throws {
    let ensemble = SyntheticEnsemble()
    let results = try ensemble.results
    let folder = try Self.reported.get()
    let all = try #require(results.sets.first)
    let table = Columns(try folder.text("figures/ensemble-contours.csv"))
    for (name, flux, contours) in [
      ("learned", "members", try #require(all.model).contours), ("true", "nominal", results.reference.contours),
      ("true", "members", try #require(all.truth).contours),
    ] {
      for contour in contours.values {
        let points = table.rows.filter { $0[0] == name && $0[1] == flux && $0[2] == "\(contour.probability)" }.map {
          $0[4...].compactMap(Double.init)
        }
        #expect(points == Array(contour.lines.joined()), "\(name), \(flux)")
      }
    }
    let intervals = Columns(try folder.text("figures/ensemble-intervals.csv"))
    let first = try #require(intervals.rows.first { $0[..<4] == ["all", "learned", "dm2_32", "2"] })
    let ends = try #require(all.model?.intervals["95.45"]?["dm2_32"])
    #expect(Double(first[4]) == ends[0] && Double(first[5]) == ends[1])
    let sigma = try #require(results.sigmaStat["dm2_32"])
    #expect(abs(try #require(Double(first[6])) - (ends[1] - ends[0]) / 2 / sigma) < 1e-12)
    #expect(intervals.rows.count == 24)
    let sources = Columns(try folder.text("figures/ensemble-source-contours.csv"))
    #expect(Set(try sources.texts("set")) == ["network", "flux", "statistics"])
  }

  /// 6200 events: a bin of share p has the relative statistical error 1/√(6200 p).
  @Test func bandsAreThoseOfTheResultsInPercent() throws {
    let ensemble = SyntheticEnsemble()
    let table = Columns(try report(ensemble).text("figures/ensemble-bands-far-numu-fhc.csv"))
    let bands = try ensemble.results.sets.flatMap { $0.model?.bands ?? [] }
    #expect(table.rows.count == 4 * 39)
    #expect(try table.numbers("mean [%]") == bands.flatMap { $0.mean.map { 100 * $0 } })
    #expect(try table.numbers("spread [%]") == bands.flatMap { $0.spread.map { 100 * $0 } })
    let errors = try table.texts("statistical error [%]")
    for (error, share) in zip(errors, bands.flatMap(\.truth)) where share > 0 {
      #expect(abs(try #require(Double(error)) * (6200 * share).squareRoot() - 100) < 1e-9)
    }
  }

  /// The last bins hold next to nothing and are off by 300 %.
  @Test func emptyBinsDoNotSetTheAxis() throws {
    let script = try Self.reported.get().text("figures/ensemble-bands-far-numu-fhc.gnuplot")
    let ranges = script.split(separator: "\n").filter { $0.hasPrefix("set yrange") }
    #expect(ranges.count == 4 && Set(ranges) == ["set yrange [-10:10]"])
  }

  /// How several samples share the far events is not in the results.
  @Test func severalSamplesHaveNoStatisticalErrors() throws {
    let folder = try report(SyntheticEnsemble(samples: ["far-numu-fhc", "far-numu-rhc"]))
    let table = Columns(try folder.text("figures/ensemble-bands-far-numu-rhc.csv"))
    #expect(try table.texts("statistical error [%]").allSatisfy(\.isEmpty))
    #expect(try folder.files()["figures/ensemble-bands-far-numu-fhc.pdf"] != nil)
  }

  @Test func thePageSaysWhatWasFound() throws {
    var ensemble = SyntheticEnsemble()
    ensemble.warnings = ["all: a combined region reaches the edge of the scan"]
    ensemble.failures = ["all": ["all-0007": "a loss that is not finite"]]
    let html = try report(ensemble).text("report.html")
    for text in [
      "<b>Warning.</b> all: a combined region reaches the edge of the scan.", "All sources", "Network seeds",
      "Flux shape",
      "Near statistics", "true cross section", "network seeds, flux shape and near-detector statistics",
      "<b>99</b> members",
      "The largest source is <b>flux shape</b>, which alone makes 0.99 σ in sin²θ₂₃ and 0.73 σ in Δm²₃₂.",
      "<b>98.7 %</b> of the one at 1 σ",
      "<b>all</b> of the one at 2 σ",
      "the true values lie in both", "99 of 100", "all-0007", "a loss that is not finite", "½[1 + erf(n/√2)]",
      "nutune ensemble merge DIR", "GSL 2.7.1", "models.neural.network.hidden",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(html.components(separatedBy: "<svg ").count - 1 == 4)
    #expect(!html.contains("<script") && !html.contains("url(http") && !html.contains("src="))
  }

  @Test func hostileNamesAreOnlyText() throws {
    let name = "<b>&\"q\" {x}_^@~\\'`touch pwned`"
    var ensemble = SyntheticEnsemble(sources: [(name, (0.2, 0.1)), ("network", (0.3, 0.2))])
    ensemble.title = "<i>title</i>"
    ensemble.warnings = ["\(name): a warning"]
    let folder = try report(ensemble)
    let html = try folder.text("report.html")
    #expect(!html.contains("<b>&\"") && !html.contains("<i>title") && html.contains("&lt;i&gt;title&lt;/i&gt;"))
    #expect(html.contains("&lt;b&gt;&amp;&quot;q&quot; {x}_^@~\\&#39;`touch pwned`: a warning"))
    #expect(XMLParser(data: Data(try folder.text("figures/ensemble-source-contours.svg").utf8)).parse())
    #expect(!FileManager.default.fileExists(atPath: "pwned"))
  }

  @Test func oneSourceHasTheFiguresItCanHave() throws {
    let folder = try report(SyntheticEnsemble(sources: [("network", (0.3, 0.2))]))
    let files = try folder.files()
    #expect(files["figures/ensemble-contours.pdf"] != nil && files["figures/ensemble-shift-spread.pdf"] != nil)
    #expect(files["figures/ensemble-source-contours.pdf"] == nil)
    #expect(try folder.text("report.html").contains("differ in network seeds; their"))
    try expectNumbers(folder)
  }

  @Test func aSetWithoutModelIsSaidAndNotDrawn() throws {
    let folder = try report(SyntheticEnsemble(withoutModel: ["network"]))
    let html = try folder.text("report.html")
    #expect(html.contains("<td>Network seeds</td><td>0 of 40</td><td>–</td>"))
    let drawn = Columns(try folder.text("figures/ensemble-shift-spread.csv"))
    #expect(Set(try drawn.texts("set")) == ["all", "flux", "statistics"])
    try expectNumbers(folder)
  }

  @Test func nothingCombinedIsAPageWithoutFigures() throws {
    let folder = try report(
      SyntheticEnsemble(sources: [("network", (0.3, 0.2))], withoutModel: ["all"]))
    #expect(try folder.text("report.html").contains("nothing is combined"))
    #expect(try !folder.files().keys.contains { $0.hasSuffix(".pdf") })
  }

  @Test func emptyContoursAndNoSpreadAreDrawn() throws {
    let still = ["network", "flux", "statistics"].map { (name: $0, spreads: (0.0, 0.0)) }
    let folder = try report(SyntheticEnsemble(sources: still, hasContours: false))
    let files = try folder.files()
    for name in Self.figures { #expect((files["figures/\(name).pdf"]?.count ?? 0) > 2000, "\(name)") }
    try expectNumbers(folder)
  }

  /// What is inside an open line nobody can say; a line within a line is a hole.
  @Test func areasAreFilledOnlyWhereTheyAreKnown() throws {
    func script(_ change: (inout OscillationResults.Contour) -> Void) throws -> String {
      var results = try SyntheticEnsemble(sources: [("network", (0.3, 0.2))]).results
      var contours = try #require(results.sets[0].model).contours
      for key in contours.keys.sorted() {
        guard var contour = contours[key] else { continue }
        change(&contour)
        contours[key] = contour
      }
      results.sets[0].model?.contours = contours
      let folder = try TemporaryFolder()
      try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: folder.path + "/ensemble.json"))
      try EnsembleReport.build(folder: folder.path, jobs: 2)
      return try folder.text("figures/ensemble-contours.gnuplot")
    }
    func areas(_ script: String) -> Int { script.components(separatedBy: "with filledcurves closed").count - 1 }
    #expect(areas(try script { _ in }) == 2)
    #expect(areas(try script { $0.lines[0].removeLast(9) }) == 0)
    let holed = try script { contour in
      let (x, y) = (SyntheticEnsemble.center[0], SyntheticEnsemble.center[1])
      contour.lines.append([[x - 1e-3, y], [x, y + 1e-6], [x + 1e-3, y], [x, y - 1e-6], [x - 1e-3, y]])
    }
    #expect(areas(holed) == 4 && holed.contains("filledcurves closed fc rgb '#ffffff'"))
  }

  @Test func manySourcesFit() throws {
    let sources = (1...7).map { (name: "source \($0)", spreads: (0.1 * Double($0), 0.2)) }
    let folder = try report(SyntheticEnsemble(sources: sources, members: 3, breakdown: 2))
    let svg = try folder.text("figures/ensemble-source-contours.svg")
    for source in sources { #expect(svg.contains("\(source.name) (2 members)")) }
    try expectNumbers(folder)
  }

  @Test func whatIsNoEnsembleIsRefused() throws {
    func failure(_ change: (inout [String: Any]) -> Void) throws -> NuTuneError {
      let folder = try TemporaryFolder()
      var content = try #require(
        try JSONSerialization.jsonObject(with: SyntheticEnsemble().json) as? [String: Any])
      change(&content)
      try JSONSerialization.data(withJSONObject: content).write(
        to: URL(fileURLWithPath: folder.path + "/ensemble.json"))
      return try #require(throws: NuTuneError.self) { try EnsembleReport.build(folder: folder.path, jobs: 1) }
    }
    #expect(try failure { $0["schema"] = "nutune.results/1" }.key == "schema")
    #expect(try failure { $0["sets"] = [Any]() }.found == "none")
    #expect(try failure { $0["parameters"] = ["dm2_32"] }.key == "parameters")
    let short = try failure { content in
      guard var sets = content["sets"] as? [[String: Any]], var model = sets[0]["model"] as? [String: Any] else {
        return
      }
      model["fits"] = [[0.47]]
      sets[0]["model"] = model
      content["sets"] = sets
    }
    #expect(short.key == "sets.0.model.fits.0" && short.category == .badData)
    let empty = try TemporaryFolder()
    let missing = try #require(throws: NuTuneError.self) { try EnsembleReport.build(folder: empty.path, jobs: 1) }
    #expect(missing.category == .missingInput && missing.expected.hasSuffix("from nutune ensemble merge"))
  }
}
