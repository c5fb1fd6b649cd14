import Foundation
import NuTuneCore
import NuTuneNumerics

/// The quasi-elastic line δ(ω − Q²/2M) of a free proton, broadened to the width that folding needs to resolve it.
///
/// A Gaussian of width s in ω, cut at ω = 0, since no lepton has more energy than its neutrino, and normalised above
/// the cut:
///
///     S(ω; Q²) = exp[−(ω/s − μ)²/2] / (√(2π) s Φ(μ))
///
/// μ is chosen so that the mean of ω is Q²/2M, without which the line would move up by as much as 0.8 s at low Q², where
/// antineutrinos of 0.3 GeV have most of their cross section. A cut Gaussian whose mean tends to zero becomes an
/// exponential of no width; μ therefore stops at −1, and the mean at 0.53 s. The width is a regularisation and no physics:
/// with the default of 8 MeV total cross sections are those of a free nucleon to 0.8 % at 0.3 GeV and 0.3 % above 0.5 GeV.
package struct FreeProtonResponse: Sendable {
  /// Width of the Gaussian in GeV.
  package let width: Double

  /// Lowest centre of the Gaussian, in widths.
  private static let lowestCenter = -1.0
  /// Mean of a cut Gaussian centred there, in widths.
  private static let lowestMean = mean(center: lowestCenter)

  /// Creates the line with a width in GeV.
  package init(width: Double) {
    self.width = width
  }

  /// Computes S in GeV⁻¹ at ω in GeV and Q² in GeV²; continued smoothly to ω ≤ 0.
  package func value(omega: Double, q2: Double) -> Double {
    let line = q2 / (2 * PhysicalConstants.nucleonMass * width)
    let pull = omega / width - line
    // μ lies below the line by less than 2.
    guard pull > -12, pull < 12 else { return 0 }
    let center = Self.center(mean: line)
    let distance = omega / width - center
    return exp(-0.5 * distance * distance)
      / ((2 * Double.pi).squareRoot() * width * SpecialFunctions.normalProbability(below: center))
  }

  /// Computes μ for a mean of `mean` widths, or for the lowest possible mean; the two are joined smoothly.
  static func center(mean: Double) -> Double {
    let lowest = lowestMean
    let wanted = pow(pow(mean, 4) + pow(lowest, 4), 0.25)
    // Beyond eight widths the cut has no effect, to rounding.
    guard wanted < 8 else { return wanted }
    // The mean grows with the centre, by less than it, and is convex: Newton's method from above converges.
    var center = wanted
    for _ in 0..<50 {
      let value = Self.mean(center: center)
      let excess = value - center
      let step = (value - wanted) / (1 - excess * value)
      center -= step
      if abs(step) < 1e-13 { break }
    }
    return center
  }

  /// Computes the mean of a Gaussian of width one and centre μ, cut at zero: μ + φ(μ)/Φ(μ).
  static func mean(center: Double) -> Double {
    center + exp(-0.5 * center * center)
      / ((2 * Double.pi).squareRoot() * SpecialFunctions.normalProbability(below: center))
  }
}
