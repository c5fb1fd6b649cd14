import Foundation
import NuTuneCore

/// A cheap cross section that varies as fast as real ones: a quasi-elastic peak and inelastic scattering above a
/// threshold in W. Its rates determine how finely bins are integrated; its normalisation has no meaning.
///
/// d²σ ∝ p_l [W₂ (E_l − (Q²+m²)/4E_ν) + W₁ (Q²+m²)/2E_ν ± W₃ (Q² − (Q²+m²) ω/2E_ν)/2M + …]. The peak has dipole form
/// factors, the pion's pole in W₄, and a Gaussian in ω around Q²/2M + 28 MeV; the inelastic part is 2√ξ(1−ξ)³ +
/// 0.4(1−ξ)⁷ in Bodek and Yang's ξ. W₃ is given by V − A and valence quarks, clipped at the bound |W₃| |q| ≤ 2M W₁. The
/// terms are kept apart: if each is integrated well, so is every model whose terms have other sizes.
struct SurrogateCrossSection: Sendable {
  /// Mass of the charged lepton in GeV, squared.
  let massSquared: Double
  /// + for ν, − for ν̄.
  let sign: Double
  private let narrowest: Double
  private let motion: Double

  private static let shift = 0.028
  private static let pionMassSquared = PhysicalConstants.chargedPionMass * PhysicalConstants.chargedPionMass
  private static let threshold = (mass: 1.35, width: 0.06)

  init(_ species: NeutrinoSpecies, peakWidth: Double) {
    narrowest = peakWidth
    motion = QuadraturePlan.fermiMotion(besides: peakWidth)
    massSquared = species.leptonMass * species.leptonMass
    sign = species.helicity.sign
  }

  /// Computes the terms of d²σ/(dE_l dcosθ)/p_l in arbitrary units at E_l − p_l cosθ = `difference` in GeV: the terms
  /// of W₁…W₄ of the peak, then of W₁, W₂, W₃, W₅ of the inelastic part.
  @inline(__always)
  func value(neutrinoEnergy: Double, leptonEnergy: Double, difference: Double) -> SIMD8<Double> {
    let omega = neutrinoEnergy - leptonEnergy
    let q2 = 2 * neutrinoEnergy * difference - massSquared
    guard omega > 0, q2 > 0 else { return .zero }
    let mass = PhysicalConstants.nucleonMass
    let momentumSquared = q2 + omega * omega
    let bound = 2 * mass / momentumSquared.squareRoot()
    let scale = q2 + massSquared
    let ofW1 = scale / (2 * neutrinoEnergy)
    let ofW2 = leptonEnergy - 0.5 * ofW1
    let ofW3 = sign * (q2 - ofW1 * omega) / (2 * mass)
    var terms = SIMD8<Double>.zero

    let width2 =
      narrowest * narrowest + motion * motion * momentumSquared / (mass * mass + momentumSquared)
    let distance = omega - q2 / (2 * mass) - Self.shift
    let exponent = 0.5 * distance * distance / width2
    if exponent < 20 {
      let vector = 1 / (1 + q2 / 0.71)
      let axialRoot = 1 / (1 + q2 / 1.06)
      let electric = vector * vector
      let axial = 1.267 * axialRoot * axialRoot
      let tau = q2 / (4 * mass * mass)
      let magnetic = 4.706 * electric
      let strength = 0.4 * exp(-exponent) / width2.squareRoot()
      let w1 = strength * ((1 + tau) * axial * axial + tau * magnetic * magnetic)
      terms[0] = ofW1 * w1
      terms[1] = ofW2 * strength * (axial * axial + (electric * electric + tau * magnetic * magnetic) / (1 + tau))
      terms[2] = ofW3 * min(strength * 2 * axial * magnetic, bound * w1)
      let pole = axial * axial * 2 * mass * mass / (q2 + Self.pionMassSquared)
      terms[3] = -strength * pole * massSquared * omega / (mass * q2) * ofW1
    }

    let hadronic = mass * mass + 2 * mass * omega - q2
    if hadronic > 1 {
      let pull = (hadronic.squareRoot() - Self.threshold.mass) / Self.threshold.width
      let xi = (q2 + 0.235) / (mass * (omega + momentumSquared.squareRoot()) + 0.538)
      if xi < 1 {
        let rest = 1 - xi
        let cubed = rest * rest * rest
        let valence = 2 * xi.squareRoot() * cubed
        let common = (pull > 20 ? 1 : 1 / (1 + exp(-pull))) / (q2 + 0.188)
        let f2 = common * (valence + 0.4 * cubed * cubed * rest)
        let w1 = 0.85 * f2 * (omega + q2 / omega)
        terms[4] = ofW1 * w1
        terms[5] = ofW2 * f2 * q2 / omega
        terms[6] = ofW3 * min(common * valence * 2 * mass, bound * w1)
        terms[7] = -f2 * massSquared
      }
    }
    return terms
  }
}
