import Foundation

/// Unbounded, scaled coordinates v for bounded parameters x, with v = 0 at the start and |dx/dv| = scale there.
///
/// Bounds are kept by MINUIT's sine, x = (a+b)/2 + (b−a)/2 · sin(φ₀ + c v) (F. James, M. Roos, Comput. Phys. Commun. 10
/// (1975) 343): smooth inside, and a minimum at a bound is an ordinary minimum in v. Errors never come from these
/// coordinates; the Hessian is computed in x.
struct BoundedCoordinates {
  private let parameters: [FitParameter]
  private let start: [Double]
  private let phase: [Double]
  private let rate: [Double]

  init(_ parameters: [FitParameter], start: [Double]) {
    self.parameters = parameters
    self.start = start
    // A start on a bound would be stationary in v, whatever the function.
    let sines = zip(parameters, start).map { parameter, x -> Double in
      guard parameter.isBounded else { return 0 }
      let bounds = parameter.bounds
      let middle = 0.5 * (bounds.lowerBound + bounds.upperBound)
      return min(0.999, max(-0.999, (x - middle) / (bounds.upperBound - middle)))
    }
    phase = sines.map { asin($0) }
    rate = zip(parameters, sines).map { parameter, sine in
      guard parameter.isBounded else { return parameter.scale }
      let half = 0.5 * (parameter.bounds.upperBound - parameter.bounds.lowerBound)
      return min(1, parameter.scale / (half * (1 - sine * sine).squareRoot()))
    }
  }

  /// Computes x for v, shape [parameters].
  func position(_ v: [Double]) -> [Double] {
    parameters.indices.map { i in
      guard parameters[i].isBounded else { return start[i] + rate[i] * v[i] }
      let bounds = parameters[i].bounds
      let middle = 0.5 * (bounds.lowerBound + bounds.upperBound)
      let x = middle + (bounds.upperBound - middle) * sin(phase[i] + rate[i] * v[i])
      return min(bounds.upperBound, max(bounds.lowerBound, x))
    }
  }

  /// Computes dx/dv, shape [parameters].
  func slopes(_ v: [Double]) -> [Double] {
    parameters.indices.map { i in
      guard parameters[i].isBounded else { return rate[i] }
      let bounds = parameters[i].bounds
      return 0.5 * (bounds.upperBound - bounds.lowerBound) * rate[i] * cos(phase[i] + rate[i] * v[i])
    }
  }
}
