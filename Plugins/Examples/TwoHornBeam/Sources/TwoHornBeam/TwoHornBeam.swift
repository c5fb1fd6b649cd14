import Foundation
import NuTuneCore

/// `two-horn-beam`: the off-axis flux of muon neutrinos from pions that two horns focus and that decay in flight.
///
/// With n(E) the pions per proton (``PionSource``), P their probability to decay in the pipe, f(θ²) the density of their
/// angles to the line to the detector (``PionDirections``) and γ²θ² = ηE/E_ν − 1 (``PionDecay``):
///
///     Φ(E_ν) = B/(4πL²) ∫ dE n(E) P(E) [2γ/(1+γ²θ²)]² f(θ²) |∂θ²/∂E_ν|
///            = B/(4πL²) ∫ dE n(E) P(E) 4/(ηE) f(θ²)
///
/// Pions spread by σ² = ½ (κ p̄_T/p)² + σ₀² in each plane, κ of ``HornOptics``. Length, width and density of target and
/// pipe, kaons, muon decays and absorption are left out: it is a toy with the spectral shapes of a beam.
public struct TwoHornBeam: FluxProvider {
  private let source: PionSource
  private let optics: HornOptics
  private let isForward: Bool
  private let chargeRatio: Double
  private let divergence: Double
  private let detectorAngle: Double
  private let baseline: Double
  private let pipe: Double
  private let rule: GradedRule

  /// Lowest E_ν in GeV of the flux.
  public static let lowestEnergy = 0.05

  /// Name, parameters and citations.
  public static let descriptor = PluginDescriptor(
    kind: .flux, name: "two-horn-beam",
    summary: "A toy beam: pions focused by two parabolic horns decay in flight and are seen off the axis.",
    parameters: [
      ParameterDeclaration(
        "proton_energy", unit: "GeV", default: .number(120), .number(5...1000), "energy of the protons on target"),
      ParameterDeclaration(
        "polarity", default: .text("forward"), .choice(["forward", "reverse"]),
        "charge that is focused: forward π⁺ (neutrinos), reverse π⁻ (antineutrinos)"),
      ParameterDeclaration(
        "horn_current", unit: "kA", default: .number(200), .number(0...1000), "current in both horns"),
      ParameterDeclaration(
        "horn_separation", unit: "m", default: .number(10), .number(0...100), "from the first horn to the second"),
      ParameterDeclaration(
        "target_distance", unit: "m", default: .number(0.4), .number(0...10), "from the target to the first horn"),
      ParameterDeclaration(
        "parabola.first", unit: "cm^-1", default: .number(4.6), .number(0...100), "a of the first horn, z = a r²"),
      ParameterDeclaration(
        "parabola.second", unit: "cm^-1", default: .number(0.2), .number(0...100), "a of the second horn"),
      ParameterDeclaration(
        "off_axis_angle", unit: "mrad", default: .number(0), .number(0...100), "from the beam axis to the detector"),
      ParameterDeclaration(
        "baseline", unit: "km", default: .number(0.574), .number(0.05...20000), "from the pion decays to the detector"),
      ParameterDeclaration(
        "decay_pipe", unit: "m", default: .number(200), .number(1...5000), "length in which pions may decay"),
      ParameterDeclaration(
        "pion_yield", default: .number(1), .number(0...100), "π⁺ per proton and unit of ln p at p ≪ proton_energy"),
      ParameterDeclaration("charge_ratio", default: .number(0.7), .number(0...10), "π⁻ made for each π⁺"),
      ParameterDeclaration(
        "transverse_momentum", unit: "GeV", default: .number(0.35), .number(0.01...2),
        "root mean square transverse momentum of the pions"),
      ParameterDeclaration(
        "divergence", unit: "mrad", default: .number(3), .number(0.05...100),
        "spread of directions in each plane that no horn takes away: size of target and beam, scattering"),
    ],
    citations: [
      Citation(
        key: "Kopp:2006ky",
        bibtex: """
          @article{Kopp:2006ky, author = "Kopp, Sacha E.", title = "{Accelerator Neutrino Beams}", \
          journal = "Phys. Rept.", volume = "439", pages = "101--159", year = "2007", \
          eprint = "physics/0609129", archivePrefix = "arXiv", doi = "10.1016/j.physrep.2006.11.004"}
          """)
    ])

  /// Creates the beam with the parameters of a study or of a catalog entry.
  public init(_ configuration: PluginConfiguration) throws {
    let values = configuration.parameters
    source = PionSource(
      protonEnergy: values.number("proton_energy"), yield: values.number("pion_yield"),
      transverseMomentum: values.number("transverse_momentum"))
    optics = HornOptics(
      current: values.number("horn_current"),
      parabolas: (values.number("parabola.first"), values.number("parabola.second")),
      targetDistance: values.number("target_distance"), separation: values.number("horn_separation"))
    isForward = values.text("polarity") == "forward"
    chargeRatio = values.number("charge_ratio")
    divergence = 1e-3 * values.number("divergence")
    detectorAngle = 1e-3 * values.number("off_axis_angle")
    baseline = values.number("baseline")
    pipe = values.number("decay_pipe")
    rule = try GradedRule(points: 8, levels: 10)
  }

  /// The species, ν_μ from π⁺ and ν̄_μ from π⁻.
  public let species: [NeutrinoSpecies] = [.numu, .numubar]

  /// Energies from ``lowestEnergy`` to the neutrino energy of the hardest pion, and off the axis the edge at η
  /// m_π/(2θ), where the spectrum drops.
  public var breakpoints: [Double] {
    let highest = PionDecay.energyShare * source.protonEnergy
    let edge = PionDecay.highestEnergy(angle: detectorAngle)
    return [Self.lowestEnergy, edge, highest].filter { Self.lowestEnergy <= $0 && $0 <= highest }
  }

  /// Computes the flux density in ν/cm²/GeV/POT, shape [energies]; zero outside the breakpoints, relative accuracy
  /// better than 1e-6.
  public func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
    guard self.species.contains(species) else {
      throw NuTuneError(
        .badData, key: "channel", found: "\(species.rawValue), which pions do not make",
        expected: "one of \(self.species.map(\.rawValue).joined(separator: ", "))")
    }
    let isFocused = (species == .numu) == isForward
    let charge = species == .numu ? 1 : chargeRatio
    let centimeters = 1e5 * baseline
    let factor = charge * PionDecay.branchingRatio / (4 * Double.pi * centimeters * centimeters)
    let highest = PionDecay.energyShare * source.protonEnergy
    return energies.map { energy in
      guard energy >= Self.lowestEnergy, energy < highest else { return 0 }
      return factor * decays(into: energy, through: isFocused ? optics : optics.reversed)
    }
  }

  /// Computes ∫ dE n P 4/(ηE) f(θ²) in GeV⁻¹ at one E_ν, in v with E = E₀ exp(v²), E₀ = E_ν/η: a Gaussian in θ is one
  /// in v.
  private func decays(into energy: Double, through optics: HornOptics) -> Double {
    let mass = PhysicalConstants.chargedPionMass
    let lowest = energy / PionDecay.energyShare
    func coordinate(_ pionEnergy: Double) -> Double { max(log(pionEnergy / lowest), 0).squareRoot() }
    // Narrow where the pion points at the detector (or closest to it) and where horns leave it parallel.
    let pointing = PionDecay.pionEnergies(neutrinoEnergy: energy, angle: detectorAngle)
    let parallel = optics.focusedMomenta.map { ($0 * $0 + mass * mass).squareRoot() }
    let narrow = (pointing.isEmpty ? [2 * lowest] : pointing) + parallel
    return rule.integrate(over: 0...coordinate(source.protonEnergy), narrow: narrow.map(coordinate)) { v in
      let excess = expm1(v * v)
      let pionEnergy = lowest * (1 + excess)
      let momentum = max((pionEnergy - mass) * (pionEnergy + mass), 0).squareRoot()
      guard momentum > 0 else { return 0 }
      let angle = mass / pionEnergy * excess.squareRoot()
      let kick = optics.residualAngle(momentum: momentum) * source.transverseMomentum / momentum
      let spread = (kick * kick / 2 + divergence * divergence).squareRoot()
      return source.density(pionEnergy: pionEnergy) * PionDecay.probability(momentum: momentum, length: pipe)
        * PionDirections.density(angle: angle, detector: detectorAngle, spread: spread)
        * 8 * v / PionDecay.energyShare
    }
  }
}
