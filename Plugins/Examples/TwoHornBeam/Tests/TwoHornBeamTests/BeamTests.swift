import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

@testable import TwoHornBeam

@Suite struct BeamTests {
  func beam(_ changes: [String: ParameterValue] = [:]) throws -> TwoHornBeam {
    try TwoHornBeam(PluginConfiguration(parameters: TwoHornBeam.descriptor.parameters.defaults().setting(changes)))
  }

  @Test func fallsAsTheSquareOfTheBaseline() throws {
    let energies = [0.5, 1, 2, 5, 20]
    let near = try beam(["baseline": .number(1)]).density(of: .numu, at: energies)
    let far = try beam(["baseline": .number(300)]).density(of: .numu, at: energies)
    for (near, far) in zip(near, far) { #expect(abs(near / far / 9e4 - 1) < 1e-12) }
  }

  /// Off the axis no pion gives more than η m_π/(2θ), 2.04 GeV at 14.6 mrad, and the spectrum peaks just below.
  @Test func peaksBelowTheOffAxisEdge() throws {
    let parallel: [String: ParameterValue] = [
      "off_axis_angle": .number(14.6), "transverse_momentum": .number(0.01), "divergence": .number(0.05),
    ]
    let edge = PionDecay.highestEnergy(angle: 0.0146)
    #expect(abs(edge - 2.0405) < 1e-3)
    let energies = (1...600).map { 0.005 * Double($0) + 0.05 }
    let flux = try beam(parallel).density(of: .numu, at: energies)
    let peak = energies[flux.indices.max { flux[$0] < flux[$1] } ?? 0]
    #expect(peak < edge && peak > 0.97 * edge, "\(peak)")
    // Beyond the edge only pions that are bent towards the detector remain.
    let beyond = try beam(parallel).density(of: .numu, at: [1.1 * edge])[0]
    #expect(beyond < 1e-6 * (flux.max() ?? 0), "\(beyond)")
  }

  /// On the axis the angle average has a closed form, with a = 1/(2σ²γ²):
  ///
  ///     ∫dθ² [2γ/(1+γ²θ²)]² e^(−θ²/2σ²)/2σ² = 4γ²a [1 − a eᵃ E₁(a)]
  @Test func integratesToTheClosedForm() throws {
    let sigma = 3e-3
    let mass = PhysicalConstants.chargedPionMass
    let changes: [String: ParameterValue] = [
      "horn_current": .number(0), "transverse_momentum": .number(0.01), "divergence": .number(1e3 * sigma),
    ]
    let made = try beam(changes)
    let source = PionSource(protonEnergy: 120, yield: 1, transverseMomentum: 0.01)
    let expected = try Quadrature.adaptive(over: log(0.1396)...log(120), relativeTolerance: 1e-7) { logarithm in
      let energy = exp(logarithm)
      let momentum = max(energy * energy - mass * mass, 0).squareRoot()
      guard momentum > 0 else { return 0 }
      let gamma = energy / mass
      let variance = 0.5 * 1e-4 / (momentum * momentum) + sigma * sigma
      let a = 1 / (2 * variance * gamma * gamma)
      // eᵃE₁(a) = ∫₀^∞ e^(−at)/(1+t) dt, with t = s/(1−s)
      let tail = try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-9) { s in
        s < 1 ? exp(-a * s / (1 - s)) / (1 - s) : 0
      }
      return energy * source.density(pionEnergy: energy) * PionDecay.probability(momentum: momentum, length: 200)
        * 4 * gamma * gamma * a * (1 - a * tail.value)
    }
    let area = 4 * Double.pi * 0.574e5 * 0.574e5
    let total = try Quadrature.adaptive(over: log(0.05)...log(51.3), relativeTolerance: 1e-4) { logarithm in
      try exp(logarithm) * made.density(of: .numu, at: [exp(logarithm)])[0]
    }
    let ratio = total.value * area / PionDecay.branchingRatio / expected.value
    // Below 0.05 GeV, where the flux is not given, it is negligible on the axis.
    #expect(abs(ratio - 1) < 1e-3, "\(ratio)")
  }

  /// Summed over all directions of the detector, a pion of energy E makes a flat spectrum from 0 to ηE, whatever the horns
  /// do: ∫dΩ L² Φ(E_ν) = B ∫ n P /(ηE) dE.
  @Test func keepsEveryNeutrino() throws {
    let energy = 1.5
    let mass = PhysicalConstants.chargedPionMass
    let source = PionSource(protonEnergy: 120, yield: 1, transverseMomentum: 0.35)
    let expected = try Quadrature.adaptive(
      over: energy / PionDecay.energyShare...120, relativeTolerance: 1e-6
    ) { pionEnergy in
      let momentum = (pionEnergy * pionEnergy - mass * mass).squareRoot()
      return source.density(pionEnergy: pionEnergy) * PionDecay.probability(momentum: momentum, length: 200)
        / (PionDecay.energyShare * pionEnergy)
    }
    // In s with θ = 0.1 s²: most arrives close to the axis. Small-angle optics has no largest angle, so the sum goes far.
    let rule = try GaussLegendre(points: 60)
    let sum = try rule.integrate(over: 0...3.16) { s in
      let angle = 0.1 * s * s
      // Angles are bounded in studies, not in the formula.
      let one = try beam(["off_axis_angle": .number(1e3 * angle), "baseline": .number(1)])
      return try one.density(of: .numu, at: [energy])[0] * 2 * Double.pi * angle * 0.2 * s
    }
    let ratio = sum * 1e10 / PionDecay.branchingRatio / expected.value
    #expect(abs(ratio - 1) < 2e-3, "\(ratio)")
  }

  /// Horns raise the flux of the focused charge, and the other charge is lost.
  @Test func hornsChooseTheCharge() throws {
    let energies = [1.5, 2, 3]
    let dark = try beam(["horn_current": .number(0)]).density(of: .numu, at: energies)
    let forward = try beam().density(of: .numu, at: energies)
    let wrong = try beam().density(of: .numubar, at: energies)
    let reverse = try beam(["polarity": .text("reverse")]).density(of: .numubar, at: energies)
    for i in energies.indices {
      #expect(forward[i] > 3 * dark[i])
      #expect(wrong[i] < dark[i])
      #expect(abs(reverse[i] / forward[i] / 0.7 - 1) < 1e-12)
    }
  }

  @Test func refusesElectronNeutrinosByName() throws {
    #expect {
      try beam().density(of: .nue, at: [1])
    } throws: {
      ($0 as? NuTuneError)?.description
        == "channel: found nue, which pions do not make; expected one of numu, numubar"
    }
  }
}
