import Foundation
import NuTuneCore
import Testing

/// The flux tables of the catalog beside the published ones they were made from, which stay outside the repository.
@Suite struct ShippedExperimentTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let data =
    (ProcessInfo.processInfo.environment["NUTUNE_DATA"] ?? "\(root)/../shared/data") + "/flux-rebinned"
  private static let haveData = FileManager.default.fileExists(atPath: data)

  @Test("Every flux table of the catalog is the published one", .enabled(if: haveData, "no \(data); set NUTUNE_DATA"))
  func tablesAreThePublishedOnes() throws {
    let folder = "\(Self.root)/catalogs/fluxes"
    let tables = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".csv") }
    let rebinned = tables.filter { FileManager.default.fileExists(atPath: "\(Self.data)/\($0)") }
    // The fluxes of measurements, with their tails, are compared below.
    #expect(rebinned.count == 20 && tables.count == 20 + Self.measured.count)
    for table in rebinned {
      let ours = try String(contentsOfFile: "\(folder)/\(table)", encoding: .utf8)
      // Where a published histogram ends before the others, the flux is zero.
      let published = try String(contentsOfFile: "\(Self.data)/\(table)", encoding: .utf8).split(separator: "\n")
        .map { line in
          line.split(separator: ",", omittingEmptySubsequences: false).map { $0.isEmpty ? "0" : String($0) }
            .joined(separator: ",")
        }
      #expect(ours.split(separator: "\n").map(String.init) == published, "\(table)")
    }
  }

  /// Fluxes of measurements with the published tables they were rebinned from, and the column there.
  private static let measured = [
    ("t2k-nd280-cc-2018", "flux_T2K_ND280_CCinc2018_numu"), ("minerva-le-2020", "flux_MINERvA_LE_FHC"),
    ("minerva-me-2021", "flux_MINERvA_ME_FHC_constrained"),
  ]

  @Test("Fluxes of measurements integrate to the published ones", .enabled(if: haveData), arguments: measured)
  func measuredFluxes(name: String, published: String) throws {
    func integral(_ file: String) throws -> (sum: Double, end: Double) {
      let lines = try DelimitedFile(file, content: "a flux").lines.dropFirst()
      return try lines.reduce((0, 0)) { sum, line in
        let (low, high) = (try line.number(0, key: ""), try line.number(1, key: ""))
        let density = try line.number(2, key: "")
        return (sum.0 + (high - low) * density, density > 1e-20 ? high : sum.1)
      }
    }
    let ours = try integral("\(Self.root)/catalogs/fluxes/\(name).csv")
    let theirs = try integral("\(Self.data)/../flux/\(published).csv")
    // Three digits are rounded by 0.5 % at most, in every bin for itself.
    #expect(abs(ours.sum / theirs.sum - 1) < 1e-3, "\(name): \(ours) \(theirs)")
    // The last bin is wider and may hold zeros of theirs.
    #expect(ours.end >= theirs.end && ours.end <= 1.05 * theirs.end, "\(name): \(ours) \(theirs)")
  }
}
