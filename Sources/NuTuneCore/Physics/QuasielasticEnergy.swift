/// The neutrino energy that a charged lepton tells if a bound nucleon at rest made it, ν n → l⁻ p or ν̄ p → l⁺ n:
///
///     E_QE = [2M′E_l − m² + M_f² − M′²] / [2(M′ − E_l + p_l cosθ)],   M′ = M_i − E_b,
///
/// M_i and M_f the masses of the nucleon before and after. Where the denominator is not positive, for fast leptons at
/// large angles, a lepton has no E_QE.
///
/// E_QE ≤ E means a E_l − b p_l ≤ A with a = 2(E + M′), b = 2E cosθ, A = 2E M′ + m² + M′² − M_f². The left side is convex in
/// p_l: at an angle these leptons are an interval of momenta, whose ends solve a quadratic equation, and which lies within
/// that of any larger E. Next to threshold the interval begins above zero and two leptons have the same E_QE.
public struct QuasielasticEnergy: Sendable, Hashable {
  /// E_b in GeV of T2K's reconstruction on oxygen.
  public static let defaultBindingEnergy = 0.027
  /// Binding energies in GeV that make sense.
  public static let bindingEnergies = 0.0...0.2

  /// Mass of the lepton in GeV.
  public let leptonMass: Double
  /// M′ = M_i − E_b in GeV.
  public let initialMass: Double
  /// M_f in GeV.
  public let finalMass: Double

  /// The reconstruction for a neutrino species, with a binding energy in GeV.
  public init(of species: NeutrinoSpecies, bindingEnergy: Double = QuasielasticEnergy.defaultBindingEnergy) {
    let masses = (PhysicalConstants.neutronMass, PhysicalConstants.protonMass)
    let (initial, final) = species.helicity == .neutrino ? masses : (masses.1, masses.0)
    leptonMass = species.leptonMass
    initialMass = initial - bindingEnergy
    finalMass = final
  }

  /// Computes E_QE in GeV of a lepton; infinite for one that has none.
  public func value(leptonEnergy: Double, cosTheta: Double) -> Double {
    let denominator = denominator(leptonEnergy, cosTheta)
    guard denominator > 0 else { return .infinity }
    return
      (2 * initialMass * leptonEnergy - leptonMass * leptonMass + (finalMass - initialMass) * (finalMass + initialMass))
      / denominator
  }

  /// 2(M′ − E_l + p_l cosθ) in GeV, with E_l − p_l cosθ as m²/(E_l + p_l) + p_l(1 − cosθ).
  private func denominator(_ leptonEnergy: Double, _ cosTheta: Double) -> Double {
    let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: leptonMass)
    let difference = leptonMass * leptonMass / (leptonEnergy + momentum) + momentum * (1 - cosTheta)
    return 2 * (initialMass - difference)
  }

  private func coefficients(_ energy: Double, _ cosTheta: Double) -> (a: Double, b: Double, right: Double) {
    (
      2 * (energy + initialMass), 2 * energy * cosTheta,
      2 * energy * initialMass + leptonMass * leptonMass + (initialMass - finalMass) * (initialMass + finalMass)
    )
  }

  /// Returns the momenta in GeV of the leptons at an angle with E_QE up to an energy in GeV; nil if there are none.
  public func momenta(upTo energy: Double, cosTheta: Double) -> ClosedRange<Double>? {
    let (a, b, right) = coefficients(energy, cosTheta)
    let determinant = (a - b) * (a + b)
    let discriminant = right * right - leptonMass * leptonMass * determinant
    guard right > 0, discriminant >= 0 else { return nil }
    let root = a * discriminant.squareRoot()
    // The product of both solutions gives the one of which a difference would lose digits.
    let product = (a * leptonMass - right) * (a * leptonMass + right) / determinant
    let large = (right * b + (b < 0 ? -root : root)) / determinant
    guard large != 0 else { return nil }
    let (low, high) = b < 0 ? (large, product / large) : (product / large, large)
    return high > 0 ? max(low, 0)...high : nil
  }

  /// Computes the faster lepton at an angle with an E_QE in GeV, and dE_l/dE_QE at the angle; nil if there is none.
  public func lepton(at energy: Double, cosTheta: Double) -> (energy: Double, slope: Double)? {
    guard let momentum = momenta(upTo: energy, cosTheta: cosTheta)?.upperBound else { return nil }
    let leptonEnergy = (momentum * momentum + leptonMass * leptonMass).squareRoot()
    let (a, b, _) = coefficients(energy, cosTheta)
    return (leptonEnergy, denominator(leptonEnergy, cosTheta) * momentum / (a * momentum - b * leptonEnergy))
  }

  /// Returns cosθ at which a lepton of a momentum in GeV has an E_QE in GeV, even where it is no cosine.
  public func cosTheta(momentum: Double, at energy: Double) -> Double {
    let leptonEnergy = (momentum * momentum + leptonMass * leptonMass).squareRoot()
    let (a, _, right) = coefficients(energy, 0)
    return (a * leptonEnergy - right) / (2 * energy * momentum)
  }

  /// Returns the smallest cosθ of leptons with an E_QE in GeV: −1 above threshold at all angles, more than one below any.
  public func smallestCosTheta(at energy: Double) -> Double {
    let (a, _, right) = coefficients(energy, 0)
    guard right < leptonMass * a, energy > 0 else { return -1 }
    let ratio = right / leptonMass
    return ((a - ratio) * (a + ratio)).squareRoot() / (2 * energy)
  }
}
