import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("YAML files become nodes that know their place")
struct ConfigurationFileTests {
  private func read(_ text: String) throws -> ConfigurationNode {
    let folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: folder + "/file.yaml", atomically: false, encoding: .utf8)
    do {
      return try ConfigurationFile.read(folder + "/file.yaml")
    } catch var error as NuTuneError {
      error.location?.file.replace(folder + "/", with: "")
      throw error
    }
  }

  @Test("places, quotation marks, nothing, anchors")
  func nodes() throws {
    let node = try read("a: &x [1, '2']\nb:\n  c: ~\n  d: *x\n")
    #expect(node["a"]?.location.line == 1)
    #expect(node["a"]?.location.column == 4)
    #expect(node["a"]?.elements?[0].content == .scalar("1", quoted: false))
    #expect(node["a"]?.elements?[1].content == .scalar("2", quoted: true))
    #expect(node["b"]?["c"]?.content == .null)
    #expect(node["b"]?["d"]?.elements?.count == 2)
  }

  @Test(
    "what is not a YAML mapping is refused in one sentence",
    arguments: [
      ("a: [1, 2\nb: 3\n", "file.yaml:2:2", "did not find expected ',' or ']'"),
      ("a: 1\n\tb: 2\n", "file.yaml:2:1", "a tab character that violates indentation"),
      ("a: 1\na: 2\n", "file.yaml:1:1: a", "the key “a” twice"),
      ("- a\n- b\n", "file.yaml:1:1", "a list of 2 elements"),
      ("just words\n", "file.yaml:1:1", "“just words”"),
      ("", "file.yaml", "an empty file"),
      ("# nothing here\n", "file.yaml", "an empty file"),
      ("a: *nowhere\n", "file.yaml:1:4", "undefined alias"),
      ("a: 1\n---\nb: 2\n", "file.yaml:2:1", "but found another document"),
      ("? [1, 2]\n: 3\n", "file.yaml:1:3", "a key that is not a word"),
      ("a: \u{1}\n", "file.yaml:1", "control characters are not allowed"),
    ])
  func refused(_ text: String, _ place: String, _ found: String) throws {
    let error = try #require(throws: NuTuneError.self) { try read(text) }
    #expect(error.category == .badData)
    #expect(error.description.hasPrefix(place + ": found "), "\(error)")
    #expect(error.found.contains(found), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test("aliases that multiply are stopped")
  func aliasBomb() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...7 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = try #require(throws: NuTuneError.self) { try read(text) }
    #expect(error.found.contains("more than 1000000 values"))
  }

  @Test("a missing file is exit 66 and names its nearest neighbour")
  func missing() throws {
    let study = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    let error = try #require(throws: NuTuneError.self) { try ConfigurationFile.read(study.folder + "/studdy.yaml") }
    #expect(error.category == .missingInput)
    #expect(error.suggestion == "study.yaml")
  }

  @Test("bytes that are no text are refused")
  func binary() throws {
    let study = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    try Data([0xff, 0xfe, 0x00, 0x80]).write(to: URL(filePath: study.path))
    #expect(throws: NuTuneError.self) { try ConfigurationFile.read(study.path) }
  }
}
