import NuTuneCore

/// The list of checks of one plugin. A body that throws has failed, unless it throws a ``Warning`` or ``Skip``.
struct Checklist {
  /// The check passed, but an author should look at the result.
  struct Warning: Error {
    let sentence: String
  }

  /// The check does not apply.
  struct Skip: Error {
    let reason: String
  }

  private(set) var checks: [ConformanceReport.Check] = []
  private let observer: ConformanceObserver

  init(observer: @escaping ConformanceObserver) {
    self.observer = observer
  }

  /// Runs a check; returns the result of its body, or nil when it did not pass.
  @discardableResult
  mutating func check<Value>(_ name: String, _ body: () throws -> Value) -> Value? {
    observer(.began(name))
    var value: Value?
    let outcome: ConformanceReport.Outcome
    do {
      value = try body()
      outcome = .passed
    } catch let warning as Warning {
      outcome = .warned(warning.sentence)
    } catch let skip as Skip {
      outcome = .skipped(skip.reason)
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      outcome = .failed(problems.errors.map(\.description).joined(separator: "; and "))
    }
    let check = ConformanceReport.Check(name: name, outcome: outcome)
    checks.append(check)
    observer(.ended(check))
    return value
  }

  /// Records why a check is skipped.
  mutating func skip(_ name: String, because reason: String) {
    check(name) { throw Skip(reason: reason) }
  }
}

/// A function that is called with the events of the suite.
public typealias ConformanceObserver = @Sendable (ConformanceEvent) -> Void

/// Creates the error of a broken promise.
func broken(_ key: String? = nil, found: String, expected: String) -> NuTuneError {
  NuTuneError(.badData, key: key, found: found, expected: expected)
}
