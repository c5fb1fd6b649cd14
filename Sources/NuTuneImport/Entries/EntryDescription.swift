import Foundation
import NuTuneCore
import NuTuneFiles

/// The description of an imported entry: name, title, citations, sources.
package struct EntryDescription: Sendable {
  /// Name of the entry.
  package var name: String
  /// Title of the entry, for readers.
  package var title: String
  /// Works to cite.
  package var citations: [Citation]
  /// Format of the imported files.
  package var format: String
  /// Imported files, without folders, with their SHA-256.
  package var sources: [(file: String, digest: String)]
  /// Options of the import, in their order.
  package var options: [(option: String, text: String)] = []

  /// Options of the command line; nil where the user gave none.
  package struct Options: Sendable {
    /// Name of the entry.
    package var name: String?
    /// Title of the entry.
    package var title: String?
    /// A BibTeX file.
    package var cite: String?
    /// Whether the user said that there is nothing to cite.
    package var hasNoCitation = false

    /// Creates empty options.
    package init() {}
  }

  static let nameQuestion = Question(
    "--name", "What is the name of the entry?", choices: "letters, digits, _ and -, as t2k-nd280-fhc")
  static let titleQuestion = Question("--title", "What is it, in a line for people?", choices: "a line of text")
  static let citeQuestion = Question(
    "--cite", "Which BibTeX file says what to cite?", choices: "a BibTeX file, or none, which is --no-citation")

  /// Asks for missing options; nil if they stay missing, which the interview reports.
  package init?(_ options: Options, format: String, files: [String], _ interview: inout Interview) {
    let name = interview.answer(Self.nameQuestion, given: options.name) { text in
      try FileSafeName.check(text, at: nil, key: Self.nameQuestion.option)
      return text
    }
    let title = interview.answer(Self.titleQuestion, given: options.title) { text in
      guard !text.allSatisfy(\.isWhitespace), !text.contains(where: \.isNewline) else {
        throw refusal(text, "a line of text")
      }
      return text
    }
    let cite = interview.answer(Self.citeQuestion, given: options.hasNoCitation ? "none" : options.cite) { text in
      text == "none" ? [] : try Bibliography.read(text)
    }
    guard let name, let title, let cite else { return nil }
    self.name = name
    self.title = title
    self.format = format
    citations = cite
    sources = files.map { ($0.fileName, Digest.sha256(ofFile: $0) ?? "") }
  }

  /// Adds options to the record of the entry.
  package mutating func record(_ answers: [(option: String, text: String)]) {
    // The entry itself contains name, title and citation.
    let known = [Self.nameQuestion, Self.titleQuestion, Self.citeQuestion].map { $0.option.dropFirst(2) }
    for answer in answers where !known.contains(Substring(answer.option)) { record(answer.option, answer.text) }
  }

  /// Adds one option to the record, files without their folders; a repeated option adds its text.
  package mutating func record(_ option: String, _ text: String) {
    // FILE:NAME is a file, too.
    let path = text.split(separator: ":", maxSplits: 1).first.map(String.init) ?? text
    let isFile = path.contains("/") && FileManager.default.fileExists(atPath: path)
    let text = isFile ? path.fileName + text.dropFirst(path.count) : text
    if let place = options.firstIndex(where: { $0.option == option }) {
      options[place].text += " \(text)"
    } else {
      options.append((option, text))
    }
  }
}

extension String {
  /// The last component of a path.
  var fileName: String { FilePath.name(of: self) }
}
