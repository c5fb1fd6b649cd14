import BuiltInPlugins
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneImport
import Testing

@Suite("Imported entries")
struct EntryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func draft(_ name: String, citing bibliography: String? = nil, density: String = "3e-9") throws -> EntryDraft
  {
    let path = try folder.file("flux.csv", "a,b,c\n0,1,\(density)\n1,2,1e-9\n")
    let flux = try fluxImport([try ColumnTable(commaSeparated: path)], columns: ["low,high,numu"])
    var about = try description(name, files: [path], citing: bibliography)
    about.record([("name", "x"), ("columns", "low"), ("columns", "high"), ("per", "GeV")])
    return try flux.draft(about)
  }

  @Test("an entry says from what it was made, and what to cite")
  func provenance() throws {
    let bibliography = try folder.file(
      "a.bib", "@article{One:2020,\n  title = {{A} b}}\n\n@misc{Two,\n year = 2021\n}\n")
    try folder.write(try draft("mine", citing: bibliography))
    let digest = try #require(Digest.sha256(ofFile: "\(folder.path)/flux.csv"))
    #expect(
      try folder.text("fluxes/mine.yaml") == """
        # Written by nutune import; source says from what.
        schema: nutune.flux/1
        name: mine
        title: "A title: “with” \\"quotes\\""
        model: tabulated-flux
        file: mine.csv
        source:
          format: csv
          files:
            - {file: "flux.csv", sha256: \(digest)}
          options:
            columns: "low high"
            per: "GeV"
        citations:
          - key: "One:2020"
            bibtex: |
              @article{One:2020,
                title = {{A} b}}
          - key: "Two"
            bibtex: |
              @misc{Two,
               year = 2021
              }

        """)
    let entry = try Catalog(folders: [folder.catalog]).entry(.fluxes, named: "mine")
    #expect(entry.title == "A title: “with” \"quotes\"")
    #expect(entry.citations.map(\.key) == ["One:2020", "Two"])
    #expect(entry.citations[0].bibtex == "@article{One:2020,\n  title = {{A} b}}")
    #expect(entry.values["source"] == nil)
  }

  @Test("an entry that is there is refused before anything is written")
  func existing() throws {
    try folder.write(try draft("mine"))
    #expect(
      folder.sentence { try draft("mine").refuseExisting(in: folder.catalog) }
        == "catalogs/fluxes/mine.csv: found a file that is there already; expected another --name, or --force to replace "
        + "it")
    #expect(folder.sentence { try draft("other").refuseExisting(in: folder.catalog) } == "no error")
    try folder.write(try draft("mine", density: "4e-9"))
    #expect(try folder.text("fluxes/mine.csv").contains("0,1,4e-09\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.catalog)/fluxes").sorted() == [
        "mine.csv", "mine.yaml",
      ])
  }

  @Test("an entry that does not read back leaves what was there, and nothing half written")
  func readBack() throws {
    try folder.write(try draft("mine"))
    let before = try folder.text("fluxes/mine.csv")
    // Without plugins the new entry cannot be read.
    #expect(throws: (any Error).self) {
      try draft("mine", density: "4e-9").write(in: folder.catalog, registry: Registry())
    }
    #expect(try folder.text("fluxes/mine.csv") == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.catalog)/fluxes").sorted() == [
        "mine.csv", "mine.yaml",
      ])
  }

  @Test("names and bibliographies that are none")
  func mistakes() throws {
    #expect(folder.sentence { _ = try description("../up") }.contains("found the name “../up”"))
    let empty = try folder.file("b.bib", "no entry here\n")
    #expect(
      folder.sentence { _ = try description("x", citing: empty) }
        == "b.bib: --cite: found no entry; expected at least one, @article{key, …}")
    let open = try folder.file("c.bib", "@article{key, title = {a}\n")
    #expect(folder.sentence { _ = try description("x", citing: open) }.contains("with all its braces"))
    #expect(folder.sentence { _ = try description("x", citing: "\(folder.path)/none.bib") }.contains("no such file"))
  }
}
