import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

@testable import SuperScaling

@Suite struct ScalingTests {
  /// Computes ∫ f dψ from −sinh t to sinh t, which reaches far into the tail of 1/ψ².
  func integral(_ function: ScalingFunction, from low: Double, to high: Double) throws -> Double {
    try Quadrature.adaptive(over: asinh(low)...asinh(high), relativeTolerance: 1e-9, intervals: 400) {
      function.value(sinh($0)) * cosh($0)
    }.value
  }

  /// The numbers come from a midpoint sum in another language.
  @Test func scalingFunctionsHaveTheirIntegrals() throws {
    #expect(abs(try integral(.superscaling, from: -5, to: 5) - 1.01409) < 1e-4)
    #expect(abs(try integral(.superscaling, from: -1e6, to: 1e6) - 1.10731) < 1e-4)
    #expect(abs(try integral(.fermiGas, from: -1, to: 1) - 1) < 1e-8)
  }

  /// In a Fermi gas ψ = ±1 are the energy transfers to a nucleon that moves with k_F along and against q, exactly.
  @Test(arguments: [0.5, 0.8, 2.0])
  func fermiGasEndsAtOne(momentum: Double) throws {
    let fermi = 0.228
    let mass = PhysicalConstants.nucleonMass
    func energy(_ momentum: Double) -> Double { (mass * mass + momentum * momentum).squareRoot() }
    let variable = ScalingVariable(fermiMomentum: fermi, energyShift: 0)
    for (sign, expected) in [(1.0, 1.0), (-1, -1)] {
      let omega = energy(momentum + sign * fermi) - energy(fermi)
      let psi = try #require(variable.value(omega: omega, q2: momentum * momentum - omega * omega))
      #expect(abs(psi - expected) < 1e-12, "\(psi)")
    }
  }

  /// The energy shift moves the response in ω at fixed |q|, nothing else.
  @Test func energyShiftMovesThePeak() throws {
    let (omega, momentumSquared) = (0.2, 0.36)
    let free = ScalingVariable(fermiMomentum: 0.228, energyShift: 0)
    let bound = ScalingVariable(fermiMomentum: 0.228, energyShift: 0.02)
    let moved = omega + 0.02
    let first = try #require(free.value(omega: omega, q2: momentumSquared - omega * omega))
    let second = try #require(bound.value(omega: moved, q2: momentumSquared - moved * moved))
    #expect(abs(first - second) < 1e-12)
  }
}
