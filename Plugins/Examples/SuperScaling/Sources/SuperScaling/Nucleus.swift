import NuTuneCore

/// The nucleus of a target that contains its bound nucleons: carbon in CH.
enum Nucleus: String, CaseIterable {
  case carbon = "C12"
  case oxygen = "O16"
  case argon = "Ar40"
  case iron = "Fe56"
  case lead = "Pb208"

  /// k_F and E_s in GeV: C. Maieron, T. W. Donnelly and I. Sick, Phys. Rev. C 65 (2002) 025502, table I; for oxygen
  /// G. D. Megias et al., J. Phys. G 46 (2019) 015104; argon has the values of calcium.
  var standard: ScalingVariable {
    switch self {
    case .carbon: ScalingVariable(fermiMomentum: 0.228, energyShift: 0.020)
    case .oxygen: ScalingVariable(fermiMomentum: 0.230, energyShift: 0.016)
    case .argon: ScalingVariable(fermiMomentum: 0.241, energyShift: 0.028)
    case .iron: ScalingVariable(fermiMomentum: 0.241, energyShift: 0.023)
    case .lead: ScalingVariable(fermiMomentum: 0.248, energyShift: 0.031)
    }
  }

  /// Finds the nucleus in a target, nil for free protons.
  init?(in target: Target) {
    switch target.name {
    case "CH", "CH2": self = .carbon
    case "H2O": self = .oxygen
    default: self.init(rawValue: target.name)
    }
  }
}
