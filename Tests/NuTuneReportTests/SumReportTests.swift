import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// Reports of far samples that are sums of components.
@Suite struct SumReportTests {
  /// A run whose far sample is half of one component and half of another, and whose model predicts a tenth more events.
  private func run() -> (run: SyntheticRun, predictions: Predictions) {
    let run = SyntheticRun(models: [("neural", 0.03)])
    var predictions = run.predictions
    let far = predictions.samples[1]
    var parts = [far, far]
    parts[0].name = "far-muons-numu-to-numu"
    parts[1].name = "far-muons-numubar-to-numubar"
    var sum = far
    sum.name = "far-muons"
    sum.title = "DUNE far detector, muons"
    sum.models["neural"] = far.models["neural"]?.map { 1.1 * $0 }
    let shares = [0.75, 0.25]
    predictions.samples = [predictions.samples[0]] + parts
    predictions.sums = [
      .init(
        sample: sum,
        components: zip(parts, zip(["ν_μ → ν_μ", "ν̄_μ → ν̄_μ"], shares)).map { part, rest in
          .init(name: part.name, title: rest.0, truth: (far.truth ?? []).map { rest.1 * $0 })
        })
    ]
    return (run, predictions)
  }

  @Test func theSumComesBeforeItsComponents() throws {
    let (run, predictions) = run()
    let folder = try TemporaryFolder()
    try SyntheticRun.write(run.results, predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    let page = try folder.text("report.html")
    let places = try ["DUNE far detector, muons", "Components of samples", "far-muons-numu-to-numu"].map {
      try #require(page.range(of: $0)?.lowerBound, "\($0)")
    }
    #expect(places[0] < places[1] && places[1] < places[2])
    #expect(page.contains("Grey areas: the components of the truth") && page.contains("75 %"))

    let sum = try #require(predictions.sums?.first)
    let table = Columns(try folder.text("figures/far-muons-lepton_energy.csv"))
    let (low, high) = (
      try table.numbers("lepton_energy_low [GeV]"), try table.numbers("lepton_energy_high [GeV]")
    )
    let axis = sum.sample.binning.grids[0].projections(sum.sample.data).first
    let columns = [
      ("truth", 1.0), ("truth of far-muons-numu-to-numu", 0.75), ("truth of far-muons-numubar-to-numubar", 0.25),
    ]
    for (name, share) in columns {
      for (bin, density) in try table.numbers("\(name) [1/GeV]").enumerated() {
        #expect(abs(density * (high[bin] - low[bin]) - share * 6200 * axis[bin]) < 1e-8)
      }
    }
    let models = try table.numbers("neural [1/GeV]").enumerated().map {
      $0.element * (high[$0.offset] - low[$0.offset])
    }
    #expect(abs(models.reduce(0, +) / 6200 - 1.1) < 1e-3)
    // One area for each component, in both panels.
    let script = try folder.text("figures/far-muons.gnuplot")
    #expect(script.components(separatedBy: "with filledcurves x1").count == 5)
    #expect(!(try folder.text("figures/far-muons-numu-to-numu.gnuplot").contains("filledcurves x1")))
    #expect(try folder.files()["histograms/far-muons.json"] != nil)
  }

  @Test func aSumOfOtherBinsIsRefused() throws {
    let run = self.run()
    var predictions = run.predictions
    predictions.sums?[0].components[1].truth.removeLast()
    let folder = try TemporaryFolder()
    try SyntheticRun.write(run.run.results, predictions, to: folder.path)
    let error = try #require(throws: NuTuneError.self) { try Report.build(folder: folder.path, jobs: 1) }
    #expect(error.description.contains("sums.0.components.1.truth: found 779 values"))
  }
}
