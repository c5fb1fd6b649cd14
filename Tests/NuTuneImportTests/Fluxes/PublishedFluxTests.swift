import Foundation
import NuTuneImport
import Testing

@Suite("Published fluxes", .enabled(if: PublishedData.isThere, "no \(PublishedData.folder); set NUTUNE_DATA"))
struct PublishedFluxTests {
  /// A rebinned table, the published files it is made from, and what their columns are.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String]
    var columns: [String]
    var testDescription: String { name }

    init(_ name: String, _ file: String, _ columns: String = "low,high,numu,numubar,nue,nuebar") {
      (self.name, files, self.columns) = (name, [file], [columns])
    }
  }

  static let cases: [Case] =
    [
      Case("dune-nd-fhc", "DUNE_ND_FHC_TDR2017"), Case("dune-nd-rhc", "DUNE_ND_RHC_TDR2017"),
      Case("dune-fd-fhc", "DUNE_FD_FHC_TDR2017"), Case("dune-fd-rhc", "DUNE_FD_RHC_TDR2017"),
      Case("dune-prism-fhc", "DUNE_PRISM_FHC", "offaxis,low,high,numu,numubar,nue,nuebar"),
      Case("dune-prism-rhc", "DUNE_PRISM_RHC", "offaxis,low,high,numu,numubar,nue,nuebar"),
      Case("hyperk-fd-fhc", "HK_FD_FHC_2p5deg_295km"), Case("hyperk-fd-rhc", "HK_FD_RHC_2p5deg_295km"),
      Case("minerva-le-fhc", "MINERvA_LE_FHC"), Case("minerva-le-rhc", "MINERvA_LE_RHC"),
      Case("minerva-me-fhc", "MINERvA_ME_FHC_constrained", "low,high,numu,-,-,-,-"),
      Case("nova-fd-fhc", "NOvA_FD_FHC_GiBUU2016"), Case("nova-fd-rhc", "NOvA_FD_RHC_GiBUU2016"),
      Case("t2k-nd280-fhc", "T2K_ND280_FHC_2020_nominal"), Case("t2k-nd280-rhc", "T2K_ND280_RHC_2020_nominal"),
      Case("t2k-sk-fhc", "T2K_SK_FHC_2020_nominal"), Case("t2k-sk-rhc", "T2K_SK_RHC_2020_nominal"),
      Case("bnb-microboone-fhc", "BNB_MicroBooNE_FHC_2019", "low,high,numu"),
    ]
    + ["fhc", "rhc"].map { mode in
      // A file for each species, in bins of its own.
      var one = Case("nova-nd-\(mode)", "")
      let species = ["numu", "numubar", "nue", "nuebar"]
      one.files = species.map { "NOvA_ND_\(mode.uppercased())_2017_\($0)" }
      one.columns = species.map { "low,high,\($0),-" }
      return one
    }

  @Test("imported and rebinned they are the three-digit tables of the catalog, number for number", arguments: cases)
  func rebinned(_ one: Case) throws {
    let folder = try TemporaryFolder()
    let expected = "\(PublishedData.folder)/flux-rebinned/\(one.name).csv"
    let tables = try one.files.map { try ColumnTable(commaSeparated: "\(PublishedData.folder)/flux/flux_\($0).csv") }
    // The tables off the axis keep the published bins, which differ from position to position.
    let flux = try fluxImport(
      tables, columns: one.columns, rebin: one.name.contains("prism") ? nil : expected, digits: 3)
    let draft = try flux.draft(try description(one.name))
    #expect(draft.hints == [])
    try folder.write(draft)
    func rows(_ text: String) -> [[String]] {
      text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }
    let (found, wanted) = (
      rows(try folder.text("fluxes/\(one.name).csv")), rows(try String(contentsOfFile: expected, encoding: .utf8))
    )
    #expect(found.first == wanted.first && found.count == wanted.count)
    for (found, wanted) in zip(found, wanted).dropFirst() {
      // An empty field, where a histogram ends before the others, is no flux.
      #expect(found.map { Double($0) } == wanted.map { $0.isEmpty ? 0 : Double($0) })
    }
  }

  /// DUNE's near flux in a form of its releases.
  private func table() throws -> (edges: [Double], rows: [[Double]]) {
    let path = "\(PublishedData.folder)/flux/flux_DUNE_ND_FHC_TDR2017.csv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    let rows = lines.map { $0.split(separator: ",").compactMap { Double($0) } }
    return (rows.map { $0[0] } + [try #require(rows.last)[1]], rows)
  }

  /// Spectra of an import, by species.
  private func spectra(_ tables: [ColumnTable], columns: [[FluxColumn]], _ units: FluxUnits) throws
    -> [FluxSpectrum]
  {
    let flux = try ImportedFlux(Array(zip(tables, columns).map { ($0, $1) }), units: units, points: .centers)
    return flux.positions[0].spectra.sorted { $0.species.rawValue < $1.species.rawValue }
  }

  @Test(
    "DUNE as ROOT histograms (per bin and m²) and as GLoBES text (per GeV and m²) is one flux",
    arguments: [true, false])
  func forms(real: Bool) throws {
    if real, RootPython.python == nil {
      print("skipped: \(RootPython.reason)")
      return
    }
    let folder = try TemporaryFolder()
    let (edges, rows) = try table()
    let names = ["numu", "numubar", "nue", "nuebar"]
    var contents: [String: [Double]] = [:]
    for (index, name) in names.enumerated() {
      contents["\(name)_flux"] = rows.map { $0[index + 2] * ($0[1] - $0[0]) * 1e4 }
    }
    let root = try RootPython.file(histograms: contents, edges: edges, in: folder, real: real)
    let histograms = try names.map {
      try ColumnTable(try #require(root.objects["\($0)_flux"]), name: "\($0)_flux", file: "flux.root")
    }
    let perBin = try spectra(
      histograms, columns: [.numu, .numubar, .nue, .nuebar].map { [.low, .high, .flux($0)] },
      FluxUnits(area: 1e4, per: .bin, pot: 1, energy: 1))

    // GLoBES has bins of 0.25 GeV, two of the histograms' each below 8 GeV.
    var text = "% E nue numu nutau nuebar numubar nutaubar\n"
    for bin in stride(from: 0, to: 64, by: 2) {
      let flux = names.map { (contents["\($0)_flux"]![bin] + contents["\($0)_flux"]![bin + 1]) / 0.25 }
      text += "\(edges[bin + 1]) \(flux[2]) \(flux[0]) 0 \(flux[3]) \(flux[1]) 0\n"
    }
    let globes = try ColumnTable(globes: try folder.file("globes.txt", text))
    let perEnergy = try spectra(
      [globes],
      columns: [[.center, .flux(.nue), .flux(.numu), .ignored, .flux(.nuebar), .flux(.numubar), .ignored]],
      FluxUnits(area: 1e4, per: .energy(1), pot: 1, energy: 1))
    #expect(perBin.count == 4 && perEnergy.count == 4)
    for (first, second) in zip(perBin, perEnergy) {
      #expect(first.species == second.species && second.edges.last == 8)
      for (found, wanted) in zip(first.rebinned(to: second.edges).densities, second.densities) {
        #expect(wanted > 0 && abs(found / wanted - 1) < 1e-6)
      }
    }
  }
}
