/// Texts and numbers of YAML files.
enum YAMLText {
  /// Returns a text in double quotes with escapes, on one line.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default:
        if scalar.value < 0x20 { quoted += " " } else { quoted.unicodeScalars.append(scalar) }
      }
    }
    return quoted + "\""
  }

  /// Returns a number that every YAML reader takes for one: `1.0e-05`, not `1e-05`, which YAML 1.1 reads as text.
  static func number(_ value: Double) -> String {
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e") else { return text }
    let (mantissa, power) = (text[..<exponent], text[text.index(after: exponent)...])
    return (mantissa.contains(".") ? mantissa : mantissa + ".0") + "e" + (power.hasPrefix("-") ? "" : "+") + power
  }
}
