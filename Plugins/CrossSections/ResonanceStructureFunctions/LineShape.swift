import Foundation
import NuTuneCore

/// The distribution B(W²) of the mass of a resonance, a Breit–Wigner with mass-dependent width:
///
///     B = (1/π) W Γ(W) / [(W² − M_R²)² + W² Γ²(W)],   Γ(W) = Γ_R [p_π(W)/p_π(M_R)]^{2l+1},   zero for W ≤ M + m_π
///
/// p_π is the pion momentum in the decay R → Nπ of orbital momentum l. ∫ B dW² = 1 for a narrow resonance, and form
/// factors are quoted for the height 1/(π M_R Γ_R). In a nucleus B is folded with a Gaussian in W², the Fermi motion of
/// the struck nucleon, and tabulated, as a function of W² and the Gaussian's width.
package struct LineShape: Sendable {
  /// M_R in GeV.
  package let mass: Double
  /// Γ_R in GeV.
  package let width: Double
  /// l of the decay into Nπ.
  package let orbital: Int

  private let pionMomentum: Double
  private let smeared: SmearedShape?

  /// Creates a line shape; `smearing` gives the widths in W² (GeV²) for which the folded shape is tabulated.
  package init(mass: Double, width: Double, orbital: Int, smearing: ClosedRange<Double>?, upTo highestSmeared: Double) {
    self.mass = mass
    self.width = width
    self.orbital = orbital
    let momentum = Self.pionMomentum(massSquared: mass * mass)
    pionMomentum = momentum
    smeared = smearing.map { widths in
      let key = TableKey(
        mass: mass, width: width, orbital: orbital, smearing: widths,
        massCount: SmearedShape.massCount(upTo: highestSmeared))
      return Self.tables.value(key) {
        SmearedShape(widths: widths, upTo: highestSmeared) {
          Self.shape($0, mass: mass, width: width, orbital: orbital, pionMomentum: momentum)
        }
      }
    }
  }

  /// Everything that a folded shape depends on.
  private struct TableKey: Hashable {
    var mass, width: Double
    var orbital: Int
    var smearing: ClosedRange<Double>
    var massCount: Int
  }

  /// Folded shapes, of some 100 kB each.
  private static let tables = RecentResults<TableKey, SmearedShape>(capacity: 64)

  /// M + m_π in GeV.
  static let threshold = PhysicalConstants.nucleonMass + PhysicalConstants.chargedPionMass

  /// Computes B(W²) of a free nucleon, GeV⁻².
  @inline(__always)
  package func value(massSquared: Double) -> Double {
    Self.shape(massSquared, mass: mass, width: width, orbital: orbital, pionMomentum: pionMomentum)
  }

  /// Returns B folded with a Gaussian of this width in W² (GeV²), GeV⁻²; B of a free nucleon when nothing was
  /// tabulated.
  @inline(__always)
  package func value(massSquared: Double, smearing: Double) -> Double {
    smeared?.value(massSquared: massSquared, smearing: smearing) ?? value(massSquared: massSquared)
  }

  @inline(__always)
  private static func shape(
    _ massSquared: Double, mass: Double, width: Double, orbital: Int, pionMomentum reference: Double
  ) -> Double {
    guard massSquared > threshold * threshold else { return 0 }
    let ratio = pionMomentum(massSquared: massSquared) / reference
    var running = width * ratio
    for _ in 0..<orbital { running *= ratio * ratio }
    let w = massSquared.squareRoot()
    let difference = massSquared - mass * mass
    return w * running / (Double.pi * (difference * difference + massSquared * running * running))
  }

  /// Computes p_π of R → Nπ in GeV.
  @inline(__always)
  private static func pionMomentum(massSquared: Double) -> Double {
    let nucleon = PhysicalConstants.nucleonMass
    let pion = PhysicalConstants.chargedPionMass
    let plus = (nucleon + pion) * (nucleon + pion)
    let minus = (nucleon - pion) * (nucleon - pion)
    return (max((massSquared - plus) * (massSquared - minus), 0) / massSquared).squareRoot() / 2
  }
}
