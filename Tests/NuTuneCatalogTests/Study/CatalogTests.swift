import Foundation
import NuTuneCatalog
import Testing

@Suite("Where catalogs are found")
struct CatalogTests {
  /// Makes a folder with a catalogs folder, which holds one study, at each of some places, and removes it afterwards.
  private func withCatalogs(at places: [String], _ body: (String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("nutune-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    for place in places {
      let studies = "\(root)/\(place)/studies"
      try FileManager.default.createDirectory(atPath: studies, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: "\(studies)/\(place.replacing("/", with: "-")).yaml"))
    }
    try body(root)
  }

  @Test("What is installed is found from the program, after all catalogs of the study and above the program")
  func installed() throws {
    try withCatalogs(at: ["mine/catalogs", "usr/share/nutune/catalogs", "usr/share/other/catalogs", "usr/catalogs"]) {
      root in
      let found = Catalog.find(near: "\(root)/mine", environment: [:], program: "\(root)/usr/bin/nutune").folders
      let here = found.filter { $0.hasPrefix(root) }
      #expect(here == ["\(root)/mine/catalogs", "\(root)/usr/catalogs", "\(root)/usr/share/nutune/catalogs"])
      #expect(found.first == here.first && found.last == here.last)
      let elsewhere = Catalog.find(near: "\(root)/mine", environment: [:], program: "\(root)/bin/nutune").folders
      #expect(!elsewhere.contains("\(root)/usr/share/nutune/catalogs"))
    }
  }

  @Test("NUTUNE_CATALOGS decides alone")
  func environment() throws {
    try withCatalogs(at: ["usr/share/nutune/catalogs"]) { root in
      let catalog = Catalog.find(environment: ["NUTUNE_CATALOGS": "/a:/b"], program: "\(root)/usr/bin/nutune")
      #expect(catalog.folders == ["/a", "/b"])
    }
  }
}
