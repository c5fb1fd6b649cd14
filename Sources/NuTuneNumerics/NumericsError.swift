import CGSL

/// A failure of a numerical routine: the operation, GSL's status, and the values that led to it.
///
/// Example text: `spline: input domain error (GSL 1): 7.2 is outside 0.0...5.0`.
public struct NumericsError: Error, Equatable, CustomStringConvertible {
  /// A GSL status code with its meaning.
  public struct Status: RawRepresentable, Equatable, Hashable, Sendable {
    /// GSL's code, as in `gsl_errno.h`.
    public let rawValue: Int32

    /// Wraps a GSL code.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// No error.
    public static let success = Status(rawValue: Int32(GSL_SUCCESS))
    /// An argument outside the domain of the function; a matrix that is not positive definite.
    public static let domain = Status(rawValue: Int32(GSL_EDOM))
    /// An argument that makes no sense.
    public static let invalidArgument = Status(rawValue: Int32(GSL_EINVAL))
    /// A function given by the caller returned NaN or infinity.
    public static let badFunction = Status(rawValue: Int32(GSL_EBADFUNC))
    /// Too many iterations.
    public static let tooManyIterations = Status(rawValue: Int32(GSL_EMAXITER))
    /// The requested tolerance was not reached.
    public static let toleranceNotReached = Status(rawValue: Int32(GSL_ETOL))
    /// Lengths or shapes that do not fit together.
    public static let badLength = Status(rawValue: Int32(GSL_EBADLEN))
    /// A singular matrix.
    public static let singular = Status(rawValue: Int32(GSL_ESING))
    /// An iteration that makes no progress.
    public static let noProgress = Status(rawValue: Int32(GSL_ENOPROG))
    /// Memory could not be allocated.
    public static let outOfMemory = Status(rawValue: Int32(GSL_ENOMEM))

    /// GSL's wording, e.g. `input domain error`.
    public var message: String { String(cString: gsl_strerror(rawValue)) }
  }

  /// The operation that failed, e.g. `Quadrature.adaptive`.
  public let operation: String
  /// The GSL status.
  public let status: Status
  /// What was found and what was expected, with values.
  public let details: String

  /// Creates an error of `operation` with GSL's `status` and the values that led to it.
  public init(_ operation: String, _ status: Status, _ details: String = "") {
    self.operation = operation
    self.status = status
    self.details = details
  }

  /// GSL's wording of the status.
  public var message: String { status.message }

  /// One line: operation, GSL's wording and code, details.
  public var description: String {
    let head = "\(operation): \(message) (GSL \(status.rawValue))"
    return details.isEmpty ? head : "\(head): \(details)"
  }
}
