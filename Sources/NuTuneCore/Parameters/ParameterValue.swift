/// The value of a declared parameter.
public enum ParameterValue: Sendable, Hashable {
  /// A real number in the declared unit.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// True or false.
  case boolean(Bool)
  /// A name or path.
  case text(String)
  /// A list of real numbers in the declared unit.
  case numbers([Double])
  /// A list of names.
  case texts([String])
}

extension ParameterValue: CustomStringConvertible {
  /// The value as text of a study file.
  public var description: String {
    switch self {
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .text(let value): value
    case .numbers(let values): "[" + values.map { ParameterValue.number($0).description }.joined(separator: ", ") + "]"
    case .texts(let values): "[" + values.joined(separator: ", ") + "]"
    }
  }
}

extension ParameterValue: Codable {
  /// Reads the plain JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Double].self) {
      self = .numbers(value)
    } else {
      self = .texts(try container.decode([String].self))
    }
  }

  /// Writes the plain JSON value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .numbers(let values): try container.encode(values)
    case .texts(let values): try container.encode(values)
    }
  }
}
