import Foundation
import NuTuneCore
import Testing

@testable import TwoHornBeam

@Suite struct KinematicsTests {
  /// The exact two-body decay, E_ν = (m_π² − m_μ²)/(2(E − p cosθ)), to second order in angle and 1/γ.
  @Test(arguments: [2.0, 5, 20], [0, 0.005, 0.02])
  func smallAnglesAgreeWithTheExactDecay(energy: Double, angle: Double) {
    let mass = PhysicalConstants.chargedPionMass
    let momentum = (energy * energy - mass * mass).squareRoot()
    let difference = mass * mass - PhysicalConstants.muonMass * PhysicalConstants.muonMass
    let exact = difference / (2 * (energy - momentum * cos(angle)))
    let ours = PionDecay.neutrinoEnergy(pionEnergy: energy, angle: angle)
    #expect(abs(ours / exact - 1) < angle * angle + mass * mass / (energy * energy))
  }

  @Test func pionEnergiesSolveTheirEquation() {
    for energy in PionDecay.pionEnergies(neutrinoEnergy: 0.7, angle: 0.02) {
      #expect(abs(PionDecay.neutrinoEnergy(pionEnergy: energy, angle: 0.02) / 0.7 - 1) < 1e-12)
    }
    #expect(PionDecay.pionEnergies(neutrinoEnergy: 0.7, angle: 0.02).count == 2)
    #expect(PionDecay.pionEnergies(neutrinoEnergy: 1.6, angle: 0.02).isEmpty)
  }

  /// Follows a ray from lens to lens.
  @Test(arguments: [2.0, 4, 9, 30])
  func opticsFollowTheRay(momentum: Double) {
    let optics = HornOptics(current: 200, parabolas: (4.6, 0.2), targetDistance: 0.4, separation: 10)
    var angle = 0.01
    var radius = 0.4 * angle
    angle -= radius * optics.kicks.first / momentum
    radius += 10 * angle
    angle -= radius * optics.kicks.second / momentum
    #expect(abs(optics.residualAngle(momentum: momentum) - angle / 0.01) < 1e-12 * max(1, abs(angle / 0.01)))
  }

  @Test func twoMomentaLeaveParallel() {
    let optics = HornOptics(current: 200, parabolas: (4.6, 0.2), targetDistance: 0.4, separation: 10)
    #expect(optics.focusedMomenta.count == 2)
    for momentum in optics.focusedMomenta { #expect(abs(optics.residualAngle(momentum: momentum)) < 1e-12) }
    #expect(optics.reversed.focusedMomenta.isEmpty)
  }

  /// e⁻ˣI₀(x) = (1/π) ∫₀^π e^(x(cosφ − 1)) dφ; the trapezoidal rule converges geometrically.
  @Test(arguments: [0, 0.1, 3, 19.9, 20.1, 500, 1e5])
  func besselFunctionIsItsIntegral(x: Double) {
    let steps = 8000
    let sum = (0..<steps).reduce(0) { $0 + exp(x * (cos(2 * Double.pi * Double($1) / Double(steps)) - 1)) }
    #expect(abs(PionDirections.scaledBessel(x) / (sum / Double(steps)) - 1) < 1e-12)
  }
}
