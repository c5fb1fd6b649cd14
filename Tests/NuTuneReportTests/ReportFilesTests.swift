import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportFilesTests {
  private func report(_ run: SyntheticRun, jobs: Int = 2) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try run.write(to: folder.path)
    try Report.build(folder: folder.path, jobs: jobs)
    return folder
  }

  private func matches(_ text: String, _ pattern: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
      Range($0.range(at: $0.numberOfRanges - 1), in: text).map { String(text[$0]) }
    }
  }

  @Test func everyFigureIsThereInBothFormatsWithItsNumbers() throws {
    let files = try SyntheticRun.reported.get().files()
    let figures = [
      "near-numu-fhc", "near-numu-fhc-residuals", "far-numu-fhc", "far-numu-fhc-residuals", "slices", "learning-curves",
      "oscillation-contours", "overview",
    ]
    for name in figures {
      let pdf = try #require(files["figures/\(name).pdf"])
      #expect(pdf.starts(with: Array("%PDF-".utf8)) && pdf.count > 5000, "\(name).pdf")
      let svg = try #require(files["figures/\(name).svg"])
      #expect(svg.count > 5000 && XMLParser(data: svg).parse(), "\(name).svg")
    }
    let tables = [
      "near-numu-fhc-lepton_energy", "near-numu-fhc-cos_theta", "near-numu-fhc-residuals", "far-numu-fhc-lepton_energy",
      "far-numu-fhc-cos_theta", "far-numu-fhc-residuals", "slices", "learning-curves", "oscillation-contours",
      "oscillation-minima",
    ]
    #expect(Set(tables.map { "figures/\($0).csv" }).isSubset(of: files.keys))
    #expect(!files.keys.contains { $0.contains(".tmp-") })
  }

  @Test func symbolsAreTextInTheVectorGraphic() throws {
    let folder = try SyntheticRun.reported.get()
    let contours = try folder.text("figures/oscillation-contours.svg")
    #expect(contours.contains("sin²") && contours.contains("θ") && contours.contains("Δ") && contours.contains("eV²"))
    let far = try folder.text("figures/far-numu-fhc.svg")
    #expect(far.contains("ν") && far.contains(">μ<") && far.contains("Asimov data, 6200 events"))
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let first = try report(SyntheticRun(), jobs: 1).files()
    let second = try SyntheticRun.reported.get().files()
    #expect(first.keys.sorted() == second.keys.sorted())
    for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
  }

  @Test func thePageIsSelfContained() throws {
    let html = try SyntheticRun.reported.get().text("report.html")
    #expect(html.utf8.count < 2_000_000)
    let links = try matches(html, #"\b(?:src|href|srcset|data|action)\s*=\s*["']([^"']*)["']"#)
    #expect(links.allSatisfy { $0.hasPrefix("#") }, "\(links.filter { !$0.hasPrefix("#") })")
    #expect(!html.contains("url(http") && !html.contains("@import") && !html.contains("<script"))
    let ids = try matches(html, #"\sid=["']([^"']*)["']"#)
    #expect(!ids.isEmpty && Set(ids).count == ids.count)
    // Every reference inside a figure finds its definition.
    #expect(Set(links.map { String($0.dropFirst()) }).isSubset(of: ids))
    #expect(html.components(separatedBy: "<svg ").count - 1 == 8)
  }

  @Test func thePageSaysTheHeadlineNumbers() throws {
    let html = try SyntheticRun.reported.get().text("report.html")
    for text in ["0.191", "0.0009", "0.0090", "+0.16 σ", "−0.33 σ", "0123abc", "GSL 2.7.1", "nutune report DIR"] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(html.contains("<td><code>models.neural.network.hidden</code></td><td class=\"words\">[64, 64, 64]</td>"))
    #expect(html.contains("2.4365") && html.contains("both minima"))
    #expect(!html.contains("class=\"bad\""))
  }

  @Test func whatDidNotConvergeIsRed() throws {
    let html = try report(SyntheticRun(converged: false)).text("report.html")
    #expect(html.contains("<td class=\"bad\">NO</td>"))
    #expect(html.contains("<span class=\"bad\">NOT CONVERGED: training of neural: loss still falling</span>"))
  }

  @Test func aRunWithoutModelsOrFitsHasThePicturesItCanHave() throws {
    let files = try report(SyntheticRun(models: [], fitsOscillations: false)).files()
    #expect(files["figures/far-numu-fhc.pdf"] != nil && files["report.html"] != nil)
    #expect(files["figures/oscillation-contours.pdf"] == nil && files["figures/learning-curves.pdf"] == nil)
  }

  /// One slice, one trained step, a fit of one parameter, transverse and longitudinal momentum, a bin without truth.
  @Test func theSmallestRunHasItsPictures() throws {
    let run = SyntheticRun(models: [("neural", 0.03)])
    let binning = try Binning(
      Axis(.transverseMomentum, edges: [0, 0.5, 1]), Axis(.longitudinalMomentum, edges: [-1, 0, 3]))
    let sample = Predictions.SamplePrediction(
      name: "far-nue-rhc", title: "ν_e", binning: binning, events: 3, data: [0, 0, 1, 0], truth: [0, 0.25, 0.75, 0],
      models: ["neural": [0.1, 0.2, 0.7, 0]])
    let slice = Predictions.SlicePrediction(
      energy: 2.5, binning: binning, truth: [0, 0, 0, 1], models: ["neural": [0, 0, 0, 1]])
    let predictions = Predictions(
      samples: [sample], slices: [slice], learningCurves: ["neural": .init(step: [7], loss: [0.5])])
    var results = run.results
    let names = ["sin2_theta23"]
    results.truth.oscillation?.parameters = names
    results.truth.oscillation?.contours = [:]
    results.models["neural"]?.oscillation?.parameters = names
    results.models["neural"]?.oscillation?.contours = [:]
    let folder = try TemporaryFolder()
    try SyntheticRun.write(results, predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 1)
    let files = try folder.files()
    for name in ["far-nue-rhc", "far-nue-rhc-residuals", "slices", "learning-curves"] {
      #expect((files["figures/\(name).pdf"]?.count ?? 0) > 2000, "\(name)")
    }
    #expect(files["figures/oscillation-contours.pdf"] == nil)
    #expect(files["figures/far-nue-rhc-transverse_momentum.csv"] != nil)
  }

  @Test func sixModelsFitOnThePage() throws {
    let models = (1...6).map { (label: "model \($0)", distortion: 0.05 * Double($0)) }
    let folder = try report(SyntheticRun(models: models, fluctuates: true))
    #expect(try folder.text("report.html").utf8.count < 2_000_000)
    let svg = try folder.text("figures/slices.svg")
    for model in models { #expect(svg.contains("\(model.label)  tv 0.")) }
  }

  @Test func aHostileLabelIsOnlyText() throws {
    let label = "<b>&\"q\" {x}_^@~\\'`touch pwned`$(touch pwned)\n, id=\"gpDot\" %s"
    let folder = try report(SyntheticRun(models: [(label, 0.03)]))
    #expect(try folder.files().keys.allSatisfy { !$0.contains("pwned") })
    #expect(!FileManager.default.fileExists(atPath: "pwned"))
    let html = try folder.text("report.html")
    #expect(html.contains("&lt;b&gt;&amp;&quot;q&quot; {x}_^@~\\&#39;`touch pwned`$(touch pwned)"))
    #expect(!html.contains("<b>&\""))
    #expect(XMLParser(data: Data(try folder.text("figures/far-numu-fhc.svg").utf8)).parse())
    // The legend shows the label, cut to length, letter by letter.
    #expect(try folder.text("figures/far-numu-fhc.svg").contains("{x}_^@~\\'`touch pwned`"))
    let header = try folder.text("figures/slices.csv").prefix { $0 != "\n" }
    #expect(header.contains("\"<b>&\"\"q\"\" {x}"))
  }
}
