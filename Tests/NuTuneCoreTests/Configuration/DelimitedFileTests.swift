import Foundation
import NuTuneCore
import Testing

@Suite("Text files cut into fields")
struct DelimitedFileTests {
  private func lines(_ text: String, _ separator: DelimitedFile.Separator, comments: [Character] = ["#"]) throws
    -> [DelimitedFile.Line]
  {
    let path = NSTemporaryDirectory() + "nutune-delimited-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try DelimitedFile(path, content: "numbers", separator: separator, comments: comments).lines
  }

  @Test("at commas: fields may be empty, and know their column")
  func commas() throws {
    let lines = try lines("\u{FEFF}# note\n\n a, ,b\n", .comma)
    #expect(lines.count == 1 && lines[0].number == 3)
    #expect(lines[0].fields.map(\.text) == ["a", "", "b"] && lines[0].fields.map(\.column) == [2, 5, 6])
  }

  @Test("at runs of blanks, commas and brackets")
  func blanks() throws {
    let lines = try lines("% no\n0  [0,0.05]\t9e9\n", .blank, comments: ["%"])
    #expect(lines[0].fields.map(\.text) == ["0", "0", "0.05", "9e9"])
    #expect(lines[0].fields.map(\.column) == [1, 5, 7, 13])
    #expect(try lines[0].number(3, key: "flux") == 9e9)
  }

  @Test("nothing is an error, and so is a field that is no number")
  func mistakes() throws {
    #expect(try #require(throws: NuTuneError.self) { try lines("# only\n", .comma) }.found == "an empty file")
    let line = try lines("1,x\n", .comma)[0]
    let error = try #require(throws: NuTuneError.self) { try line.number(1, key: "k") }
    #expect(error.found == "“x”" && error.location?.column == 3)
    #expect(throws: NuTuneError.self) { try line.requireFields(3, because: "as above") }
  }
}
