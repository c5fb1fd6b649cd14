import Foundation
import NuTuneCore

extension HadronTensorTable {
  /// Reads the text of a file.
  ///
  /// - Throws: `NuTuneError` for a text that ends early, has words in place of numbers, or axes that do not increase.
  package init(text: String, file: String) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: SourceLocation(file: file), found: found, expected: expected)
    }
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    comment = text[..<end].drop { $0 == "#" || $0 == " " }.description
    var words = text[end...].split(whereSeparator: \.isWhitespace)[...]
    func word() throws -> Substring {
      guard let word = words.popFirst() else { throw refuse("the end of the file", "a number") }
      return word
    }
    func number() throws -> Double {
      let word = try word()
      guard let value = Double(word), value.isFinite else { throw refuse("“\(word.prefix(40))”", "a finite number") }
      return value
    }
    func count(_ most: Int) throws -> Int {
      let value = try number()
      guard value == value.rounded(), (1...Double(most)).contains(value) else {
        throw refuse("\(value)", "a number from 1 to \(most)")
      }
      return Int(value)
    }
    func axis(_ count: Int) throws -> [Double] {
      switch try word() {
      case "0":
        let (start, step) = (try number(), try number())
        return (0..<count).map { start + Double($0) * step }
      case "1": return try (0..<count).map { _ in try number() }
      case let flag: throw refuse("the flag “\(flag.prefix(40))” of an axis", "0 (start and step) or 1 (values)")
      }
    }
    (protons, nucleons) = (try count(200), try count(400))
    type = String(try word())
    let counts = (try count(100_000), try count(100_000))
    energies = try axis(counts.0)
    momenta = try axis(counts.1)
    for axis in [energies, momenta] where zip(axis, axis.dropFirst()).contains(where: { $0 >= $1 }) {
      throw refuse("an axis that does not increase", "increasing values in GeV")
    }
    var components = [[Double]](repeating: [], count: 5)
    for _ in 0..<counts.0 * counts.1 {
      for component in 0..<5 { components[component].append(try number()) }
    }
    self.components = components
  }
}
