import Foundation
import NuTuneCore

/// The entries of a BibTeX file.
enum Bibliography {
  /// Reads all entries, `@article{key, …}`; there must be at least one.
  static func read(_ file: String) throws -> [Citation] {
    let place = SourceLocation(file: file)
    guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8) else {
      throw NuTuneError(
        .missingInput, at: place, found: "no such file", expected: "a BibTeX file",
        suggestion: Suggestion.nearestFile(to: file))
    }
    var citations: [Citation] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "@") {
      rest = rest[start...]
      guard let open = rest.firstIndex(of: "{"), let end = closing(rest, from: open),
        let comma = rest[open..<end].firstIndex(of: ",")
      else {
        throw NuTuneError(
          .badData, at: place, found: "“\(rest.prefix(30))…”", expected: "an entry @article{key, …} with all its braces"
        )
      }
      let key = rest[rest.index(after: open)..<comma].trimmingCharacters(in: .whitespacesAndNewlines)
      citations.append(Citation(key: key, bibtex: String(rest[...end])))
      rest = rest[rest.index(after: end)...]
    }
    guard !citations.isEmpty else {
      throw NuTuneError(.badData, at: place, found: "no entry", expected: "at least one, @article{key, …}")
    }
    return citations
  }

  /// Finds the brace that closes an open one.
  private static func closing(_ text: Substring, from open: String.Index) -> String.Index? {
    var depth = 0
    for index in text[open...].indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }
}
