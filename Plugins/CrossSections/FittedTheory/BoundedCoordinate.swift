import Foundation

/// An unbounded coordinate v of a parameter with a range, by MINUIT's sine, θ = (a+b)/2 + (b−a)/2 · sin(φ + c v).
///
/// Far from the ends of the range v is the parameter in units of its prior error.
struct BoundedCoordinate: Sendable {
  private let middle: Double
  private let half: Double
  private let phase: Double
  private let rate: Double

  /// Creates the coordinate that is zero at a start; a start at an end of the range, where the sine is stationary, is
  /// moved inside.
  init(_ parameter: FreeParameter, start: Double) {
    let range = parameter.range
    middle = 0.5 * (range.lowerBound + range.upperBound)
    half = 0.5 * (range.upperBound - range.lowerBound)
    let inside = 0.1 * min(parameter.priorError, half)
    let moved = min(max(start, range.lowerBound + inside), range.upperBound - inside)
    let sine = (moved - middle) / half
    phase = asin(sine)
    rate = min(1, parameter.priorError / (half * (1 - sine * sine).squareRoot()))
  }

  /// Computes θ at v.
  func value(_ v: Double) -> Double { middle + half * sin(phase + rate * v) }

  /// Computes dθ/dv.
  func slope(_ v: Double) -> Double { half * rate * cos(phase + rate * v) }
}
