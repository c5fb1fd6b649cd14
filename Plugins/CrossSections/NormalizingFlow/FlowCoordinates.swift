import Foundation
import NuTuneCore

/// A fixed bijection of the kinematically allowed region, E_ν in a range, m ≤ E_l ≤ E_ν, |cosθ| ≤ 1, onto the unit cube:
///
///     x₁ = ln(E_ν/E_low) / ln(E_high/E_low)
///     x₂ = (E_l − m) / (E_ν − m)
///     x₃ = 1 − ln(1 + κs) / ln(1 + κ),   s = (1 − cosθ)/2
///
/// κ stretches the region of forward leptons. The Jacobian is triangular, so its determinant is the product of its
/// diagonal.
package struct FlowCoordinates: Sendable, Hashable {
  /// Range of neutrino energies in GeV; the density is zero outside.
  package let energies: ClosedRange<Double>
  /// m in GeV.
  package let leptonMass: Double
  /// κ.
  package let forward: Double

  private let lowest: Double
  private let logEnergy: Double
  private let logForward: Double

  /// Creates coordinates for a range of neutrino energies (cut at the lepton mass), a lepton mass in GeV, and κ > 0.
  package init(energies: ClosedRange<Double>, leptonMass: Double, forward: Double) {
    self.energies = energies
    self.leptonMass = leptonMass
    self.forward = forward
    lowest = max(energies.lowerBound, leptonMass)
    logEnergy = log(energies.upperBound / lowest)
    logForward = log1p(forward)
  }

  /// Computes x₁ and dx₁/dE_ν; nil where the density is zero.
  func first(_ neutrinoEnergy: Double) -> (x: Double, slope: Double)? {
    guard neutrinoEnergy >= lowest, neutrinoEnergy > leptonMass, neutrinoEnergy <= energies.upperBound else {
      return nil
    }
    return (min(max(log(neutrinoEnergy / lowest) / logEnergy, 0), 1), 1 / (neutrinoEnergy * logEnergy))
  }

  /// Computes x₂ and dx₂/dE_l; nil where the density is zero.
  func second(_ leptonEnergy: Double, neutrinoEnergy: Double) -> (x: Double, slope: Double)? {
    guard leptonEnergy >= leptonMass, leptonEnergy <= neutrinoEnergy else { return nil }
    let slope = 1 / (neutrinoEnergy - leptonMass)
    return ((leptonEnergy - leptonMass) * slope, slope)
  }

  /// Computes x₃ and dx₃/dcosθ; nil where the density is zero.
  func third(_ cosTheta: Double) -> (x: Double, slope: Double)? {
    guard cosTheta >= -1, cosTheta <= 1 else { return nil }
    let scaled = 0.5 * forward * (1 - cosTheta)
    return (max(1 - log1p(scaled) / logForward, 0), 0.5 * forward / ((1 + scaled) * logForward))
  }

  /// Returns the point at (x₁, x₂, x₃).
  func point(_ x: SIMD3<Double>) -> (neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double) {
    let neutrinoEnergy = lowest * exp(x[0] * logEnergy)
    let cosTheta = 1 - 2 * expm1((1 - x[2]) * logForward) / forward
    return (neutrinoEnergy, leptonMass + x[1] * (neutrinoEnergy - leptonMass), min(max(cosTheta, -1), 1))
  }
}
