/// Values of the parameters of a schema: the user's, and defaults for the rest.
///
/// Reading a name that the schema does not declare, or as another type than declared, is a programmer's mistake.
public struct ParameterValues: Sendable, Hashable {
  /// The declarations.
  public let schema: ParameterSchema
  private var given: [String: ParameterValue]
  private var locations: [String: SourceLocation]

  init(schema: ParameterSchema, values: [String: ParameterValue], locations: [String: SourceLocation]) {
    self.schema = schema
    self.given = values
    self.locations = locations
  }

  /// The value of a parameter, nil when it has no default and was not given.
  public subscript(name: String) -> ParameterValue? {
    if let value = given[name] { return value }
    guard let declaration = schema.declarations.first(where: { $0.name == name }) else {
      preconditionFailure("parameter “\(name)” is not declared")
    }
    return declaration.defaultValue
  }

  /// Whether the user gave the parameter.
  public func isGiven(_ name: String) -> Bool { given[name] != nil }

  /// Returns the place where the user gave the parameter.
  public func location(of name: String) -> SourceLocation? { locations[name] }

  /// A real number in the declared unit.
  public func number(_ name: String) -> Double {
    switch self[name] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: preconditionFailure("parameter “\(name)” has no number")
    }
  }

  /// A real number; nil when unset or when one of the allowed words was given.
  public func optionalNumber(_ name: String) -> Double? {
    switch self[name] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// A whole number.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = self[name] else { preconditionFailure("parameter “\(name)” has no whole number") }
    return value
  }

  /// A whole number, nil when unset.
  public func optionalInteger(_ name: String) -> Int? {
    if case .integer(let value) = self[name] { return value }
    return nil
  }

  /// A truth value.
  public func boolean(_ name: String) -> Bool {
    guard case .boolean(let value) = self[name] else { preconditionFailure("parameter “\(name)” is not a truth value") }
    return value
  }

  /// A text.
  public func text(_ name: String) -> String {
    guard case .text(let value) = self[name] else { preconditionFailure("parameter “\(name)” has no text") }
    return value
  }

  /// A text, nil when unset.
  public func optionalText(_ name: String) -> String? {
    if case .text(let value) = self[name] { return value }
    return nil
  }

  /// A list of real numbers; of one where a single number may stand for it and was given.
  public func numbers(_ name: String) -> [Double] {
    if case .numbers(let values) = self[name] { return values }
    guard let value = optionalNumber(name) else { preconditionFailure("parameter “\(name)” has no numbers") }
    return [value]
  }

  /// A list of whole numbers, of a parameter whose domain is ``ParameterDomain/integers(_:count:)``.
  public func integers(_ name: String) -> [Int] { numbers(name).map { Int($0) } }

  /// A list of names.
  public func texts(_ name: String) -> [String] {
    guard case .texts(let values) = self[name] else { preconditionFailure("parameter “\(name)” has no names") }
    return values
  }

  /// Every parameter that has a value, by name.
  public var effective: [String: ParameterValue] {
    var all: [String: ParameterValue] = [:]
    for declaration in schema.declarations { all[declaration.name] = self[declaration.name] }
    return all
  }

  /// Returns the same values with some replaced (for programs; the values are not checked again).
  public func setting(_ changes: [String: ParameterValue]) -> ParameterValues {
    var copy = self
    copy.given.merge(changes) { $1 }
    return copy
  }
}
