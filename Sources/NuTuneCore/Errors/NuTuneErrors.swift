import NuTuneNumerics

/// Several things that are wrong at once, so that a user sees all of them and not one after the other.
public struct NuTuneErrors: Error, Sendable, Equatable {
  /// The errors, in the order in which they were found; the first ``most`` of them.
  public private(set) var errors: [NuTuneError] = []
  /// How many more there were.
  public private(set) var further = 0

  /// As many as anybody reads; a file of another kind can have a hundred thousand.
  public static let most = 40

  /// Nothing wrong yet.
  public init() {}

  /// Does something, and keeps what goes wrong; nil when it went wrong.
  @discardableResult
  public mutating func attempt<Result>(_ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      add(error)
      return nil
    }
  }

  /// Keeps an error: one, several, one of the numerical library as a runtime
  /// failure, one of the system in our words, any other as an internal error. A repeated one is kept once.
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

  /// Throws the one error, or all of them together; does nothing when nothing went wrong.
  public func throwIfAny() throws {
    if errors.count == 1 { throw errors[0] }
    if !errors.isEmpty { throw self }
  }

  /// The kind of failure that decides the exit code: that of the first error.
  public var category: NuTuneError.Category { errors.first?.category ?? .internalError }
}

extension NuTuneErrors: CustomStringConvertible {
  /// One error a line, and a line about those that are left out.
  public var description: String { (errors.map(\.description) + (remark.map { [$0] } ?? [])).joined(separator: "\n") }

  /// What is said of errors that are left out; nil when there are none.
  public var remark: String? { further > 0 ? "\(further) more mistakes, not shown" : nil }
}
