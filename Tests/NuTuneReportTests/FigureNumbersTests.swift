import Foundation
import NuTuneReport
import NuTuneResults
import Testing

/// The CSV files hold what went in.
@Suite struct FigureNumbersTests {
  private func report(_ run: SyntheticRun) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try run.write(to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    return folder
  }

  @Test func densitiesTimesWidthsAreTheProjections() throws {
    let run = SyntheticRun()
    let folder = try SyntheticRun.reported.get()
    for sample in run.predictions.samples {
      let scale = sample.events ?? 1
      let energies = Columns(try folder.text("figures/\(sample.name)-lepton_energy.csv"))
      let angles = Columns(try folder.text("figures/\(sample.name)-cos_theta.csv"))
      let columns = [("data", sample.data), ("truth", sample.reference)] + sample.models.map { ($0.key, $0.value) }
      for (name, contents) in columns {
        let expected = sample.binning.grids[0].projections(contents)
        let low = try energies.numbers("lepton_energy_low [GeV]")
        let high = try energies.numbers("lepton_energy_high [GeV]")
        for (bin, density) in try energies.numbers("\(name) [1/GeV]").enumerated() {
          let content = density * (high[bin] - low[bin])
          #expect(abs(content - expected.first[bin] * scale) <= 1e-12 * scale)
        }
        let start = try angles.numbers("cos_theta_low")
        let end = try angles.numbers("cos_theta_high")
        for (bin, density) in try angles.numbers("\(name) [1]").enumerated() {
          let content = density * (end[bin] - start[bin])
          #expect(abs(content - expected.second[bin] * scale) <= 1e-12 * scale)
        }
      }
    }
  }

  @Test func infiniteDataHaveNoErrors() throws {
    let table = Columns(try SyntheticRun.reported.get().text("figures/near-numu-fhc-lepton_energy.csv"))
    let column = try #require(table.header.firstIndex(of: "data_error_up [1/GeV]"))
    #expect(table.rows.allSatisfy { $0[column].isEmpty })
  }

  /// The interval's ends are the means for which the count seen is a 15.87 % fluctuation; Gehrels (1986) gives the
  /// approximation used to 1 %.
  @Test func errorBarsAreCentralPoissonIntervals() throws {
    func cumulative(_ count: Int, mean: Double) -> Double {
      var term = exp(-mean)
      var sum = term
      for k in stride(from: 1, through: count, by: 1) {
        term *= mean / Double(k)
        sum += term
      }
      return sum
    }
    func solve(_ from: Double, _ to: Double, _ isBelow: (Double) -> Bool) -> Double {
      var (low, high) = (from, to)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if isBelow(middle) { low = middle } else { high = middle }
      }
      return low
    }
    let tail = 0.158655254
    let folder = try report(SyntheticRun(farEvents: 600, fluctuates: true))
    let table = Columns(try folder.text("figures/far-numu-fhc-lepton_energy.csv"))
    let width = 0.2
    let events = try table.numbers("data [1/GeV]").map { $0 * width }
    let down = try table.numbers("data_error_down [1/GeV]").map { $0 * width }
    let up = try table.numbers("data_error_up [1/GeV]").map { $0 * width }
    var compared = 0
    // The generator's counts are whole but for the normalisation to its number of events.
    let total = events.reduce(0, +)
    #expect(abs(total - 600) < 1e-9)
    for bin in events.indices where abs(events[bin] - events[bin].rounded()) < 0.02 && events[bin] < 200 {
      let count = Int(events[bin].rounded())
      let upper = solve(0, 400) { cumulative(count, mean: $0) > tail }
      #expect(abs(events[bin] + up[bin] - upper) < 0.01 * upper + 0.02)
      if count > 0 {
        let lower = solve(0, 400) { 1 - cumulative(count - 1, mean: $0) < tail }
        #expect(abs(events[bin] - down[bin] - lower) < 0.01 * lower + 0.02)
      }
      compared += 1
    }
    #expect(compared >= 3)
  }

  @Test func residualsAreInStandardDeviationsOrPercent() throws {
    let run = SyntheticRun()
    let folder = try SyntheticRun.reported.get()
    for sample in run.predictions.samples {
      let table = Columns(try folder.text("figures/\(sample.name)-residuals.csv"))
      #expect(table.rows.count == 780)
      let unit = sample.events == nil ? "%" : "sigma"
      let column = try #require(table.header.firstIndex(of: "flow residual [\(unit)]"))
      let flow = try #require(sample.models["flow"])
      for (bin, row) in table.rows.enumerated() {
        let truth = sample.reference[bin]
        guard truth >= 1e-5 else {
          #expect(row[column].isEmpty)
          continue
        }
        let expected =
          sample.events.map { (flow[bin] - truth) * ($0 / truth).squareRoot() } ?? (flow[bin] / truth - 1) * 100
        let value = try #require(Double(row[column]))
        #expect(abs(value - expected) < 1e-9)
      }
    }
  }

  @Test func theTrueValueOfTheLargeSplittingIsDerived() throws {
    let text = try SyntheticRun.reported.get().text("figures/oscillation-minima.csv")
    let table = Columns(text)
    #expect(table.header == ["fit", "point", "sin2_theta23", "dm2_32 [eV²]"])
    #expect(table.rows[0].prefix(2) == ["True value", "true"])
    let splitting = try #require(Double(table.rows[0][3]))
    #expect(abs(splitting - 2.4381e-3) < 1e-12)
    #expect(table.rows.filter { $0[1] == "other minimum" }.count == 3)
  }

  @Test func totalVariationsInTheSlicesAreThoseOfThePredictions() throws {
    let run = SyntheticRun()
    let svg = try report(run).text("figures/slices.svg")
    for slice in run.predictions.slices {
      for (label, contents) in slice.models {
        let distance = zip(try #require(slice.truth), contents).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
        #expect(svg.contains("\(label)  tv \(String(format: "%.3f", distance))<"))
      }
    }
  }

  private struct UnifiedHistogram: Decodable {
    struct Axis: Decodable {
      var type: String
      var edges: [Double]
      var underflow: Bool
      var overflow: Bool
      var circular: Bool
      var metadata: [String: String]
    }
    struct Storage: Decodable {
      var type: String
      var values: [[Double]]
    }
    var schema: Int
    var axes: [Axis]
    var storage: Storage

    enum CodingKeys: String, CodingKey {
      case schema = "uhi_schema"
      case axes
      case storage
    }
  }

  @Test func histogramsFollowTheUnifiedInterface() throws {
    let run = SyntheticRun()
    let folder = try SyntheticRun.reported.get()
    let bytes = Data(try folder.text("histograms/far-numu-fhc.json").utf8)
    let file = try JSONDecoder().decode([String: UnifiedHistogram].self, from: bytes)
    let far = try #require(run.predictions.samples.last)
    let expected = [
      "data": far.data, "truth": far.truth, "model:neural": far.models["neural"], "model:flow": far.models["flow"],
    ]
    #expect(Set(file.keys) == Set(expected.keys))
    for (name, histogram) in file {
      #expect(histogram.schema == 1 && histogram.storage.type == "double")
      #expect(histogram.axes.map(\.type) == ["variable", "variable"])
      #expect(histogram.axes.map(\.edges) == [far.binning.grids[0].first.edges, far.binning.grids[0].second.edges])
      #expect(histogram.axes.allSatisfy { !$0.underflow && !$0.overflow && !$0.circular })
      #expect(histogram.axes[0].metadata == ["name": "lepton_energy", "label": "E_l", "unit": "GeV"])
      let areEqual = histogram.storage.values.flatMap { $0 } == expected[name]??.map { $0 * 6200 }
      #expect(areEqual, "\(name)")
    }
    #expect(try folder.files()["histograms/slice-2-gev.json"] != nil)
  }
}
