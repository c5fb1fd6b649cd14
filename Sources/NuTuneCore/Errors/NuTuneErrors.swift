import NuTuneNumerics

/// Several things that are wrong at once, so that a user sees all of them and not one after the other.
public struct NuTuneErrors: Error, Sendable, Equatable {
  /// The errors, in the order in which they were found.
  public private(set) var errors: [NuTuneError] = []

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
    let new: [NuTuneError] =
      switch error {
      case let several as NuTuneErrors: several.errors
      case let one as NuTuneError: [one]
      case let numerics as NumericsError:
        [NuTuneError(.runtime, found: numerics.description, expected: "a computation that succeeds")]
      case let other where NuTuneError(system: other) != nil: NuTuneError(system: other).map { [$0] } ?? []
      default: [NuTuneError(.internalError, found: "\(error)", expected: "an error that names its place")]
      }
    for one in new where !errors.contains(one) { errors.append(one) }
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
  /// One error a line.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
