/// The flavour of a neutrino or charged lepton.
public enum LeptonFlavor: Int, Sendable, CaseIterable, Hashable {
  /// Electron.
  case electron = 0
  /// Muon.
  case muon = 1
  /// Tau.
  case tau = 2
}
