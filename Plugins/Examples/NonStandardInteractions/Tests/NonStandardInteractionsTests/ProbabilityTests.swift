import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

@testable import NonStandardInteractions

@Suite struct ProbabilityTests {
  func model(_ changes: [String: Double]) throws -> NonStandardInteractions {
    let defaults = NonStandardInteractions.descriptor.parameters.defaults()
    return try NonStandardInteractions(
      PluginConfiguration(parameters: defaults.setting(["constants": .text("nufast")]))
    ).setting(changes)
  }

  /// Without ε: rows of a 50-digit diagonalisation with NuFast's constants, ee, eμ, eτ, μe, μμ, μτ, τe, τμ, ττ.
  @Test(arguments: [
    (
      helicity: Helicity.neutrino, mixing: [0.02215, 0.5, 90, 2.513e-3], energy: 0.3369, density: 2.848,
      expected: [
        0.8451504691172895, 0.12087968620645832, 0.033969844676252164, 0.033969844676252164, 0.5822856165430123,
        0.3837445387807356, 0.12087968620645832, 0.2968346972505294, 0.5822856165430123,
      ]
    ),
    (
      helicity: .antineutrino, mixing: [0.02215, 0.5, 90, 2.513e-3], energy: 1.241, density: 2.848,
      expected: [
        0.9781110288427464, 0.010158412790719884, 0.011730558366533788, 0.011730558366533788, 0.9837969657510252,
        0.004472475882441071, 0.010158412790719884, 0.006044621458254975, 0.9837969657510252,
      ]
    ),
    (
      helicity: .antineutrino, mixing: [0.02231, 0.44, 274, -2.4091e-3], energy: 0.2596, density: 2.848,
      expected: [
        0.798992199007426, 0.13005964496530295, 0.07094815602727104, 0.09575637158315466, 0.8327159816694255,
        0.0715276467474198, 0.10525142940941935, 0.0372243733652715, 0.8575241972253091,
      ]
    ),
    (
      helicity: .neutrino, mixing: [0.02215, 0.470, 212, 2.513e-3], energy: 0.4373, density: 0,
      expected: [
        0.9348419817121444, 0.042898984552874865, 0.022259033734980713, 0.044768011471882994, 0.8925082560374922,
        0.06272373249062488, 0.02039000681597258, 0.06459275940963301, 0.9150172337743944,
      ]
    ),
  ])
  func isThreeFlavorWithoutCouplings(
    row: (helicity: Helicity, mixing: [Double], energy: Double, density: Double, expected: [Double])
  ) throws {
    let model = try model([
      "sin2_theta12": 0.308, "sin2_theta13": row.mixing[0], "sin2_theta23": row.mixing[1],
      "delta_cp": row.mixing[2] * Double.pi / 180, "dm2_21": 7.49e-5, "dm2_31": row.mixing[3],
    ])
    let computed = try model.probabilities(
      at: [row.energy], over: Baseline(length: 1284.9, density: row.density), helicity: row.helicity)
    for (value, expected) in zip(computed.values, row.expected) { #expect(abs(value - expected) < 1e-10) }
  }

  /// Two flavours: with θ₁₂ = θ₁₃ = Δm²₂₁ = 0 and only μτ couplings, ν_e decouples, and with b = Δm²s₂₃c₂₃ + a ε_μτ, d
  /// = Δm²(c²₂₃ − s²₂₃) + a ε_ττ, Ω² = d² + 4|b|²
  ///
  ///     P(ν_μ → ν_τ) = 4|b|²/Ω² sin²(Ω L/4E)
  @Test(arguments: [Helicity.neutrino, .antineutrino])
  func twoFlavorsHaveTheirClosedForm(helicity: Helicity) throws {
    let (splitting, sine2, modulus, phase, diagonal) = (2.5e-3, 0.4, 0.15, 0.7, -0.2)
    let baseline = Baseline(length: 9000, density: 4.5)
    let constants = OscillationConstants.nufast
    let model = try model([
      "sin2_theta12": 0, "sin2_theta13": 0, "sin2_theta23": sine2, "dm2_21": 0, "dm2_31": splitting,
      "epsilon_mutau": modulus, "phase_mutau": phase, "epsilon_tautau": diagonal,
    ])
    let energies = [2.0, 8, 25, 100]
    let computed = try model.probabilities(at: energies, over: baseline, helicity: helicity)
    for (energy, value) in zip(energies, computed[.muon, .tau]) {
      let a = helicity.sign * constants.potential * 0.5 * baseline.density * energy
      let real = splitting * (sine2 * (1 - sine2)).squareRoot() + a * modulus * cos(phase)
      let imaginary = a * modulus * sin(phase)
      let off = 4 * (real * real + imaginary * imaginary)
      let difference = splitting * (1 - 2 * sine2) + a * diagonal
      let omega = (off + difference * difference).squareRoot()
      let sine = sin(constants.phase * omega * baseline.length / energy)
      #expect(abs(value - off / (omega * omega) * sine * sine) < 1e-12, "\(energy) GeV")
    }
  }

  /// The evolution is unitary for couplings of any kind, and ε_ee = −1 alone takes the standard potential away.
  @Test func couplingsKeepProbability() throws {
    let energies = [0.3, 1, 2.5, 10]
    let wild = try model([
      "epsilon_ee": 0.8, "epsilon_tautau": -1.3, "epsilon_emu": 0.4, "phase_emu": 1, "epsilon_etau": 0.7,
      "phase_etau": -2, "epsilon_mutau": 0.3, "phase_mutau": 2.5,
    ])
    let values = try wild.probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .antineutrino)
    for i in energies.indices {
      for from in 0..<3 {
        #expect(abs((0..<3).reduce(-1) { $0 + values.values[(3 * from + $1) * energies.count + i] }) < 1e-13)
      }
    }
    let cancelled = try model(["epsilon_ee": -1]).probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .neutrino)
    let vacuum = try model([:]).probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 0), helicity: .neutrino)
    for (a, b) in zip(cancelled.values, vacuum.values) { #expect(abs(a - b) < 1e-12) }
  }

  /// Antineutrinos are neutrinos with δ, the phases of ε and the potential reversed in sign.
  @Test func antineutrinosMirrorThePhases() throws {
    let couplings = ["epsilon_emu": 0.3, "phase_emu": 0.9, "epsilon_etau": 0.2, "phase_etau": -0.4]
    let turned = ["epsilon_emu": 0.3, "phase_emu": -0.9, "epsilon_etau": 0.2, "phase_etau": 0.4]
    let vacuum = Baseline(length: 1284.9, density: 1e-9)
    let antineutrino = try model(couplings.merging(["delta_cp": 1.1]) { $1 })
      .probabilities(at: [2], over: vacuum, helicity: .antineutrino)
    let neutrino = try model(turned.merging(["delta_cp": -1.1]) { $1 })
      .probabilities(at: [2], over: vacuum, helicity: .neutrino)
    // The potential is the same up to its sign, and small: the difference is of its order.
    for (a, b) in zip(antineutrino.values, neutrino.values) { #expect(abs(a - b) < 1e-8) }
    #expect(abs(antineutrino[.electron, .muon].first! - antineutrino[.muon, .electron].first!) > 1e-3)
  }
}
