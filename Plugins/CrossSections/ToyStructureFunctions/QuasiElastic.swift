import Foundation
import NuTuneCore

/// Quasi-elastic scattering off nucleons with dipole form factors, the energy-conserving δ(ω − Q²/2M) replaced by a
/// normalised Gaussian response S(ω; Q²).
///
/// On the line ω = Q²/2M, with τ = Q²/4M² (C. H. Llewellyn Smith, Phys. Rept. 3 (1972) 261):
///
///     w₁ = (1+τ)F_A² + τ(F₁+F₂)²     w₂ = F_A² + F₁² + τF₂²     w₃ = −2F_A(F₁+F₂)     w₅ = w₂/2
///     w₄ = w₂/4 − ¼[(F₁+F₂)² + (F_A+2F_P)² − 4(1+τ)F_P²]
///     W_i = |V_ud|² f w_i S(ω; Q²),   f = N/A for ν, Z/A for ν̄
///
/// Off the line these functions of Q² alone do not give a positive hadron tensor, so ``nucleon(omega:q2:)`` continues
/// w₁ and w₂ in a form that does for every (ω, Q²) and equals them on the line. A free proton, the target H1, has no
/// Fermi motion and no binding; see ``FreeProtonResponse``.
package struct QuasiElastic: Sendable {
  /// Axial mass M_A in GeV.
  package let axialMass: Double
  /// F_A(0), negative.
  package let axialCoupling: Double
  /// Squared dipole mass of the vector form factors in GeV².
  package let vectorMassSquared: Double
  /// G_M^V(0) = μ_p − μ_n.
  package let magneticMoment: Double
  /// Fermi momentum in GeV.
  package let fermiMomentum: Double
  /// Shift of the peak above Q²/2M in GeV.
  package let energyShift: Double
  /// Width that remains as q → 0, in GeV.
  package let widthFloor: Double
  /// Factor on the Fermi-motion width.
  package let widthScale: Double
  /// The response of the free proton, H1.
  package let freeProton: FreeProtonResponse
  /// Factor on the whole quasi-elastic part.
  package let scale: Double

  /// Parameters, `quasi_elastic.…`.
  package static let parameters = [
    ParameterDeclaration(
      "quasi_elastic.axial_mass", unit: "GeV", default: .number(1.03), .number(0.1...10), "dipole mass M_A of F_A"),
    ParameterDeclaration(
      "quasi_elastic.axial_coupling", default: .number(-1.267), .number(-10...10), "F_A at Q² = 0"),
    ParameterDeclaration(
      "quasi_elastic.vector_mass_squared", unit: "GeV²", default: .number(0.71), .number(0.01...10),
      "squared dipole mass of G_E and G_M"),
    ParameterDeclaration(
      "quasi_elastic.magnetic_moment", default: .number(4.706), .number(0...20), "G_M at Q² = 0, μ_p − μ_n"),
    ParameterDeclaration(
      "quasi_elastic.fermi_momentum", unit: "GeV", default: .number(0.245), .number(0...1),
      "Fermi momentum k_F, sets the width k_F |q| / (√5 √(M²+|q|²))"),
    ParameterDeclaration(
      "quasi_elastic.energy_shift", unit: "GeV", default: .number(0.028), .number(-0.5...0.5),
      "shift of the peak above Q²/2M"),
    ParameterDeclaration(
      "quasi_elastic.width_floor", unit: "GeV", default: .number(0.03), .number(1e-4...1),
      "width added in quadrature"),
    ParameterDeclaration(
      "quasi_elastic.width_scale", default: .number(1), .number(0...10), "factor on the Fermi-motion width"),
    ParameterDeclaration(
      "quasi_elastic.free_proton_width", unit: "GeV", default: .number(0.008), .number(1e-3...0.1),
      "width of the line ω = Q²/2M on H1, which has none: as narrow as fold tables resolve"),
    ParameterDeclaration(
      "quasi_elastic.scale", default: .number(1), .number(0...100), "factor on the quasi-elastic part"),
  ]

  /// Whether a parameter changes the quasi-elastic part.
  package static func follows(_ parameter: String) -> Bool { parameters.contains { $0.name == parameter } }

  /// Creates the quasi-elastic part with its parameters.
  package init(_ parameters: ParameterValues) {
    axialMass = parameters.number("quasi_elastic.axial_mass")
    axialCoupling = parameters.number("quasi_elastic.axial_coupling")
    vectorMassSquared = parameters.number("quasi_elastic.vector_mass_squared")
    magneticMoment = parameters.number("quasi_elastic.magnetic_moment")
    fermiMomentum = parameters.number("quasi_elastic.fermi_momentum")
    energyShift = parameters.number("quasi_elastic.energy_shift")
    widthFloor = parameters.number("quasi_elastic.width_floor")
    widthScale = parameters.number("quasi_elastic.width_scale")
    freeProton = FreeProtonResponse(width: parameters.number("quasi_elastic.free_proton_width"))
    scale = parameters.number("quasi_elastic.scale")
  }

  /// Computes w₁…w₅ of a free nucleon at Q² in GeV² (dimensionless), without the δ-function.
  package func nucleon(q2: Double) -> (w1: Double, w2: Double, w3: Double, w4: Double, w5: Double) {
    nucleon(omega: q2 / (2 * PhysicalConstants.nucleonMass), q2: q2)
  }

  /// Computes w₁…w₅ at (ω, Q²), positive for massless leptons; on the line ω = Q²/2M they are those of a free nucleon.
  ///
  /// With τ̃ defined by |q|² = 4M²τ̃(1+τ̃), which is τ on the line, the transverse part is that of a nucleon that took
  /// the momentum |q|,
  ///
  ///     w₁ = (1+τ̃)F_A² + τ̃(F₁+F₂)²,      |w₃| |q|/(2M) = 2√(τ̃(1+τ̃)) |F_A(F₁+F₂)| ≤ w₁,
  ///
  /// and w₂ follows from its longitudinal part w_L, w₂ = (Q²/|q|²)(w₁ + w_L). On the line w_L = G_E². Off it, the w₂ of
  /// the line would give v + G_E², v = (|q|²/Q²)w₂ − w₁ − G_E², which turns negative below the peak at large Q²; the
  /// positive branch of a hyperbola follows it above the peak, passes through G_E² on the line and stays positive:
  ///
  ///     w_L = ½[h + √(h² + 4cG_E⁴)],     h = v + (1−c)G_E²,     c = τ/(1+τ)
  package func nucleon(omega: Double, q2: Double) -> (w1: Double, w2: Double, w3: Double, w4: Double, w5: Double) {
    let mass = PhysicalConstants.nucleonMass
    let pionMass = PhysicalConstants.chargedPionMass
    let tau = q2 / (4 * mass * mass)
    let vectorRoot = 1 + q2 / vectorMassSquared
    let electric = 1 / (vectorRoot * vectorRoot)
    let magnetic = magneticMoment * electric
    let dirac = (electric + tau * magnetic) / (1 + tau)
    let pauli = (magnetic - electric) / (1 + tau)
    let axialRoot = 1 + q2 / (axialMass * axialMass)
    let axial = axialCoupling / (axialRoot * axialRoot)
    let pseudoscalar = 2 * mass * mass * axial / (pionMass * pionMass + q2)

    let sum = dirac + pauli
    let onLine = axial * axial + dirac * dirac + tau * pauli * pauli
    let mixed = axial + 2 * pseudoscalar
    let w4 = onLine / 4 - (sum * sum + mixed * mixed - 4 * (1 + tau) * pseudoscalar * pseudoscalar) / 4

    let momentumSquared = q2 + omega * omega
    let ratio = momentumSquared / (mass * mass)
    let shifted = ratio / (2 * ((1 + ratio).squareRoot() + 1))  // τ̃
    let w1 = (1 + shifted) * axial * axial + shifted * sum * sum
    let curvature = tau / (1 + tau)
    let charge = electric * electric
    let h = momentumSquared / q2 * onLine - w1 - curvature * charge
    let root = (h * h + 4 * curvature * charge * charge).squareRoot()
    let longitudinal = h > 0 ? (h + root) / 2 : 2 * curvature * charge * charge / (root - h)
    let w2 = q2 / momentumSquared * (w1 + longitudinal)
    return (w1, w2, -2 * axial * sum, w4, w2 / 2)
  }

  /// Computes the width of the response in ω at (ω, Q²), GeV: the Fermi motion k_F |q| / (√5 √(M²+|q|²)) and the floor
  /// in quadrature.
  @inlinable
  package func responseWidth(omega: Double, q2: Double) -> Double {
    let mass = PhysicalConstants.nucleonMass
    let momentumSquared = q2 + omega * omega
    let motion = widthScale * fermiMomentum * (momentumSquared / (5 * (mass * mass + momentumSquared))).squareRoot()
    return (motion * motion + widthFloor * widthFloor).squareRoot()
  }

  /// Computes S(ω; Q²) of a nucleus in GeV⁻¹, normalised in ω at fixed width.
  package func response(omega: Double, q2: Double) -> Double {
    let width = responseWidth(omega: omega, q2: q2)
    let pull = (omega - q2 / (2 * PhysicalConstants.nucleonMass) - energyShift) / width
    return exp(-0.5 * pull * pull) / (width * (2 * Double.pi).squareRoot())
  }

  /// Adds W₁…W₅ in GeV⁻¹ per nucleon at every point.
  package func add(to functions: inout StructureFunctions, of reaction: Reaction, at points: InvariantPoints) {
    let target = reaction.target
    let fraction = reaction.species.helicity == .neutrino ? target.neutronFraction : target.protonFraction
    let factor = PhysicalConstants.vud * PhysicalConstants.vud * fraction * scale
    let isFree = target.isFreeProton
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      let shape = isFree ? freeProton.value(omega: omega, q2: q2) : response(omega: omega, q2: q2)
      let strength = factor * shape
      guard strength > 1e-30 else { continue }
      let w = nucleon(omega: omega, q2: q2)
      functions.w[0][i] += strength * w.w1
      functions.w[1][i] += strength * w.w2
      functions.w[2][i] += strength * w.w3
      functions.w[3][i] += strength * w.w4
      functions.w[4][i] += strength * w.w5
    }
  }
}
