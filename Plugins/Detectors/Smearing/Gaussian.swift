import Foundation

/// A normal distribution that ends at six standard deviations: the probability of 2·10⁻⁹ beyond is put at its ends.
enum Gaussian {
  /// Half width of the distribution, in standard deviations.
  static let reach = 6.0

  /// Computes the probability below `x` for mean zero; a step when `width` is zero.
  static func probability(below x: Double, width: Double) -> Double {
    if x >= reach * width { return 1 }
    if x <= -reach * width { return 0 }
    return 0.5 * erfc(-x / (width * 2.0.squareRoot()))
  }

  /// Returns the mean and points two standard deviations apart around it, up to the ends of the distribution.
  static func breakpoints(around mean: Double, width: Double) -> [Double] {
    width > 0 ? stride(from: -reach, through: reach, by: 2).map { mean + $0 * width } : [mean]
  }
}
