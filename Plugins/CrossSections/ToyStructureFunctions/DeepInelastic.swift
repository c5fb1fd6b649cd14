import Foundation
import NuTuneCore
import NuTuneNumerics

/// Deep-inelastic scattering in the Bodek–Yang scaling variable, continued to low Q² and cut off below a threshold in W.
///
///     ξ = (Q²+B) / [Mω(1+√(1+Q²/ω²)) + A]                        kept within 10⁻⁵ … 0.999
///     x q_v = N ξ^a (1−ξ)^b,  ∫q_v dx = 3 (Gross–Llewellyn Smith)      x q_s = c ξ^d (1−ξ)^e
///     K = Q²/(Q²+k)      T = 1/(1+exp[−(W−W₀)/δ]), zero for W ≤ M
///     F₂ = (x q_v + 2 x q_s) K T          F₁ = F₂(1+γ²)/(2x(1+R)),  γ² = 4M²x²/Q²
///     R = R₀/(1+Q²/Q²_R)                  F₃ = 2F₁/√(1+γ²) · q_v/(q_v+2q_s)          F₄ = 0    2xF₅ = F₂
///
/// Below the nucleon mass no inelastic state can be produced; the remaining T of 10⁻³ would diverge as 1/ω at ω → 0.
///
/// The parity-violating part is the transverse part times the valence share, |W₃| |q|/(2M) = W₁ q_v/(q_v+2q_s), and
/// W_L = R W₁: a positive hadron tensor for every parameter, without a clamp.
package struct DeepInelastic: Sendable {
  private let a: Double
  private let b: Double
  private let valencePower: Double
  private let valenceFalloff: Double
  private let valenceNorm: Double
  private let seaNorm: Double
  private let seaPower: Double
  private let seaFalloff: Double
  private let suppression: Double
  /// W at which the deep-inelastic part has half its strength, GeV.
  package let thresholdMass: Double
  /// Width of the threshold in W, GeV.
  package let thresholdWidth: Double
  /// R at Q² = 0.
  package let longitudinalRatioAtZero: Double
  /// Q² at which R has halved, GeV².
  package let longitudinalScale: Double
  private let isoscalar: Bool
  private let scale: Double

  /// Parameters, `dis.…`.
  package static let parameters = [
    ParameterDeclaration("dis.scaling_a", unit: "GeV²", default: .number(0.4), .number(0...10), "A of ξ"),
    ParameterDeclaration("dis.scaling_b", unit: "GeV²", default: .number(0.25), .number(0...10), "B of ξ"),
    ParameterDeclaration(
      "dis.valence_power", default: .number(0.7), .number(0.01...5), "power of ξ in the valence distribution"),
    ParameterDeclaration(
      "dis.valence_falloff", default: .number(3.5), .number(0...20), "power of 1−ξ in the valence distribution"),
    ParameterDeclaration(
      "dis.valence_number", default: .number(3), .number(0...10), "valence quarks per nucleon, ∫q_v dx"),
    ParameterDeclaration("dis.sea_norm", default: .number(0.17), .number(0...10), "normalisation of the sea"),
    ParameterDeclaration("dis.sea_power", default: .number(-0.1), .number(-1...5), "power of ξ in the sea"),
    ParameterDeclaration("dis.sea_falloff", default: .number(7), .number(0...20), "power of 1−ξ in the sea"),
    ParameterDeclaration(
      "dis.suppression", unit: "GeV²", default: .number(0.3), .number(1e-3...10), "k of the low-Q² factor Q²/(Q²+k)"),
    ParameterDeclaration("dis.threshold", unit: "GeV", default: .number(1.35), .number(0.94...5), "W of half strength"),
    ParameterDeclaration(
      "dis.threshold_width", unit: "GeV", default: .number(0.06), .number(1e-3...1), "width of the threshold in W"),
    ParameterDeclaration(
      "dis.longitudinal_ratio_at_zero", default: .number(0.3), .number(0...10),
      "R₀ of R = σ_L/σ_T = R₀/(1+Q²/Q²_R)"),
    ParameterDeclaration(
      "dis.longitudinal_scale", unit: "GeV²", default: .number(2.5), .number(1e-3...1e4), "Q²_R, at which R has halved"),
    ParameterDeclaration(
      "dis.isoscalar", default: .boolean(true), .boolean,
      "take nuclei as isoscalar; otherwise, and always on H1, ν sees d_v and ν̄ sees u_v, weighed by Z and N, with "
        + "u_v = 2 d_v"),
    ParameterDeclaration("dis.scale", default: .number(1), .number(0...100), "factor on the deep-inelastic part"),
  ]

  /// Parameters of earlier versions.
  package static let retired = [
    RetiredParameter(
      "dis.longitudinal_ratio",
      "dis.longitudinal_ratio_at_zero and dis.longitudinal_scale: R falls with Q², a constant one let xF₃ exceed 2xF₁")
  ]

  /// Whether a parameter changes the deep-inelastic part.
  package static func follows(_ parameter: String) -> Bool { parameters.contains { $0.name == parameter } }

  /// Creates the deep-inelastic part with its parameters.
  package init(_ parameters: ParameterValues) throws {
    a = parameters.number("dis.scaling_a")
    b = parameters.number("dis.scaling_b")
    valencePower = parameters.number("dis.valence_power")
    valenceFalloff = parameters.number("dis.valence_falloff")
    valenceNorm =
      try parameters.number("dis.valence_number") / SpecialFunctions.beta(valencePower, valenceFalloff + 1)
    seaNorm = parameters.number("dis.sea_norm")
    seaPower = parameters.number("dis.sea_power")
    seaFalloff = parameters.number("dis.sea_falloff")
    suppression = parameters.number("dis.suppression")
    thresholdMass = parameters.number("dis.threshold")
    thresholdWidth = parameters.number("dis.threshold_width")
    longitudinalRatioAtZero = parameters.number("dis.longitudinal_ratio_at_zero")
    longitudinalScale = parameters.number("dis.longitudinal_scale")
    isoscalar = parameters.boolean("dis.isoscalar")
    scale = parameters.number("dis.scale")
  }

  /// Computes x q_v and x q_s at (ω, Q²), without K and T.
  package func partons(omega: Double, q2: Double) -> (valence: Double, sea: Double) {
    let mass = PhysicalConstants.nucleonMass
    let root = (1 + q2 / (omega * omega)).squareRoot()
    let xi = min(max((q2 + b) / (mass * omega * (1 + root) + a), 1e-5), 0.999)
    return (
      valenceNorm * pow(xi, valencePower) * pow(1 - xi, valenceFalloff),
      seaNorm * pow(xi, seaPower) * pow(1 - xi, seaFalloff)
    )
  }

  /// Computes the threshold function T at W in GeV, from 0 to 1.
  @inlinable
  package func threshold(hadronicMass: Double) -> Double {
    1 / (1 + exp(-(hadronicMass - thresholdMass) / thresholdWidth))
  }

  /// Computes R = σ_L/σ_T at Q² in GeV².
  @inlinable
  package func longitudinalRatio(q2: Double) -> Double {
    longitudinalRatioAtZero / (1 + q2 / longitudinalScale)
  }

  /// Adds W₁…W₅ in GeV⁻¹ per nucleon at every point.
  package func add(to functions: inout StructureFunctions, of reaction: Reaction, at points: InvariantPoints) {
    let mass = PhysicalConstants.nucleonMass
    let target = reaction.target
    // With u_v = 2 d_v, ν on (Z, N) sees 2(Z d_v + N u_v)/A = (2/3)(Z + 2N)/A · q_v, and ν̄ the mirror image.
    let struck = reaction.species.helicity == .neutrino ? target.neutronFraction : target.protonFraction
    let valenceWeight = isoscalar && !target.isFreeProton ? 1 : 2 * (1 + struck) / 3
    for i in 0..<points.count {
      let omega = points.omega[i]
      let q2 = points.q2[i]
      let w2 = Kinematics.hadronicMassSquared(omega: omega, q2: q2)
      guard omega > 0, w2 > mass * mass else { continue }
      let cut = threshold(hadronicMass: w2.squareRoot())
      let common = scale * cut / (q2 + suppression)  // K T / Q², so that Q² → 0 needs no division
      guard common > 1e-12 else { continue }
      let (valence, sea) = partons(omega: omega, q2: q2)
      let parityViolating = valenceWeight * valence
      let all = parityViolating + 2 * sea
      guard all > 0 else { continue }
      let f2 = all * common  // F₂/Q²
      let w1 = f2 * (omega + q2 / omega) / (1 + longitudinalRatio(q2: q2))
      functions.w[0][i] += w1
      functions.w[1][i] += f2 * q2 / omega
      functions.w[2][i] += parityViolating / all * w1 * 2 * mass / (q2 + omega * omega).squareRoot()
      functions.w[4][i] += f2 * mass
    }
  }
}
