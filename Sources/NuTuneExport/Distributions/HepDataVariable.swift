/// A variable of a HEPData table.
struct HepDataVariable: Sendable {
  /// One value.
  enum Value: Sendable {
    /// A bin.
    case range(ClosedRange<Double>)
    /// A number with a symmetric error, or none.
    case measured(Double, error: Double?)
    /// A word.
    case word(String)
  }

  /// Name without unit.
  var name: String
  /// Unit, empty for none.
  var unit: String
  /// Whether it is an independent variable.
  var isIndependent: Bool
  /// Its values.
  var values: [Value]

  /// Its element of the table's list, in YAML.
  var text: String {
    let units = unit.isEmpty ? "" : ", units: \(YAMLText.quoted(unit))"
    return "- header: {name: \(YAMLText.quoted(name))\(units)}\n  values:\n"
      + values.map { "  - \(Self.text($0))\n" }.joined()
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .range(let range):
      "{low: \(YAMLText.number(range.lowerBound)), high: \(YAMLText.number(range.upperBound))}"
    // HEPData refuses errors of zero.
    case .measured(let value, let error?) where error != 0:
      "{value: \(YAMLText.number(value)), errors: [{symerror: \(YAMLText.number(error)), label: \"total\"}]}"
    case .measured(let value, _): "{value: \(YAMLText.number(value))}"
    case .word(let word): "{value: \(YAMLText.quoted(word))}"
    }
  }
}
