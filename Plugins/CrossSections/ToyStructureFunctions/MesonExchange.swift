import Foundation
import NuTuneCore

/// Scattering off pairs of nucleons that exchange mesons (two particles, two holes), between the quasi-elastic peak and
/// the Δ; a crude shape whose strength is the one of electron scattering.
///
///     W₁ = |V_ud|² s ½ τ G_M² · A Q² e^{−Q²/B} · G(ω; Q²)       τ = Q²/4M²,  G_M the dipole of ``QuasiElastic``
///     G  = exp(−(ω − ω₀)²/2σ²)/(√(2π) σ)                        ω₀ = (Q² + W₀² − M²)/2M
///     W₂ = (Q²/|q|²) W₁    |W₃||q|/2M = ρ W₁    W₄ = −(MQ²/2ω|q|²) W₁    W₅ = (Mω/|q|²) W₁
///
/// A Q² e^{−Q²/B} with A = 6.0 GeV⁻² and B = 0.34 GeV² is the enhancement of the transverse response that electrons
/// on carbon show (A. Bodek, H. S. Budd, M. E. Christy, Eur. Phys. J. C 71 (2011) 1726), here beside the quasi-elastic
/// peak and not under it: at fixed Q² a Gaussian in ω is one in W² around W₀². The factor ½ is the share of nucleons
/// that a W can strike in an isoscalar nucleus; all nuclei have the same strength per nucleon, a free proton has none.
///
/// The tensor is transverse: W_L = 0, and the vector part is a conserved current, q_μ W^μν = 0, for any lepton mass. It
/// is positive for every ρ from 0 to 1, and vanishes as Q⁴ for real photons, where nature has a strength of its own.
package struct MesonExchange: Sendable {
  /// s, factor on the whole part.
  package let scale: Double
  /// B in GeV².
  package let falloff: Double
  /// W₀ in GeV.
  package let mass: Double
  /// σ in GeV.
  package let width: Double
  /// ρ, |W₃| as a share of its bound.
  package let parityViolation: Double
  private let magneticMoment: Double
  private let vectorMassSquared: Double

  /// A of the enhancement of the transverse response, GeV⁻².
  package static let enhancement = 6.0

  /// Parameters, `meson_exchange.…`.
  package static let parameters = [
    ParameterDeclaration(
      "meson_exchange.scale", default: .number(0), .number(0...100),
      "factor on scattering off pairs of nucleons (2p2h), none on H1; 1 is the enhancement of electron scattering"
    ),
    ParameterDeclaration(
      "meson_exchange.falloff", unit: "GeV²", default: .number(0.34), .number(0.01...10),
      "B of the enhancement A Q² exp(−Q²/B), A = 6.0 GeV⁻²"),
    ParameterDeclaration(
      "meson_exchange.mass", unit: "GeV", default: .number(1.1), .number(0.94...1.5),
      "W of the peak, between the nucleon and the Δ"),
    ParameterDeclaration(
      "meson_exchange.width", unit: "GeV", default: .number(0.1), .number(0.03...0.5), "width of the peak in ω"),
    ParameterDeclaration(
      "meson_exchange.parity_violation", default: .number(0), .number(0...1),
      "|W₃||q|/2M as a share of its bound W₁; 0 makes ν and ν̄ alike"),
  ]

  /// Parameters of the quasi-elastic part that it uses: G_M at Q² = 0 and the squared dipole mass.
  private static let magneticFormFactor = ["quasi_elastic.magnetic_moment", "quasi_elastic.vector_mass_squared"]

  /// Whether a parameter changes the part: one of its own or of the magnetic form factor.
  package static func follows(_ parameter: String) -> Bool {
    magneticFormFactor.contains(parameter) || parameters.contains { $0.name == parameter }
  }

  /// Creates the part with its parameters, and the magnetic form factor of the quasi-elastic part.
  package init(_ parameters: ParameterValues) {
    scale = parameters.number("meson_exchange.scale")
    falloff = parameters.number("meson_exchange.falloff")
    mass = parameters.number("meson_exchange.mass")
    width = parameters.number("meson_exchange.width")
    parityViolation = parameters.number("meson_exchange.parity_violation")
    magneticMoment = parameters.number(Self.magneticFormFactor[0])
    vectorMassSquared = parameters.number(Self.magneticFormFactor[1])
  }

  /// Computes ∫ W₁ dω at Q² in GeV² per nucleon, without |V_ud|² and the scale.
  package func strength(q2: Double) -> Double {
    let nucleon = PhysicalConstants.nucleonMass
    let root = 1 + q2 / vectorMassSquared
    let magnetic = magneticMoment / (root * root)
    return 0.5 * q2 / (4 * nucleon * nucleon) * magnetic * magnetic * Self.enhancement * q2 * exp(-q2 / falloff)
  }

  /// Adds W₁…W₅ in GeV⁻¹ per nucleon at every point; nothing on H1 and for a scale of zero.
  package func add(to functions: inout StructureFunctions, of reaction: Reaction, at points: InvariantPoints) {
    guard scale > 0, !reaction.target.isFreeProton else { return }
    let nucleon = PhysicalConstants.nucleonMass
    let factor = PhysicalConstants.vud * PhysicalConstants.vud * scale / (width * (2 * Double.pi).squareRoot())
    let excess = (mass * mass - nucleon * nucleon) / (2 * nucleon)
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      guard q2 > 0 else { continue }
      let pull = (omega - q2 / (2 * nucleon) - excess) / width
      let w1 = factor * strength(q2: q2) * exp(-0.5 * pull * pull)
      guard w1 > 1e-30 else { continue }
      let momentumSquared = q2 + omega * omega
      // W₄ is always multiplied by ω again.
      let divisor = abs(omega) > 1e-12 ? omega : 1e-12
      functions.w[0][i] += w1
      functions.w[1][i] += w1 * q2 / momentumSquared
      functions.w[2][i] += parityViolation * w1 * 2 * nucleon / momentumSquared.squareRoot()
      functions.w[3][i] -= w1 * nucleon * q2 / (2 * divisor * momentumSquared)
      functions.w[4][i] += w1 * nucleon * omega / momentumSquared
    }
  }
}
