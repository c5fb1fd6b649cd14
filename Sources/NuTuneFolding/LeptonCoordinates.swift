import Foundation
import NuTuneCore

/// Maps the unit square onto the leptons that a neutrino can make, so that peaks at small ω and small Q² are wide:
///
///     ω = s sinh(x asinh((E_ν − m)/s)),   Q² − Q²_min = s′ sinh(y asinh(4E_ν p_l/s′)) = 2E_ν p_l (1 − cosθ).
struct LeptonCoordinates: Sendable {
  /// s in GeV: transfers below it are equidistant.
  private static let transferScale = 0.15
  /// s′ in GeV².
  private static let momentumScale = 0.3

  /// Mass of the lepton in GeV.
  let mass: Double

  /// Computes the lepton at (x, y) and |∂(E_l, cosθ)/∂(x, y)| in GeV; the latter is zero where there is no phase space.
  func lepton(
    neutrinoEnergy: Double, _ x: Double, _ y: Double
  ) -> (energy: Double, cosTheta: Double, jacobian: Double) {
    guard neutrinoEnergy > mass else { return (mass, 1, 0) }
    let reach = asinh((neutrinoEnergy - mass) / Self.transferScale)
    let energy = neutrinoEnergy - Self.transferScale * sinh(x * reach)
    let momentum = Kinematics.leptonMomentum(energy: energy, mass: mass)
    guard momentum > 1e-9 * neutrinoEnergy else { return (max(energy, mass), 1, 0) }
    let slope = 2 * neutrinoEnergy * momentum
    let turn = asinh(2 * slope / Self.momentumScale)
    let cosTheta = 1 - Self.momentumScale * sinh(y * turn) / slope
    let jacobian =
      Self.transferScale * cosh(x * reach) * reach * Self.momentumScale * cosh(y * turn) * turn / slope
    return (energy, min(max(cosTheta, -1), 1), jacobian)
  }
}
