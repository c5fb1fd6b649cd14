import NuTuneResults

/// An oscillation parameter in the usual notation: symbol, unit and a scale that gives readable numbers.
struct FittedParameter: Sendable {
  /// Name in results, `sin2_theta23`.
  var name: String
  /// Symbol in plain text.
  var symbol: String
  /// Symbol in gnuplot's enhanced text, not quoted.
  var enhancedSymbol: String
  /// Unit after scaling, empty for none.
  var unit: String
  /// Factor from the value in results to the value shown.
  var scale: Double
  /// Unit of the value in results, empty for none.
  var storedUnit: String

  /// Finds the parameter of a name; an unknown one is shown by its name, unscaled.
  init(_ name: String) {
    self.name = name
    let subscripts: [Character: Character] = ["1": "₁", "2": "₂", "3": "₃"]
    let indices = String(name.suffix(2))
    let small = String(indices.compactMap { subscripts[$0] })
    if name.hasPrefix("sin2_theta"), small.count == 2 {
      symbol = "sin²θ\(small)"
      enhancedSymbol = "sin²{/:Italic θ}_{\(indices)}"
      (unit, scale, storedUnit) = ("", 1, "")
    } else if name.hasPrefix("dm2_"), small.count == 2 {
      symbol = "Δm²\(small)"
      enhancedSymbol = "Δ{/:Italic m}²_{\(indices)}"
      (unit, scale, storedUnit) = indices == "21" ? ("10⁻⁵ eV²", 1e5, "eV²") : ("10⁻³ eV²", 1e3, "eV²")
    } else if name == "delta_cp" {
      symbol = "δ_CP"
      enhancedSymbol = "{/:Italic δ}_{CP}"
      (unit, scale, storedUnit) = ("rad", 1, "rad")
    } else if name == "sin2_2theta_mumu" {
      symbol = "sin²2θ_μμ"
      enhancedSymbol = "sin²2{/:Italic θ}_{μμ}"
      (unit, scale, storedUnit) = ("", 1, "")
    } else if name == "jarlskog" {
      symbol = "J"
      enhancedSymbol = "{/:Italic J}"
      (unit, scale, storedUnit) = ("", 1, "")
    } else {
      symbol = name
      enhancedSymbol = String(FigureText.literal(name).dropFirst().dropLast())
      (unit, scale, storedUnit) = ("", 1, "")
    }
  }

  /// Symbol with its unit in brackets.
  var heading: String { unit.isEmpty ? symbol : "\(symbol) [\(unit)]" }

  /// Column title in a table of stored values.
  var column: String { storedUnit.isEmpty ? name : "\(name) [\(storedUnit)]" }

  /// Axis title, quoted enhanced text.
  var axisTitle: String {
    let shown = unit.replacing("10⁻⁵", with: "10^{−5}").replacing("10⁻³", with: "10^{−3}")
    return "'" + enhancedSymbol + (unit.isEmpty ? "" : " [\(shown)]") + "'"
  }

  /// Returns the text of a value, scaled.
  func text(_ value: Double, decimals: Int = 4) -> String { DecimalText.fixed(value * scale, decimals) }
}

extension EffectiveStudy {
  /// Returns the number at a path; nil if there is none.
  func number(_ path: String) -> Double? {
    switch values[path] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// Returns the true value of an oscillation parameter; Δm²₃₂ and Δm²₃₁ follow from one another.
  func trueValue(_ parameter: String) -> Double? {
    func value(_ name: String) -> Double? { number("oscillation.\(name)") }
    if let direct = value(parameter) { return direct }
    guard let splitting = value("dm2_21") else { return nil }
    switch parameter {
    case "dm2_32": return value("dm2_31").map { $0 - splitting }
    case "dm2_31": return value("dm2_32").map { $0 + splitting }
    default: return nil
    }
  }
}
