import Foundation

/// Parses products and quotients of powers of units.
struct StatedUnitParser {
  struct Value {
    var factor = 1.0
    var powers: [String: Int] = [:]

    /// Returns the value to a power, nil beyond the powers that units have.
    func raised(to power: Int) -> Value? {
      guard abs(power) < 400, powers.values.allSatisfy({ abs($0) < 100 }) else { return nil }
      return Value(factor: pow(factor, Double(power)), powers: powers.mapValues { $0 * power })
    }

    static func * (first: Value, second: Value) -> Value {
      Value(factor: first.factor * second.factor, powers: first.powers.merging(second.powers) { $0 + $1 })
    }
  }

  /// Units by their name in capitals; words that count as one (`×`, `c`, ν) have no power.
  private static let known: [String: Value] = {
    var known: [String: Value] = [
      "CM": Value(powers: ["cm": 1]), "M": Value(factor: 100, powers: ["cm": 1]),
      "DEG": Value(powers: ["deg": 1]), "RAD": Value(factor: 180 / .pi, powers: ["deg": 1]),
      "POT": Value(powers: ["POT": 1]), "NUCLEON": Value(powers: ["nucleon": 1]),
      "BIN": Value(powers: ["bin": 1]),
    ]
    for (name, size) in [("EV", 1e-9), ("KEV", 1e-6), ("MEV", 1e-3), ("GEV", 1.0), ("TEV", 1e3)] {
      known[name] = Value(factor: size, powers: ["GeV": 1])
    }
    for (name, size) in [("B", 1e-24), ("MB", 1e-27), ("UB", 1e-30), ("NB", 1e-33), ("PB", 1e-36), ("FB", 1e-39)] {
      known[name] = Value(factor: size, powers: ["cm": 2])
    }
    for (name, alias) in [("DEGREE", "DEG"), ("DEGREES", "DEG"), ("RADIAN", "RAD"), ("NUCLEONS", "NUCLEON")] {
      known[name] = known[alias]
    }
    for name in ["C", "X", "NU", "NEUTRINOS", "NEUTRINO"] { known[name] = Value() }
    return known
  }()

  /// Longest text that can be a unit.
  private static let longest = 200

  private var rest: Substring

  init(_ text: String) {
    guard text.count <= Self.longest else {
      rest = ""
      return
    }
    var text = text.uppercased()
    for (old, new) in [
      ("**", "^"), ("{", ""), ("}", ""), ("P.O.T.", "POT"), ("P.O.T", "POT"), ("×", "*"), ("·", "*"), ("−", "-"),
      (" PER ", "/"), ("\u{39D}", ""), ("²", "^2"), ("⁻¹", "^-1"), ("⁻²", "^-2"),
    ] { text = text.replacing(old, with: new) }
    rest = text[...]
  }

  /// Parses the whole text, nil for an unknown or empty one.
  mutating func value() -> Value? {
    skipBlanks()
    guard !rest.isEmpty, let value = product(), rest.isEmpty, value.factor > 0, value.factor.isFinite else {
      return nil
    }
    return value
  }

  private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

  /// Parses factors up to the end or a closing bracket.
  private mutating func product() -> Value? {
    var value = Value()
    var isBelow = false
    while true {
      skipBlanks()
      guard let character = rest.first, character != ")", character != "]" else { return value }
      if character == "/" {
        isBelow = true
        rest.removeFirst()
        continue
      }
      if character == "*" {
        rest.removeFirst()
        continue
      }
      guard let above = factor(), let next = isBelow ? above.raised(to: -1) : above else { return nil }
      value = value * next
    }
  }

  /// Parses a number, a unit or brackets, with its power.
  private mutating func factor() -> Value? {
    var value: Value
    if rest.first == "(" || rest.first == "[" {
      rest.removeFirst()
      guard let inner = product(), rest.first == ")" || rest.first == "]" else { return nil }
      rest.removeFirst()
      value = inner
    } else if let match = rest.prefixMatch(of: /\d+(\.\d+)?(E[-+]?\d+)?/) {
      rest = rest[match.range.upperBound...]
      guard let number = Double(match.0), number > 0 else { return nil }
      value = Value(factor: number)
    } else if let match = rest.prefixMatch(of: /[A-Z]+/) {
      rest = rest[match.range.upperBound...]
      guard let unit = Self.known[String(match.0)] else { return nil }
      value = unit
      if let power = rest.prefixMatch(of: /-?\d+/) {
        rest = rest[power.range.upperBound...]
        guard let number = Int(power.0) else { return nil }
        return value.raised(to: number)
      }
    } else {
      return nil
    }
    guard let power = rest.prefixMatch(of: /\s*\^\s*\(?\s*([-+]?\d+)\s*\)?/) else { return value }
    rest = rest[power.range.upperBound...]
    guard let number = Int(power.1) else { return nil }
    return value.raised(to: number)
  }
}
