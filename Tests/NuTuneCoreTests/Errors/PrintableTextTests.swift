import Foundation
import NuTuneCore
import Testing

@Suite struct PrintableTextTests {
  @Test func whatMovesACursorOrTurnsTheTextIsWrittenOut() {
    #expect(PrintableText.line("a\u{1B}[2Jb") == "a\\u{1B}[2Jb")
    #expect(PrintableText.line("x\nnutune: error: forged\r\t") == "x\\nnutune: error: forged\\r\\t")
    #expect(
      PrintableText.line("\u{202E}gpj.exe\u{2066}\u{200B}\u{2028}") == "\\u{202E}gpj.exe\\u{2066}\\u{200B}\\u{2028}")
    #expect(PrintableText.line("ν_μ, Δm²₃₂ “wörter” 日本") == "ν_μ, Δm²₃₂ “wörter” 日本")
    #expect(PrintableText.lines("a\n\tb\u{7}") == "a\n\tb\\u{7}")
  }

  @Test func aLongNameKeepsItsEnds() {
    let text = PrintableText.line("start" + String(repeating: "x", count: 100_000) + "end", limit: 60)
    #expect(text.count < 100 && text.hasPrefix("startxx") && text.hasSuffix("xend"))
    #expect(text.contains("(100008 characters)"))
  }

  @Test func anErrorIsOneLineWhateverStandsInIt() {
    let error = NuTuneError(
      .badData, at: SourceLocation(file: "a\nb.yaml", line: 1), key: "k\u{1B}", found: "“\u{202E}\n”",
      expected: String(repeating: "name, ", count: 50_000), suggestion: "\r")
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    #expect(error.description.count < 3000)
  }

  @Test func errorsOfTheSystemAreInOurWords() throws {
    struct Content: Decodable { var number: Int }
    var problems = NuTuneErrors()
    problems.attempt { try JSONDecoder().decode(Content.self, from: Data("{\"number\": \"x\"}".utf8)) }
    problems.attempt {
      try FileManager.default.createDirectory(atPath: "/dev/null/x", withIntermediateDirectories: true)
    }
    problems.attempt { try String(contentsOfFile: "/nowhere/x", encoding: .utf8) }
    #expect(problems.errors.map(\.category) == [.badData, .cannotWrite, .missingInput], "\(problems)")
    #expect(problems.errors[0].key == "number" && problems.errors[2].location?.file == "/nowhere/x")
    #expect(problems.errors[2].found == "no such file or directory")
    for word in ["DecodingError", "NSCocoa", "Swift.", "CodingKeys"] { #expect(!"\(problems)".contains(word)) }
  }

  @Test func aNameGoesOnFromWhatWasTyped() {
    let names = ["toy-sf-resonance", "toy-sf", "neural-sf"]
    #expect(Suggestion.nearest(to: "toy", among: names) == "toy-sf")
    #expect(Suggestion.nearest(to: "to", among: names) == nil)
    #expect(Suggestion.nearest(to: "nueral-sf", among: names) == "neural-sf")
  }
}
