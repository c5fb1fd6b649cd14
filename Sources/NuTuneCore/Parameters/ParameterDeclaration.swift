/// One parameter of a plugin or of a section of a study. It is declared once; help, validation, the JSON Schema and the
/// documentation are made from the declaration.
public struct ParameterDeclaration: Sendable, Hashable {
  /// Name in a study; dots make nested keys (`network.hidden`).
  public var name: String
  /// Unit of the value, empty when it has none.
  public var unit: String
  /// Value when the user gives none; nil when the user has to give one or it may stay unset (see ``isRequired``).
  public var defaultValue: ParameterValue?
  /// Allowed values.
  public var domain: ParameterDomain
  /// Meaning of the parameter, in one line.
  public var meaning: String
  /// Whether a study without it is an error.
  public var isRequired: Bool
  /// Names of parameters that are alternatives for this one (`dm2_31` for `dm2_32`): only one of them may be given, and
  /// one that is given explicitly replaces the others of a preset.
  public var alternatives: [String] = []

  /// Creates a parameter with a default.
  public init(
    _ name: String, unit: String = "", default defaultValue: ParameterValue, _ domain: ParameterDomain,
    _ meaning: String
  ) {
    self.init(name, unit: unit, defaultValue: defaultValue, domain, meaning, isRequired: false)
  }

  /// Creates a parameter without a default: required, or optional and then unset.
  public init(
    _ name: String, unit: String = "", required: Bool, _ domain: ParameterDomain, _ meaning: String
  ) {
    self.init(name, unit: unit, defaultValue: nil, domain, meaning, isRequired: required)
  }

  private init(
    _ name: String, unit: String, defaultValue: ParameterValue?, _ domain: ParameterDomain, _ meaning: String,
    isRequired: Bool
  ) {
    self.name = name
    self.unit = unit
    self.defaultValue = defaultValue
    self.domain = domain
    self.meaning = meaning
    self.isRequired = isRequired
  }

  /// Returns the same declaration as an alternative to the parameters `names`.
  public func alternative(to names: String...) -> ParameterDeclaration {
    var copy = self
    copy.alternatives = names
    return copy
  }

  /// Reads a value for this parameter from the user's input.
  ///
  /// A number may be followed by its unit or by another one of the same dimension, which is converted (``PhysicalUnit``); any
  /// other unit is refused.
  public func value(from node: ConfigurationNode, key: String) throws -> ParameterValue {
    switch domain {
    case .number(let range, let words):
      if let text = node.text, words.contains(text) { return .text(text) }
      guard let number = number(node, in: range) else {
        throw refusal(of: node, key: key, suggestion: node.text.flatMap { Suggestion.nearest(to: $0, among: words) })
      }
      return .number(number)
    case .integer(let range):
      guard let number = integer(node, in: range) else { throw refusal(of: node, key: key) }
      return .integer(number)
    case .boolean:
      switch node.content {
      case .scalar("true", quoted: false), .scalar("True", quoted: false): return .boolean(true)
      case .scalar("false", quoted: false), .scalar("False", quoted: false): return .boolean(false)
      default: throw refusal(of: node, key: key)
      }
    case .text:
      guard let text = node.text, !text.isEmpty else { throw refusal(of: node, key: key) }
      return .text(text)
    case .choice(let names):
      guard let text = node.text else { throw refusal(of: node, key: key) }
      guard names.contains(text) else {
        throw refusal(of: node, key: key, suggestion: Suggestion.nearest(to: text, among: names))
      }
      return .text(text)
    case .numbers(let range, let count):
      return .numbers(try list(node, key: key, count) { number($0, in: range) })
    case .integers(let range, let count):
      return .numbers(try list(node, key: key, count) { integer($0, in: range).map { Double($0) } })
    case .numberOrList(let range, let count):
      if node.elements != nil { return .numbers(try list(node, key: key, count) { number($0, in: range) }) }
      guard let number = number(node, in: range) else { throw refusal(of: node, key: key) }
      return .number(number)
    case .texts(let choices):
      return .texts(try texts(node, key: key, among: choices))
    }
  }

  /// Returns the error about what stands in place of a value.
  private func refusal(of node: ConfigurationNode, key: String, suggestion: String? = nil) -> NuTuneError {
    NuTuneError(
      .badData, at: node.location, key: key, found: node.summary,
      expected: domain.description + (unit.isEmpty ? "" : " in \(unit)"), suggestion: suggestion)
  }

  /// Reads a list of `count` numbers; the error about an element that is none names the element.
  private func list(
    _ node: ConfigurationNode, key: String, _ count: ClosedRange<Int>, _ read: (ConfigurationNode) -> Double?
  ) throws -> [Double] {
    guard let elements = node.elements, count.contains(elements.count) else { throw refusal(of: node, key: key) }
    return try elements.map { element in
      guard let number = read(element) else {
        var error = refusal(of: node, key: key)
        error.location = element.location
        error.found = "the element \(element.summary)"
        throw error
      }
      return number
    }
  }

  /// Reads a list of words, each of them one of `choices` unless these are empty.
  private func texts(_ node: ConfigurationNode, key: String, among choices: [String]) throws -> [String] {
    guard let names = node.elements?.compactMap(\.text), names.count == node.elements?.count else {
      throw refusal(of: node, key: key)
    }
    if let wrong = names.first(where: { !choices.isEmpty && !choices.contains($0) }) {
      throw NuTuneError(
        .badData, at: node.location, key: key, found: "“\(wrong)”", expected: domain.description,
        suggestion: Suggestion.nearest(to: wrong, among: choices))
    }
    return names
  }

  /// Returns the whole number at `node`, in `range`; nil if there is none.
  private func integer(_ node: ConfigurationNode, in range: ClosedRange<Int>) -> Int? {
    guard node.text?.hasSuffix("%") == false, let number = number(node, in: -9e15...9e15), number == number.rounded(),
      range.contains(Int(number))
    else {
      return nil
    }
    return Int(number)
  }

  /// Returns the number at `node`, in `range`, with or without the declared unit; nil if there is none. A number in
  /// quotation marks is text.
  private func number(_ node: ConfigurationNode, in range: ClosedRange<Double>) -> Double? {
    guard case .scalar(let text, quoted: false) = node.content, let value = PhysicalUnit.number(text, in: unit),
      value.isFinite, range.contains(value)
    else { return nil }
    return value
  }
}
