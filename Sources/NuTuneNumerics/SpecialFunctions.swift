import CGSL
import Foundation

/// Special functions and quantiles, from GSL.
public enum SpecialFunctions {
  /// Γ(x); throws at the poles x = 0, −1, −2, … and on overflow (x > 171).
  public static func gamma(_ x: Double) throws -> Double {
    try evaluate("SpecialFunctions.gamma", "x = \(x)") { gsl_sf_gamma_e(x, &$0) }
  }

  /// ln |Γ(x)|.
  public static func logGamma(_ x: Double) throws -> Double {
    try evaluate("SpecialFunctions.logGamma", "x = \(x)") { gsl_sf_lngamma_e(x, &$0) }
  }

  /// B(a, b) = Γ(a)Γ(b)/Γ(a+b) for a, b > 0.
  public static func beta(_ a: Double, _ b: Double) throws -> Double {
    guard a > 0, b > 0 else {
      throw NumericsError("SpecialFunctions.beta", .domain, "a = \(a), b = \(b); expected both positive")
    }
    return try evaluate("SpecialFunctions.beta", "a = \(a), b = \(b)") { gsl_sf_beta_e(a, b, &$0) }
  }

  /// ln(1+x) − x for x > −1, with all its digits near zero, where it is −x²/2 and the difference of two numbers of
  /// size x would keep none.
  public static func logOnePlusMinus(_ x: Double) throws -> Double {
    try evaluate("SpecialFunctions.logOnePlusMinus", "x = \(x)") { gsl_sf_log_1plusx_mx_e(x, &$0) }
  }

  /// erf(x) = 2/√π ∫₀ˣ exp(−t²) dt.
  public static func erf(_ x: Double) -> Double { Foundation.erf(x) }

  /// The probability below `z` in a standard normal distribution.
  public static func normalProbability(below z: Double) -> Double { gsl_cdf_ugaussian_P(z) }

  /// z with `probability` below it in a standard normal distribution; probability in (0, 1).
  public static func normalQuantile(_ probability: Double) throws -> Double {
    NumericsLibrary.prepare()
    guard probability > 0, probability < 1 else {
      throw NumericsError("SpecialFunctions.normalQuantile", .domain, "probability \(probability); expected in (0, 1)")
    }
    return try finite(gsl_cdf_ugaussian_Pinv(probability), "SpecialFunctions.normalQuantile", "p = \(probability)")
  }

  /// The probability above `chiSquare` for the given degrees of freedom (the "p-value").
  public static func chiSquareProbability(above chiSquare: Double, degreesOfFreedom: Double) throws -> Double {
    guard chiSquare >= 0, degreesOfFreedom > 0 else {
      throw NumericsError(
        "SpecialFunctions.chiSquareProbability", .domain, "χ² \(chiSquare) with \(degreesOfFreedom) degrees of freedom")
    }
    NumericsLibrary.prepare()
    return try finite(
      gsl_cdf_chisq_Q(chiSquare, degreesOfFreedom), "SpecialFunctions.chiSquareProbability",
      "χ² \(chiSquare), \(degreesOfFreedom) degrees of freedom")
  }

  /// χ² with `probability` below it. With two degrees of freedom it is −2 ln(1−p): 2.30 for 68.27 %, 6.18 for
  /// 95.45 %, and that closed form is used.
  public static func chiSquareQuantile(_ probability: Double, degreesOfFreedom: Double) throws -> Double {
    let operation = "SpecialFunctions.chiSquareQuantile"
    NumericsLibrary.prepare()
    guard probability >= 0, probability < 1, degreesOfFreedom > 0 else {
      throw NumericsError(
        operation, .domain,
        "probability \(probability), \(degreesOfFreedom) degrees of freedom; expected in [0, 1) and positive")
    }
    if degreesOfFreedom == 2 { return -2 * log1p(-probability) }
    return try finite(
      gsl_cdf_chisq_Pinv(probability, degreesOfFreedom), operation,
      "p = \(probability), \(degreesOfFreedom) degrees of freedom")
  }

  /// The probability within ±n standard deviations, erf(n/√2): 0.6827, 0.9545, 0.9973.
  public static func probability(withinSigmas sigmas: Double) -> Double { erf(sigmas / 2.0.squareRoot()) }

  /// The probability that the distribution function of some independent numbers lies further than `distance` from the one
  /// they are drawn from, anywhere (Kolmogorov and Smirnov).
  ///
  /// Kolmogorov's series 2 Σ_j (−1)^(j−1) exp(−2j²λ²) at λ = (√n + 0.12 + 0.11/√n) D, M. A. Stephens,
  /// J. R. Stat. Soc. B 32 (1970) 115: from ten numbers on right to 0.001 where it is below 0.1, to 0.025 elsewhere.
  ///
  /// - Parameters:
  ///   - distance: D, the largest difference between both functions, in [0, 1].
  ///   - samples: n, how many numbers there are, at least one.
  /// - Throws: `NumericsError` for anything else.
  public static func kolmogorovProbability(above distance: Double, samples: Int) throws -> Double {
    guard (0...1).contains(distance), samples > 0 else {
      throw NumericsError(
        "SpecialFunctions.kolmogorovProbability", .domain,
        "distance \(distance) of \(samples) samples; expected in [0, 1] and at least one sample")
    }
    let root = Double(samples).squareRoot()
    let lambda = (root + 0.12 + 0.11 / root) * distance
    // Below, all digits of a double are 1, and the series converges slowly.
    guard lambda > 0.15 else { return 1 }
    var (sum, sign) = (0.0, 2.0)
    for j in 1...100 {
      let term = exp(-2 * pow(Double(j) * lambda, 2))
      sum += sign * term
      sign = -sign
      if term < 1e-17 { break }
    }
    return min(max(sum, 0), 1)
  }

  private static func evaluate(
    _ operation: String, _ arguments: @autoclosure () -> String, _ function: (inout gsl_sf_result) -> Int32
  ) throws -> Double {
    NumericsLibrary.prepare()
    var result = gsl_sf_result()
    try NumericsLibrary.check(function(&result), operation, arguments())
    return try finite(result.val, operation, arguments())
  }

  private static func finite(_ value: Double, _ operation: String, _ arguments: @autoclosure () -> String) throws
    -> Double
  {
    guard value.isFinite else { throw NumericsError(operation, .domain, "\(arguments()) gives \(value)") }
    return value
  }
}
