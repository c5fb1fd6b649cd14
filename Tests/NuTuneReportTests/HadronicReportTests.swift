import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// Reports of samples whose bins are divided by the hadronic energy.
@Suite struct HadronicReportTests {
  /// A run with a quarter of every bin below 0.5 GeV and the rest above.
  private func divided(_ predictions: Predictions) throws -> Predictions {
    func parts(_ contents: [Double]) -> [Double] { contents.flatMap { [0.25 * $0, 0.75 * $0] } }
    var predictions = predictions
    for index in predictions.samples.indices {
      let sample = predictions.samples[index]
      predictions.samples[index].binning = try Binning(
        sample.binning.grids, hadronic: Axis(.hadronicEnergy, edges: [0, 0.5, 2]))
      predictions.samples[index].data = parts(sample.data)
      predictions.samples[index].truth = sample.truth.map(parts)
      predictions.samples[index].models = sample.models.mapValues(parts)
    }
    return predictions
  }

  @Test func figuresAreSums() throws {
    let run = SyntheticRun()
    let folders = try [run.predictions, divided(run.predictions)].map { predictions in
      let folder = try TemporaryFolder()
      try SyntheticRun.write(run.results, predictions, to: folder.path)
      try Report.build(folder: folder.path, jobs: 1)
      return folder
    }
    for name in ["near-numu-fhc-lepton_energy", "near-numu-fhc-cos_theta", "far-numu-fhc-lepton_energy"] {
      let (plain, found) = (
        Columns(try folders[0].text("figures/\(name).csv")), Columns(try folders[1].text("figures/\(name).csv"))
      )
      #expect(plain.header == found.header)
      for column in found.header where column.contains("truth") || column.contains("neural") {
        for (one, other) in zip(try found.numbers(column), try plain.numbers(column)) {
          #expect(abs(one - other) <= 1e-10 * abs(other), "\(name), \(column)")
        }
      }
    }
    let hadronic = Columns(try folders[1].text("figures/near-numu-fhc-hadronic_energy.csv"))
    let truth = try #require(hadronic.header.first { $0.hasPrefix("truth") })
    let densities = try hadronic.numbers(truth)
    #expect(densities.count == 2 && abs(densities[0] - 0.5) < 1e-12 && abs(densities[1] - 0.5) < 1e-12)
    // Residuals are those of the lepton's bins.
    let residuals = Columns(try folders[1].text("figures/near-numu-fhc-residuals.csv"))
    #expect(!residuals.header.contains { $0.hasPrefix("hadronic_energy") })
    #expect(try residuals.numbers("cos_theta_low").count == SyntheticRun.binning.count)
  }
}
