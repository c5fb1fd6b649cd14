import NuTuneCore

/// Writes text in HTML.
enum HTML {
  /// Escapes the five characters with a meaning in HTML, for elements and attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Escapes text in which `ν_μ`, `E_l`, `E_ν`, `σ_stat`, … get real subscripts.
  static func prose(_ text: String) -> String {
    let symbols =
      NeutrinoSpecies.allCases.map(\.symbol) + Observable.allCases.map(\.symbol) + ["E_ν", "δ_CP", "σ_stat", "σ_sys"]
    return symbols.filter { $0.contains("_") }.reduce(escaped(text)) { text, symbol in
      let parts = symbol.split(separator: "_", maxSplits: 1)
      return text.replacing(symbol, with: "\(parts[0])<sub>\(parts[1] == "l" ? "ℓ" : parts[1])</sub>")
    }
  }

  /// Returns an element around escaped text.
  static func element(_ name: String, _ text: String, class style: String? = nil) -> String {
    "<\(name)\(style.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</\(name)>"
  }

  /// Returns a prominent warning.
  static func warning(_ text: String) -> String {
    "<p class=\"warning\"><b>Warning.</b> \(prose(text)).</p>\n"
  }
}
