import Foundation
import NuTuneResults
import Testing

/// Which neutrino energies are folded, and what a run says of those that are not.
@Suite struct EnergyRangeTests {
  /// The beam of MicroBooNE, all muons in an ideal detector, with the truth as the only model.
  private static let booster = [
    "experiment=microboone", "experiment.near.detector={model: ideal}",
    "experiment.near.binning={lepton_energy: [{from: 0, to: 1.6, bins: 8}, 2, 3, 5, 7], "
      + "cos_theta: {from: -1, to: 1, bins: 5}}",
    "experiment.near.fluxes.fhc.interpolation=histogram",
    "models={same: {model: toy-sf}}", "oscillation.fit=[]", "slices.energies=[]", "fold.nodes_w2=100",
  ]

  /// A run; `warnings` are those on energies, since a study of DUNE has values that an experiment without a far detector
  /// does not use, and says so.
  private func run(_ changes: [String], report: Bool = false) throws -> (
    results: StudyResults, warnings: [String], errors: String
  ) {
    let folder = NSTemporaryDirectory() + "nutune-energies-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let set = changes.map { " --set '\($0)'" }.joined()
    let run = try CommandLineRun(
      shell: "\"$nutune\" run dune-closure --out '\(folder)'\(report ? "" : " --no-report")\(set)")
    try #require(run.exitCode == 0, "\(run.errors)")
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/results.json"))
    let page = report ? try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8) : nil
    let results = try JSONDecoder().decode(StudyResults.self, from: bytes)
    for warning in results.warnings ?? [] {
      #expect(run.errors.contains("warning: \(warning)"))
      #expect(page?.contains(warning.prefix(40)) != false)
    }
    return (results, (results.warnings ?? []).filter { $0.hasPrefix("neutrino energies") }, run.errors)
  }

  /// Σ over the bins of the published histogram of flux × total cross section, between two energies, the latter computed at
  /// `points` energies and linear between them.
  private func rate(
    from low: Double, to high: Double, step: Double = 0.02, points: Int? = nil,
    density: (_ energy: Double, _ published: Double) -> Double = { $1 }
  ) throws -> Double {
    let count = Int(((high - low) / step).rounded())
    let points = points ?? count
    let spacing = (high - low - step) / Double(max(points - 1, 1))
    let totals = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energies",
      "\(low + step / 2):\(high - step / 2):\(max(spacing, step))")
    #expect(totals.rows.count == points + 1)
    let crossSections = try (1...points).map { try totals.number($0, 1) }
    let table = try String(
      contentsOfFile: "\(CommandLineRun.root)/catalogs/fluxes/bnb-microboone-fhc.csv", encoding: .utf8
    ).split(separator: "\n").compactMap { line -> [Double]? in
      let values = line.split(separator: ",").compactMap { Double($0) }
      return values.count == 3 ? values : nil
    }
    return (0..<count).reduce(0) { sum, part in
      let energy = low + (Double(part) + 0.5) * step
      let published = table.first { $0[0] <= energy && energy < $0[1] }?[2] ?? 0
      let place = points == 1 ? 0 : Double(part) * step / spacing
      let row = min(Int(place), max(points - 2, 0))
      let next = crossSections[min(row + 1, points - 1)]
      let crossSection = crossSections[row] + (place - Double(row)) * (next - crossSections[row])
      return sum + density(energy, published) * crossSection * step
    }
  }

  @Test("what fold.energy_minimum and fold.energy_maximum cut is computed and said: flux times total cross section")
  func cutsAreSaid() throws {
    let warnings = try run(Self.booster + ["fold.energy_minimum=0.4", "fold.energy_maximum=2"], report: true).warnings
    let kept = try rate(from: 0.4, to: 2, step: 0.1)
    #expect(warnings.count == 2)
    for (warning, cut) in zip(
      warnings, [try rate(from: 0.1, to: 0.4), try rate(from: 2, to: 6.8, step: 0.1, points: 9)])
    {
      #expect(warning.contains("% of the rate of near-numu-fhc"))
      let words = warning.split(separator: " ")
      let place = try #require(words.firstIndex(of: "%"))
      let said = try #require(Double(words[place - 1])) / 100
      #expect(abs(said / (cut / kept) - 1) < 0.06, "\(warning): \(cut / kept)")
    }
  }

  @Test("without a word of the study all of the flux above threshold is folded, and nothing is said")
  func allOfTheFlux() throws {
    let (results, warnings, _) = try run(Self.booster)
    #expect(warnings.isEmpty, "\(warnings)")
    #expect(results.study.values["fold.energy_minimum"] == nil)
  }

  @Test("a slice of which no lepton reaches the bins is left out, and said")
  func emptySlices() throws {
    // At 4 GeV and 30 degrees a nucleon at rest takes two GeV: a neutrino of 4.05 GeV has none to give.
    let (results, _, errors) = try run([
      "experiment.near.binning={lepton_energy: [4, 6, 8], cos_theta: [0.85, 0.88]}", "models={same: {model: toy-sf}}",
      "oscillation.fit=[]", "slices.energies=[4.05, 20]", "fold.cell_scale=6",
    ])
    #expect(results.models["same"]?.slices.map(\.energy) == [20])
    #expect(errors.contains("no lepton of a neutrino of 4.05 GeV reaches the bins of near-numu-fhc"), "\(errors)")
  }

  @Test("a flux table that ends above zero is said, and so is a model that ends")
  func endsAreSaid() throws {
    let folder = NSTemporaryDirectory() + "nutune-short-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let whole = try String(
      contentsOfFile: "\(CommandLineRun.root)/catalogs/fluxes/bnb-microboone-fhc.csv", encoding: .utf8)
    // The same table without what lies below 0.3 GeV and above 2 GeV.
    let short = whole.split(separator: "\n").filter { line in
      let values = line.split(separator: ",").compactMap { Double($0) }
      return values.count < 3 || (values[0] > 0.29 && values[1] < 2.01)
    }.joined(separator: "\n")
    try short.write(toFile: "\(folder)/short.csv", atomically: true, encoding: .utf8)
    let (_, warnings, errors) = try run(
      Self.booster + ["experiment.near.fluxes.fhc={model: tabulated-flux, file: \(folder)/short.csv}"])
    #expect(warnings.isEmpty, "\(warnings)")
    #expect(errors.contains("near-numu-fhc below 0.3 GeV"), "\(errors)")
    #expect(errors.contains("near-numu-fhc beyond 2 GeV"), "\(errors)")
    // What a flux that is below as in the first bin would add, by flux × total cross section: 0.3 to 0.32 GeV is the first.
    let first = try rate(from: 0.3, to: 0.32) / rate(from: 0.3, to: 0.32, density: { _, _ in 1 })
    let below = try rate(from: 0.12, to: 0.3, density: { _, _ in first }) / rate(from: 0.3, to: 2, step: 0.1)
    let words = try #require(errors.split(separator: "\n").first { $0.contains("below 0.3 GeV") }).split(separator: " ")
    let place = try #require(words.firstIndex(of: "%"))
    let said = try #require(Double(words[place - 1])) / 100
    #expect(abs(said / below - 1) < 0.06, "\(said), \(below)")

    let written = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energies", "0.4:3:10%", "--grid", "60x40",
      "--out", "\(folder)/t.h5")
    #expect(written.exitCode == 0, "\(written.errors)")
    let models = "models={table: {model: tabulated, file: \(folder)/t.h5}}"
    let table = try run(Self.booster + [models, "slices.energies=[1]"]).results
    #expect(
      (table.warnings ?? []).contains { $0.hasPrefix("neutrino energies from ") && $0.contains("to 0.4 GeV") },
      "\(table.warnings ?? [])")
    #expect(table.interpolation?["table"]?["near-numu-fhc"] != nil)
  }
}
