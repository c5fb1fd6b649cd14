/// Cuts lines in which a dash stands between the edges of a bin: `1  0.00 - 0.05  9.7e9`, `0 | -1 - 0 | 0.2 - 0.6 | 2.0`.
///
/// A dash separates two fields when a number ends before it and one begins after it, unless it is a sign: a dash with a
/// blank before it and none after it.
enum RangeFields {
  private static let separators: Set<Character> = ["[", "]", "(", ")", ",", "|"]
  private static let dashes: Set<Character> = ["-", "–", "—", "−"]

  /// Returns the texts with the start column of each, counted from 1.
  static func cut(_ line: Substring) -> [(text: String, column: Int)] {
    let characters = Array(line)
    var fields: [(text: String, column: Int)] = []
    var text = ""
    var start = 0
    func end() {
      if !text.isEmpty { fields.append((text, start + 1)) }
      text = ""
    }
    for (place, character) in characters.enumerated() {
      if character.isWhitespace || separators.contains(character) {
        end()
      } else if dashes.contains(character), separates(characters, place, text, fields.last?.text) {
        end()
      } else {
        if text.isEmpty { start = place }
        text.append(dashes.contains(character) ? "-" : character)
      }
    }
    end()
    return fields
  }

  /// Whether the dash at a place separates two numbers.
  /// - Parameters:
  ///   - text: the text directly before the dash.
  ///   - last: the field before that.
  private static func separates(_ line: [Character], _ place: Int, _ text: String, _ last: String?) -> Bool {
    let behind = line[(place + 1)...]
    guard let next = behind.first(where: { !$0.isWhitespace }),
      next.isNumber || "+.".contains(next) || dashes.contains(next)
    else { return false }
    if !text.isEmpty { return Double(text) != nil }
    guard behind.first?.isWhitespace == true, let last, Double(last) != nil else { return false }
    // Only blanks may stand between the number and the dash.
    return line[..<place].last { !$0.isWhitespace }.map { !separators.contains($0) } ?? false
  }
}
