import Foundation
import NuTuneCore

/// A JSON document under construction.
package enum JSONValue: Sendable, Hashable, Encodable {
  /// A number.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// True or false.
  case boolean(Bool)
  /// Text.
  case text(String)
  /// A list.
  case list([JSONValue])
  /// Keys with values.
  case object([String: JSONValue])

  /// The JSON of a parameter value.
  package init(_ value: ParameterValue) {
    switch value {
    case .number(let value): self = .number(value)
    case .integer(let value): self = .integer(value)
    case .boolean(let value): self = .boolean(value)
    case .text(let value): self = .text(value)
    case .numbers(let values): self = .list(values.map { .number($0) })
    case .texts(let values): self = .list(values.map { .text($0) })
    }
  }

  /// Writes the plain JSON value.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }

  /// The document, indented, keys sorted, with a newline at the end: the same text for the same content.
  package func rendered() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// Text.
  package init(stringLiteral value: String) { self = .text(value) }
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A list.
  package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  /// Keys with values.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
