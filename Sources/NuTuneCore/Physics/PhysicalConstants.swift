/// Physical constants, each defined once. Source: S. Navas et al. (Particle Data Group), Phys. Rev. D 110, 030001
/// (2024).
public enum PhysicalConstants {
  /// Fermi constant G_F in GeV⁻².
  public static let fermiConstant = 1.1663788e-5
  /// |V_ud|.
  public static let vud = 0.97367
  /// W boson mass in GeV.
  public static let wBosonMass = 80.3692
  /// Electron mass in GeV.
  public static let electronMass = 0.51099895e-3
  /// Muon mass in GeV.
  public static let muonMass = 0.1056583755
  /// Charged pion mass in GeV.
  public static let chargedPionMass = 0.13957039
  /// Proton mass in GeV.
  public static let protonMass = 0.93827208816
  /// Neutron mass in GeV.
  public static let neutronMass = 0.93956542052
  /// Average nucleon mass M in GeV.
  public static let nucleonMass = (protonMass + neutronMass) / 2
  /// (ħc)² in 10⁻³⁸ cm² GeV²: turns GeV⁻² into the unit of every cross section here.
  public static let hbarcSquared = 0.3893793721e11
}
