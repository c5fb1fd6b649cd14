/// Help texts for a terminal of 80 columns.
enum HelpText {
  /// Number of columns of a terminal.
  static let width = 80

  /// Wraps the lines of usage, which the argument parser leaves long, between words.
  static func wrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.count > width && ["USAGE:", "Usage:"].contains(where: line.hasPrefix) ? broken(line) : String(line)
    }.joined(separator: "\n")
  }

  /// Wraps one line of usage; an option stays with its value.
  private static func broken(_ line: Substring) -> String {
    let words = line.split(separator: " ")
    var parts: [String] = []
    var depth = 0
    for word in words {
      if depth > 0, let last = parts.indices.last { parts[last] += " \(word)" } else { parts.append(String(word)) }
      depth += word.count { $0 == "[" } - word.count { $0 == "]" }
    }
    var lines = [""]
    for part in parts {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = part
      } else if lines[last].count + 1 + part.count <= width {
        lines[last] += " " + part
      } else {
        lines.append("         " + part)
      }
    }
    return lines.joined(separator: "\n")
  }
}
