import Foundation
import NuTuneCore
import NuTuneImport

/// The terminal on which questions are asked; it exists when standard input and standard error are a terminal.
struct Terminal {
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
  }

  /// Asks a question; nil at the end of input.
  func ask(_ question: Question, _ complaint: String?) -> String? {
    if let complaint { StandardError.write("  \(PrintableText.line(complaint))\n") }
    StandardError.write(PrintableText.lines("\(question.text)\n  (\(question.option): \(question.choices))\n> "))
    return readLine(strippingNewline: true)?.trimmingCharacters(in: .whitespaces)
  }

  /// Whether the answer is yes.
  func confirms(_ text: String) -> Bool {
    StandardError.write(PrintableText.lines(text))
    return ["y", "yes"].contains(readLine(strippingNewline: true)?.trimmingCharacters(in: .whitespaces).lowercased())
  }
}
