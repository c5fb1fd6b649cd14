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
    #expect(tables.count == 20)
    for table in tables {
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
}
