/// An error that a user can act on: what happened, where, what was found and what was expected, in one sentence.
///
/// The category decides the exit code; rendering is ``description``.
public struct NuTuneError: Error, Sendable, Equatable {
  /// The kind of failure; raw values are the exit codes of the command line (BSD `sysexits`).
  public enum Category: Int32, Sendable {
    /// A computation failed while running.
    case runtime = 1
    /// The command line is wrong: unknown options, missing arguments.
    case usage = 64
    /// The content of a file is wrong.
    case badData = 65
    /// A required file is missing.
    case missingInput = 66
    /// A bug in this program.
    case internalError = 70
    /// Results cannot be written.
    case cannotWrite = 73
  }

  /// The kind of failure.
  public var category: Category
  /// File, line and column of the mistake, when it stems from a file.
  public var location: SourceLocation?
  /// The key or quantity concerned, for example `near.events`.
  public var key: String?
  /// What was found.
  public var found: String
  /// What was expected instead.
  public var expected: String
  /// The nearest valid name, when there is one.
  public var suggestion: String?

  /// Creates an error from its parts.
  public init(
    _ category: Category, at location: SourceLocation? = nil, key: String? = nil, found: String, expected: String,
    suggestion: String? = nil
  ) {
    self.category = category
    self.location = location
    self.key = key
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }

  /// Returns the same error with a location, unless it has one.
  public func located(at location: SourceLocation?, key: String? = nil) -> NuTuneError {
    var copy = self
    copy.location = copy.location ?? location
    copy.key = copy.key ?? key
    return copy
  }
}

extension NuTuneError: CustomStringConvertible {
  /// `file:line:column: key: found …; expected …; did you mean …?`, always on one line.
  public var description: String {
    let place = [location?.description, key].compactMap { $0.map { PrintableText.line($0, limit: 400) } }
      .joined(separator: ": ")
    let hint = suggestion.map { "; did you mean “\(PrintableText.line($0, limit: 200))”?" } ?? ""
    return "\(place.isEmpty ? "" : place + ": ")found \(PrintableText.line(found, limit: 600)); "
      + "expected \(PrintableText.line(expected))\(hint)"
  }
}
