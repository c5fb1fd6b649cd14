/// The values that a parameter may take.
public enum ParameterDomain: Sendable, Hashable {
  /// A real number in a closed range, or one of some words instead (`infinite`).
  case number(ClosedRange<Double>, orWord: [String] = [])
  /// A whole number in a closed range.
  case integer(ClosedRange<Int>)
  /// `true` or `false`.
  case boolean
  /// Any text.
  case text
  /// One of some names.
  case choice([String])
  /// A list of real numbers, each in a range; `count` of them when it is given.
  case numbers(ClosedRange<Double>, count: ClosedRange<Int>)
  /// A list of whole numbers, each in a range; `count` of them. The value is ``ParameterValue/numbers(_:)``, read as
  /// ``ParameterValues/integers(_:)``.
  case integers(ClosedRange<Int>, count: ClosedRange<Int>)
  /// A real number in a range, or a list of `count` of them, one for each of several things of a kind (the kernels of a sum).
  ///
  /// Of a group of parameters (`kernel.amplitude`, `kernel.correlation`) a study may then give a list of mappings, too, each
  /// with the same keys; it is read as one mapping with a list for each key.
  case numberOrList(ClosedRange<Double>, count: ClosedRange<Int>)
  /// A list of names, each one of `choices` (any when empty).
  case texts(choices: [String])

  /// All real numbers.
  public static var anyNumber: ParameterDomain { .number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude) }
  /// Zero or more.
  public static var nonNegative: ParameterDomain { .number(0 ... .greatestFiniteMagnitude) }
  /// More than zero.
  public static var positive: ParameterDomain { .number(.leastNonzeroMagnitude ... .greatestFiniteMagnitude) }

  /// Description in words, for help and errors.
  public var description: String {
    switch self {
    case .number(let range, let words):
      (["a number\(Self.words(for: range))"] + words.map { "“\($0)”" }).joined(separator: " or ")
    case .integer(let range): "a whole number\(Self.words(for: range))"
    case .boolean: "true or false"
    case .text: "text"
    case .choice(let names): "one of " + names.joined(separator: ", ")
    case .numbers(let range, let count):
      "a list of \(Self.words(forCount: count))numbers\(Self.words(for: range))"
    case .integers(let range, let count):
      "a list of \(Self.words(forCount: count))whole numbers\(Self.words(for: range))"
    case .numberOrList(let range, let count):
      "a number\(Self.words(for: range)), or a list of at most \(count.upperBound)"
    case .texts(let choices):
      "a list of names" + (choices.isEmpty ? "" : " out of " + choices.joined(separator: ", "))
    }
  }

  private static func words(forCount count: ClosedRange<Int>) -> String {
    count.lowerBound == count.upperBound
      ? "\(count.lowerBound) " : count.lowerBound > 0 ? "at least \(count.lowerBound) " : ""
  }

  private static func words(for range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? (range.lowerBound == .min ? "" : " ≥ \(range.lowerBound)")
      : " from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func words(for range: ClosedRange<Double>) -> String {
    let largest = Double.greatestFiniteMagnitude
    func text(_ value: Double) -> String { ParameterValue.number(value).description }
    switch (range.lowerBound, range.upperBound) {
    case (-largest, largest): return ""
    case (.leastNonzeroMagnitude, largest): return " > 0"
    case (.leastNonzeroMagnitude, let upper): return " > 0 and ≤ \(text(upper))"
    case (let lower, largest): return " ≥ \(text(lower))"
    case (-largest, let upper): return " ≤ \(text(upper))"
    case (let lower, let upper): return " from \(text(lower)) to \(text(upper))"
    }
  }
}
