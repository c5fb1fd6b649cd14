import NuTuneCore

/// The two constants that convert Δm², L, E and ρ into a phase and a potential.
///
/// The choice changes probabilities by up to 3e-5 (long-baseline experiments), so comparisons have to agree on it.
public struct OscillationConstants: Sendable, Hashable {
  /// k in Δ = k Δm² L/E, for Δm² in eV², L in km, E in GeV.
  public var phase: Double
  /// a/(Y_e ρ E) in eV², for ρ in g/cm³ and E in GeV: 2√2 G_F N_A.
  public var potential: Double

  /// Creates constants with given values.
  public init(phase: Double, potential: Double) {
    self.phase = phase
    self.potential = potential
  }

  /// Constants from the SI's exact h, c, e, N_A (CODATA 2022, arXiv:2409.03787) and G_F: 1.266932679…, 1.526493…e-4.
  public static let codata: OscillationConstants = {
    let hbarc = 6.626_070_15e-34 / (2 * Double.pi) * 299_792_458 / 1.602_176_634e-19  // eV m
    let avogadro = 6.022_140_76e23
    let fermi = PhysicalConstants.fermiConstant * 1e-18  // eV⁻²
    let electronsPerCubicMeter = avogadro * 1e6  // for Y_e ρ = 1 g/cm³
    return OscillationConstants(
      phase: 1e3 / (4 * hbarc * 1e9),
      potential: 2 * 2.0.squareRoot() * fermi * electronsPerCubicMeter * hbarc * hbarc * hbarc * 1e9)
  }()

  /// Constants of NuFast-LBL (arXiv:2405.02400), for comparison with it: ħc = 197.327 MeV fm, so k = 1.26693255…
  public static let nufast = OscillationConstants(phase: 1e-9 / 1.97327e-7 * 1e3 / 4, potential: 1.52588e-4)

  /// Names in studies.
  static let named: [String: OscillationConstants] = ["codata": .codata, "nufast": .nufast]
}
