import Foundation

/// A normal distribution that ends at six standard deviations: the 2·10⁻⁹ beyond lie at its ends.
enum Gaussian {
  /// Where it ends, in standard deviations.
  static let reach = 6.0

  /// The probability below `x` for mean zero; a step when `width` is zero.
  static func probability(below x: Double, width: Double) -> Double {
    if x >= reach * width { return 1 }
    if x <= -reach * width { return 0 }
    return 0.5 * erfc(-x / (width * 2.0.squareRoot()))
  }

  /// The mean and points two standard deviations apart around it, as far as the distribution goes.
  static func breakpoints(around mean: Double, width: Double) -> [Double] {
    width > 0 ? stride(from: -reach, through: reach, by: 2).map { mean + $0 * width } : [mean]
  }
}
