import NuTuneCore

/// The result of the conformance suite for one plugin.
public struct ConformanceReport: Sendable {
  /// The outcome of one check.
  public enum Outcome: Sendable, Hashable {
    /// The promise is kept.
    case passed
    /// No promise is broken, but an author should look: one sentence.
    case warned(String)
    /// The promise is broken: one sentence with what was found and what was expected.
    case failed(String)
    /// The check is not applicable or not possible, with the reason.
    case skipped(String)
  }

  /// One promise and whether it is kept.
  public struct Check: Sendable, Hashable {
    /// The promise, in a few words.
    public var name: String
    /// The outcome of the check.
    public var outcome: Outcome

    /// Creates a check with its outcome.
    public init(name: String, outcome: Outcome) {
      self.name = name
      self.outcome = outcome
    }
  }

  /// Kind of the plugin.
  public var kind: PluginKind
  /// Name of the plugin.
  public var name: String
  /// The checks, in the order in which they were made.
  public var checks: [Check]

  /// Creates a report of some checks.
  public init(kind: PluginKind, name: String, checks: [Check]) {
    self.kind = kind
    self.name = name
    self.checks = checks
  }

  /// The sentences of broken promises, each with its check.
  public var failures: [String] {
    checks.compactMap { check in
      guard case .failed(let sentence) = check.outcome else { return nil }
      return "\(check.name): \(sentence)"
    }
  }

  /// Whether every promise that could be checked is kept.
  public var conforms: Bool { failures.isEmpty }
}

extension ConformanceReport: CustomStringConvertible {
  /// One line for each check.
  public var description: String {
    checks.map { check in
      switch check.outcome {
      case .passed: "passed   \(check.name)"
      case .warned(let sentence): "warning  \(check.name): \(sentence)"
      case .failed(let sentence): "FAILED   \(check.name): \(sentence)"
      case .skipped(let reason): "skipped  \(check.name): \(reason)"
      }
    }.joined(separator: "\n")
  }
}
