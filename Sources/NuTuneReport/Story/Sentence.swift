import Foundation
import NuTuneCore

/// A sentence with placeholders in braces that are filled from a run's `results.json`:
///
///     {models.flow.far.tv:.3f}                      a value, with a format as in C (.3f, .2g, +.1f) or .0% (per cent)
///     {models.flow.far.tv / models.neural.far.tv}   a ratio (also * and −, with spaces around)
///     {√sensitivity.cp.models.truth.3.results.delta:.1f}  a root
///     {models.flow.far.tv < 0.05 ? holds : fails}   one of two words, by a comparison (< or >) or a truth value
///
/// so that numbers in a sentence about results are never typed by hand and never out of date.
struct Sentence: Sendable {
  /// The sentence with its placeholders.
  var template: String

  /// Fills in the sentence.
  func filled(from results: ResultValue) throws -> String {
    var text = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw NuTuneError(.badData, found: "a “{” that is not closed", expected: "{path} or {path:format}")
      }
      let content = String(rest[rest.index(after: open)..<close])
      do {
        text += try Self.value(of: content, in: results)
      } catch var error as NuTuneError {
        error.found = "{\(content)}: \(error.found)"
        throw error
      }
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  private static func value(of content: String, in results: ResultValue) throws -> String {
    if let question = content.range(of: " ? ") {
      let words = content[question.upperBound...].components(separatedBy: " : ")
      guard words.count == 2 else {
        throw NuTuneError(.badData, found: "\(words.count) words", expected: "{a < b ? one : other}")
      }
      let holds = try condition(String(content[..<question.lowerBound]), in: results)
      return (holds ? words[0] : words[1]).trimmingCharacters(in: .whitespaces)
    }
    let parts = content.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    guard let expression = parts.first, !expression.isEmpty else {
      throw NuTuneError(.badData, found: "nothing", expected: "a path in results.json")
    }
    if parts.count == 1, !expression.contains(" "), !expression.hasPrefix("|"), !expression.hasPrefix("√"),
      Double(expression) == nil,
      case .text(let text) = try results.value(at: expression)
    {
      return text
    }
    return try Format(parts.count > 1 ? parts[1] : ".3g").text(number(expression, in: results))
  }

  private static func condition(_ text: String, in results: ResultValue) throws -> Bool {
    for (symbol, holds) in [(" < ", { $0 < $1 }), (" > ", { $0 > $1 })] as [(String, (Double, Double) -> Bool)] {
      let sides = text.components(separatedBy: symbol)
      guard sides.count == 2 else { continue }
      return holds(try number(sides[0], in: results), try number(sides[1], in: results))
    }
    guard case .boolean(let value) = try results.value(at: text.trimmingCharacters(in: .whitespaces)) else {
      throw NuTuneError(.badData, found: "no comparison", expected: "a < b, a > b, or something true or false")
    }
    return value
  }

  private static func number(_ expression: String, in results: ResultValue) throws -> Double {
    let tokens = expression.split(separator: " ").map(String.init)
    guard tokens.count % 2 == 1, let first = tokens.first else {
      throw NuTuneError(
        .badData, found: "“\(expression)”", expected: "paths and numbers with / * or - between them")
    }
    var value = try operand(first, in: results)
    for index in stride(from: 1, to: tokens.count, by: 2) {
      let other = try operand(tokens[index + 1], in: results)
      switch tokens[index] {
      case "/": value /= other
      case "*": value *= other
      case "-", "−": value -= other
      default:
        throw NuTuneError(.badData, found: "the sign “\(tokens[index])”", expected: "/, * or -")
      }
    }
    guard value.isFinite else { throw NuTuneError(.badData, found: "\(value)", expected: "a finite number") }
    return value
  }

  private static func operand(_ text: String, in results: ResultValue) throws -> Double {
    if let number = Double(text) { return number }
    // √path is a root, as of a Δ(−2lnL) that is a significance; |path| is a magnitude.
    if text.count > 1, text.hasPrefix("√") {
      return max(try operand(String(text.dropFirst()), in: results), 0).squareRoot()
    }
    let isMagnitude = text.count > 2 && text.hasPrefix("|") && text.hasSuffix("|")
    let path = isMagnitude ? String(text.dropFirst().dropLast()) : text
    guard case .number(let number) = try results.value(at: path) else {
      throw NuTuneError(.badData, found: "no number at \(path)", expected: "the path of a number")
    }
    return isMagnitude ? abs(number) : number
  }

  /// A format as in C, or per cent.
  private struct Format {
    private let isSigned: Bool
    private let digits: Int
    private let kind: Character

    init(_ text: String) throws {
      var rest = text[...]
      isSigned = rest.hasPrefix("+")
      if isSigned { rest = rest.dropFirst() }
      guard rest.hasPrefix("."), let kind = rest.last, "fg%".contains(kind),
        let digits = Int(rest.dropFirst().dropLast()), (0...12).contains(digits)
      else {
        throw NuTuneError(.badData, found: "the format “\(text)”", expected: ".3f, .2g, +.1f or .0%")
      }
      self.digits = digits
      self.kind = kind
    }

    func text(_ value: Double) -> String {
      let sign = isSigned ? "+" : ""
      switch kind {
      case "%": return DecimalText.typeset(String(format: "%\(sign).\(digits)f", 100 * value)) + " %"
      case "f": return DecimalText.typeset(String(format: "%\(sign).\(digits)f", value))
      default: return DecimalText.typeset(String(format: "%\(sign).\(max(digits, 1))g", value))
      }
    }
  }
}
