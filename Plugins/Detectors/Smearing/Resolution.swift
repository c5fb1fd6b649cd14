import Foundation

/// Standard deviation of a measured lepton energy E in GeV: σ/E = √(a² + b²/E + c²/E²).
struct EnergyResolution: Sendable {
  /// a, relative.
  var constant: Double
  /// b in √GeV.
  var stochastic: Double
  /// c in GeV.
  var noise: Double

  /// σ in GeV at an energy in GeV.
  func width(at energy: Double) -> Double {
    (constant * constant * energy * energy + stochastic * stochastic * energy + noise * noise).squareRoot()
  }
}

/// Standard deviation of a measured lepton angle: σ = √(a² + (s/E)²).
struct AngleResolution: Sendable {
  /// a in degrees.
  var constant: Double
  /// s in degrees · GeV.
  var scattering: Double

  /// A Gaussian this wide, reflected at 0 and 180 degrees, is uniform to 3·10⁻⁹.
  static let widest = 360.0

  /// σ in degrees at an energy in GeV.
  func width(at energy: Double) -> Double {
    guard scattering > 0 else { return constant }
    return min((constant * constant + scattering * scattering / (energy * energy)).squareRoot(), Self.widest)
  }
}

/// The share of leptons that are found, a function of their true energy E in GeV:
/// ε = plateau · ½[1 + erf((E − threshold)/(√2 width))].
struct Efficiency: Sendable {
  /// ε far above the threshold.
  var plateau: Double
  /// Energy in GeV at which ε is half the plateau; 0 means no threshold.
  var threshold: Double
  /// Standard deviation of the turn-on in GeV; 0 means a step.
  var width: Double

  /// ε/plateau at an energy in GeV.
  func shareOfPlateau(at energy: Double) -> Double {
    threshold > 0 ? Gaussian.probability(below: energy - threshold, width: width) : 1
  }

  /// Energies in GeV between which ε is smooth on the scale of their distance.
  var breakpoints: [Double] { threshold > 0 ? Gaussian.breakpoints(around: threshold, width: width) : [] }
}

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
