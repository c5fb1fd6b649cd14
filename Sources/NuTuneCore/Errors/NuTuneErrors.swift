import NuTuneNumerics

/// Several errors found together, so that a user sees all of them and not one after the other.
public struct NuTuneErrors: Error, Sendable, Equatable {
  /// The errors, in the order in which they were found; the first ``most`` of them.
  public private(set) var errors: [NuTuneError] = []
  /// Number of errors beyond ``most``, which are not kept.
  public private(set) var further = 0

  /// Largest number of errors that are kept; a file of another format can have a hundred thousand.
  public static let most = 40

  /// Starts without errors.
  public init() {}

  /// Runs `body` and collects its error; returns nil when it threw.
  @discardableResult
  public mutating func attempt<Result>(_ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      add(error)
      return nil
    }
  }

  /// Adds an error: each of several; one of the numerical library as a runtime failure; a system error in this
  /// program's words; any other as an internal error. A repeated error is kept once.
  public mutating func add(_ error: any Error) {
    if let several = error as? NuTuneErrors { further += several.further }
    let new: [NuTuneError] =
      switch error {
      case let several as NuTuneErrors: several.errors
      case let one as NuTuneError: [one]
      case let numerics as NumericsError:
        [NuTuneError(.runtime, found: numerics.description, expected: "a computation that succeeds")]
      case let other where NuTuneError(system: other) != nil: NuTuneError(system: other).map { [$0] } ?? []
      default: [NuTuneError(.internalError, found: "\(error)", expected: "an error that names its place")]
      }
    for one in new where !errors.contains(one) {
      if errors.count < Self.most { errors.append(one) } else { further += 1 }
    }
  }

  /// Throws the one error, or all of them together; does nothing without errors.
  public func throwIfAny() throws {
    if errors.count == 1 { throw errors[0] }
    if !errors.isEmpty { throw self }
  }

  /// The kind of failure of the first error, which decides the exit code.
  public var category: NuTuneError.Category { errors.first?.category ?? .internalError }
}

extension NuTuneErrors: CustomStringConvertible {
  /// One error a line, and a line about the errors beyond ``most``.
  public var description: String { (errors.map(\.description) + (remark.map { [$0] } ?? [])).joined(separator: "\n") }

  /// The line about the errors beyond ``most``; nil when there are none.
  public var remark: String? { further > 0 ? "\(further) more mistakes, not shown" : nil }
}
