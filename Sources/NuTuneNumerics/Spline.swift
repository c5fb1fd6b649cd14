import CGSL

/// Interpolation through points (xᵢ, yᵢ) by piecewise cubic (or linear) polynomials.
public struct Spline: Sendable {
  /// The kind of polynomial between the points.
  public enum Kind: String, Sendable, CaseIterable {
    /// Straight lines.
    case linear
    /// Natural cubic: continuous second derivative, zero at both ends; may overshoot.
    case cubic
    /// Akima (J. ACM 17 (1970) 589): local, less overshoot near outliers.
    case akima
    /// Steffen (A&A 239 (1990) 443): monotone between points, never overshoots.
    case steffen
  }

  /// The kind of polynomial between the points.
  public let kind: Kind
  /// Interval in which the spline is defined, in the unit of x.
  public let range: ClosedRange<Double>
  private let storage: Storage

  /// Builds the spline through the points; x strictly increasing. O(points).
  /// - Parameters:
  ///   - kind: the kind of polynomial between the points.
  ///   - x: shape [points]; at least 2 points for linear, 3 for cubic and Steffen, 5 for Akima.
  ///   - y: shape [points].
  public init(_ kind: Kind, x: [Double], y: [Double]) throws {
    let operation = "Spline(\(kind.rawValue))"
    NumericsLibrary.prepare()
    let type =
      switch kind {
      case .linear: cgsl_interp_linear()
      case .cubic: cgsl_interp_cspline()
      case .akima: cgsl_interp_akima()
      case .steffen: cgsl_interp_steffen()
      }
    let minimum = Int(gsl_interp_type_min_size(type))
    guard x.count == y.count else {
      throw NumericsError(operation, .badLength, "\(x.count) values of x, \(y.count) of y")
    }
    guard x.count >= minimum else {
      throw NumericsError(operation, .badLength, "\(x.count) points; expected at least \(minimum)")
    }
    for i in x.indices {
      guard x[i].isFinite, y[i].isFinite else {
        throw NumericsError(operation, .invalidArgument, "point \(i) is (\(x[i]), \(y[i])); expected finite values")
      }
      guard i == 0 || x[i] > x[i - 1] else {
        throw NumericsError(
          operation, .invalidArgument, "x[\(i)] = \(x[i]) after \(x[i - 1]); expected strictly increasing x")
      }
    }
    let spline = try NumericsLibrary.allocated(gsl_spline_alloc(type, x.count), operation)
    let storage = Storage(spline)
    try NumericsLibrary.check(gsl_spline_init(spline, x, y, x.count), operation)
    self.kind = kind
    self.storage = storage
    range = x[0]...x[x.count - 1]
  }

  /// The spline at `x`; throws with status `domain` outside ``range``. O(log points).
  public func value(at x: Double) throws -> Double { try evaluate(x, gsl_spline_eval_e) }

  /// The first derivative at `x`.
  public func derivative(at x: Double) throws -> Double { try evaluate(x, gsl_spline_eval_deriv_e) }

  /// The second derivative at `x`.
  public func secondDerivative(at x: Double) throws -> Double { try evaluate(x, gsl_spline_eval_deriv2_e) }

  /// The integral over `interval`, exact for the spline. O(points in the interval).
  public func integral(over interval: ClosedRange<Double>) throws -> Double {
    guard range.contains(interval.lowerBound), range.contains(interval.upperBound) else {
      throw outside("\(interval)")
    }
    guard interval.lowerBound < interval.upperBound else { return 0 }
    var result = 0.0
    try NumericsLibrary.check(
      gsl_spline_eval_integ_e(storage.spline, interval.lowerBound, interval.upperBound, nil, &result),
      "Spline(\(kind.rawValue))", "integral over \(interval)")
    return result
  }

  private func evaluate(
    _ x: Double,
    _ function: (
      UnsafePointer<gsl_spline>?, Double, UnsafeMutablePointer<gsl_interp_accel>?, UnsafeMutablePointer<Double>?
    )
      -> Int32
  ) throws -> Double {
    guard range.contains(x) else { throw outside("\(x)") }
    var result = 0.0
    try NumericsLibrary.check(function(storage.spline, x, nil, &result), "Spline(\(kind.rawValue))", "at \(x)")
    return result
  }

  private func outside(_ place: String) -> NumericsError {
    NumericsError("Spline(\(kind.rawValue))", .domain, "\(place) is outside \(range)")
  }

  /// Owns the GSL object. It is never changed after `init` and evaluated without GSL's (mutable) accelerator, so it
  /// may be shared between threads.
  private final class Storage: @unchecked Sendable {
    let spline: UnsafeMutablePointer<gsl_spline>
    init(_ spline: UnsafeMutablePointer<gsl_spline>) { self.spline = spline }
    deinit { gsl_spline_free(spline) }
  }
}
