import NuTuneCore

/// A parameter of a theory that is fitted, with its Gaussian prior: `quasi_elastic.axial_mass = 1.03 ± 0.2`, or
/// `dis.scale ± 0.1` around the value that the theory has.
struct FreeParameter: Sendable, Hashable {
  /// Name as declared by the theory.
  let name: String
  /// Unit of all its numbers, empty for none.
  let unit: String
  /// Mean of the prior.
  let priorMean: Double
  /// Standard deviation of the prior.
  let priorError: Double
  /// The declared range, as far as it lies within ``widest`` prior errors of the mean.
  let range: ClosedRange<Double>

  /// Prior errors beyond which no fit goes.
  private static let widest = 100.0

  /// Reads a parameter with its prior.
  ///
  /// - Parameters:
  ///   - text: the user's text.
  ///   - values: parameters of the theory.
  ///   - theory: name of the theory, for errors.
  init(_ text: String, of values: ParameterValues, theory: String) throws {
    let parts = try Parts(text)
    let declaration = try Self.declaration(of: parts.name, in: values.schema, theory: theory)
    guard case .number(let declared, _) = declaration.domain else {
      throw Self.refusal(
        "“\(parts.name)”, which is \(declaration.domain.description)", "a parameter of \(theory) that is a number")
    }
    let mean: Double
    if let written = parts.value {
      guard let value = PhysicalUnit.number(written, in: declaration.unit), declared.contains(value) else {
        throw Self.refusal(
          "“\(text)”",
          "\(declaration.domain.description)\(declaration.unit.isEmpty ? "" : " in \(declaration.unit)") as value")
      }
      mean = value
    } else {
      guard case .number(let value)? = values[parts.name] else {
        throw Self.refusal(
          "“\(text)”, a parameter to which \(theory) gives no number", "“\(parts.name) = value ± error”")
      }
      mean = value
    }
    guard let error = Self.error(parts.error, around: mean, unit: declaration.unit), error > 0, error.isFinite,
      declared.upperBound > declared.lowerBound
    else {
      throw Self.refusal(
        "“\(text)”",
        "a positive error\(declaration.unit.isEmpty ? "" : " in \(declaration.unit)"), or one in % of the value")
    }
    name = parts.name
    unit = declaration.unit
    priorMean = mean
    priorError = error
    range =
      max(declared.lowerBound, mean - Self.widest * error)...min(declared.upperBound, mean + Self.widest * error)
  }

  /// Reads all of a list, each parameter once.
  static func all(_ texts: [String], of values: ParameterValues, theory: String) throws -> [FreeParameter] {
    var (problems, parameters) = (NuTuneErrors(), [FreeParameter]())
    for text in texts {
      problems.attempt {
        let parameter = try FreeParameter(text, of: values, theory: theory)
        guard !parameters.contains(where: { $0.name == parameter.name }) else {
          throw refusal("“\(parameter.name)” twice", "every parameter once")
        }
        parameters.append(parameter)
      }
    }
    try problems.throwIfAny()
    guard !parameters.isEmpty else {
      throw refusal("no parameter", "at least one, such as “dis.scale ± 0.1”")
    }
    return parameters
  }

  /// Returns a value inside the range.
  func held(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }

  private static func declaration(of name: String, in schema: ParameterSchema, theory: String) throws
    -> ParameterDeclaration
  {
    if let declaration = schema.declaration(named: name) { return declaration }
    let numbers = schema.declarations.filter { if case .number = $0.domain { true } else { false } }.map(\.name)
    throw refusal(
      "the unknown parameter “\(name)” of \(theory)",
      numbers.isEmpty ? "a theory with parameters" : "one of \(numbers.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: name, among: numbers))
  }

  /// Reads an error in the unit of the parameter, or in % of the value.
  private static func error(_ text: String, around mean: Double, unit: String) -> Double? {
    if text.hasSuffix("%") { return PhysicalUnit.number(text, in: "").map { $0 * abs(mean) } }
    return PhysicalUnit.number(text, in: unit)
  }

  private static func refusal(_ found: String, _ expected: String, suggestion: String? = nil) -> NuTuneError {
    NuTuneError(.badData, key: "free", found: found, expected: expected, suggestion: suggestion)
  }

  /// What is written of a parameter: name, value if there is one, error.
  private struct Parts {
    let name: String
    let value: String?
    let error: String

    init(_ text: String) throws {
      let sides = text.replacing("+/-", with: "±").replacing("+-", with: "±").split(
        separator: "±", omittingEmptySubsequences: false)
      let left = (sides.first ?? "").split(separator: "=", omittingEmptySubsequences: false).map(Self.trimmed)
      let name = left.first ?? ""
      let error = sides.count == 2 ? Self.trimmed(sides[1]) : ""
      guard sides.count == 2, left.count <= 2, !error.isEmpty, left.allSatisfy({ !$0.isEmpty }) else {
        throw FreeParameter.refusal(
          "“\(text)”",
          "a parameter with an error and, unless it is that of the theory, a value: “quasi_elastic.axial_mass = 1.03 ± "
            + "0.2” or “dis.scale ± 0.1”")
      }
      self.name = name
      value = left.count == 2 ? left[1] : nil
      self.error = error
    }

    private static func trimmed(_ text: Substring) -> String {
      String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
