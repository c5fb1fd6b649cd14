import NuTuneCore

extension ParameterDomain {
  /// JSON Schema of values of this domain, in a unit that a user may write behind a number, as any other of its dimension.
  func jsonSchema(unit: String) -> [String: JSONValue] {
    switch self {
    case .number(let range, let words):
      let number = Self.numberSchema(range)
      var choices: [JSONValue] = [.object(number)]
      choices.append(Self.textWithUnit(unit))
      if !words.isEmpty { choices.append(["enum": .list(words.map { .text($0) })]) }
      return choices.count == 1 ? number : ["anyOf": .list(choices)]
    case .integer(let range): return Self.integerSchema(range)
    case .boolean: return ["type": "boolean"]
    case .text: return ["type": "string", "minLength": .integer(1)]
    case .choice(let names): return ["enum": .list(names.map { .text($0) })]
    case .numbers(let range, let count):
      return Self.listSchema(Self.numberSchema(range), unit: unit, count: count)
    case .integers(let range, let count):
      return Self.listSchema(Self.integerSchema(range), unit: unit, count: count)
    case .numberOrList(let range, let count):
      let number = Self.numberSchema(range)
      return [
        "anyOf": [.object(number), Self.textWithUnit(unit), .object(Self.listSchema(number, unit: unit, count: count))]
      ]
    case .texts(let choices):
      let item: JSONValue = choices.isEmpty ? ["type": "string"] : ["enum": .list(choices.map { .text($0) })]
      return ["type": "array", "items": item]
    }
  }

  private static func listSchema(_ element: [String: JSONValue], unit: String, count: ClosedRange<Int>)
    -> [String: JSONValue]
  {
    let number = JSONValue.object(element)
    var schema: [String: JSONValue] = [
      "type": "array", "items": ["anyOf": [number, textWithUnit(unit)]],
      "minItems": .integer(count.lowerBound),
    ]
    if count.upperBound < .max { schema["maxItems"] = .integer(count.upperBound) }
    return schema
  }

  private static func integerSchema(_ range: ClosedRange<Int>) -> [String: JSONValue] {
    var schema: [String: JSONValue] = ["type": "integer"]
    if range.lowerBound > .min { schema["minimum"] = .integer(range.lowerBound) }
    if range.upperBound < .max { schema["maximum"] = .integer(range.upperBound) }
    return schema
  }

  private static func numberSchema(_ range: ClosedRange<Double>) -> [String: JSONValue] {
    var schema: [String: JSONValue] = ["type": "number"]
    if range.lowerBound == .leastNonzeroMagnitude {
      schema["exclusiveMinimum"] = .integer(0)
    } else if range.lowerBound > -.greatestFiniteMagnitude {
      schema["minimum"] = .number(range.lowerBound)
    }
    if range.upperBound < .greatestFiniteMagnitude { schema["maximum"] = .number(range.upperBound) }
    return schema
  }

  private static func textWithUnit(_ unit: String) -> JSONValue {
    let spellings = PhysicalUnit.spellings(for: unit).map { spelling in
      spelling.map { "^$.*+?()[]{}|\\/".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }
    return ["type": "string", "pattern": .text("^[-−+0-9._eE]+ *(\(spellings.joined(separator: "|")))$")]
  }
}

extension ParameterDeclaration {
  /// JSON Schema of one parameter.
  var jsonSchema: JSONValue {
    var schema = domain.jsonSchema(unit: unit)
    schema["description"] = .text(unit.isEmpty ? meaning : "\(meaning) [\(unit)]")
    schema["default"] = defaultValue.map { JSONValue($0) }
    return .object(schema)
  }
}

extension ParameterSchema {
  /// JSON Schema of a group of parameters: a mapping, or a list of mappings of those that may be lists.
  private func jsonSchemaOfGroup(isComplete: Bool) -> JSONValue {
    let mapping = jsonSchema(isComplete: isComplete)
    let ofElements = declarations.compactMap { declaration -> ParameterDeclaration? in
      guard case .numberOrList(let range, _) = declaration.domain else { return nil }
      var single = declaration
      (single.domain, single.defaultValue) = (.number(range), nil)
      return single
    }
    guard !ofElements.isEmpty else { return mapping }
    let elements = ParameterSchema(ofElements).jsonSchema(isComplete: isComplete)
    return ["anyOf": [mapping, ["type": "array", "items": elements, "minItems": .integer(1)]]]
  }

  /// JSON Schema of a mapping of these parameters; dotted names become nested mappings.
  ///
  /// - Parameters:
  ///   - fixed: schemas of further keys.
  ///   - requiring: those of the further keys that have to be there.
  ///   - isComplete: whether required parameters have to stand here (they may come from a preset).
  func jsonSchema(fixed: [String: JSONValue] = [:], requiring: [String] = [], isComplete: Bool = true) -> JSONValue {
    var properties = fixed
    var nested: [String: [ParameterDeclaration]] = [:]
    for declaration in declarations {
      if let dot = declaration.name.firstIndex(of: ".") {
        var inner = declaration
        inner.name = String(declaration.name[declaration.name.index(after: dot)...])
        nested[String(declaration.name[..<dot]), default: []].append(inner)
      } else {
        properties[declaration.name] = declaration.jsonSchema
      }
    }
    for (name, declarations) in nested {
      properties[name] = ParameterSchema(declarations).jsonSchemaOfGroup(isComplete: isComplete)
    }
    let missing = declarations.filter { isComplete && $0.isRequired && !$0.name.contains(".") }.map(\.name)
    var schema: [String: JSONValue] = [
      "type": "object", "properties": .object(properties), "additionalProperties": false,
    ]
    let required = requiring + missing
    if !required.isEmpty { schema["required"] = .list(required.map { .text($0) }) }
    return .object(schema)
  }
}
