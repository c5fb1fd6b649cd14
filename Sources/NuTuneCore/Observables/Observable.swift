/// A quantity that is binned: of the charged lepton, of what the neutrino gives to the nucleus, or the visible energy of
/// everything but the lepton.
public enum Observable: String, Sendable, CaseIterable, Hashable, Codable {
  /// E_l in GeV.
  case leptonEnergy = "lepton_energy"
  /// p_l in GeV.
  case leptonMomentum = "lepton_momentum"
  /// cosθ to the beam.
  case cosTheta = "cos_theta"
  /// θ to the beam in degrees.
  case theta = "theta"
  /// p_T, transverse to the beam, in GeV.
  case transverseMomentum = "transverse_momentum"
  /// p_∥, along the beam, in GeV.
  case longitudinalMomentum = "longitudinal_momentum"
  /// E_QE in GeV: the neutrino energy that the lepton would have from a nucleon at rest, see ``QuasielasticEnergy``.
  case quasielasticEnergy = "quasielastic_energy"
  /// ω = E_ν − E_l in GeV.
  case energyTransfer = "energy_transfer"
  /// q₃ = |k − k′| in GeV.
  case momentumTransfer = "momentum_transfer"
  /// Q² = q₃² − ω² in GeV².
  case q2 = "q2"
  /// E_had, the visible energy beside the lepton, in GeV.
  case hadronicEnergy = "hadronic_energy"
  /// E_rec = E_l + E_had, the neutrino energy that a calorimeter reconstructs, in GeV.
  case reconstructedEnergy = "reconstructed_energy"

  /// Whether it is one of the two quantities that, with the neutrino energy, determine the lepton.
  public var isOfLepton: Bool { self != .hadronicEnergy && self != .reconstructedEnergy }

  /// The quantities that determine the lepton, in order.
  public static var ofLepton: [Observable] { allCases.filter(\.isOfLepton) }

  /// Unit, empty when it has none.
  public var unit: String {
    switch self {
    case .cosTheta: ""
    case .theta: "deg"
    case .q2: "GeV2"
    default: "GeV"
    }
  }

  /// Symbol for axis titles.
  public var symbol: String {
    switch self {
    case .leptonEnergy: "E_l"
    case .leptonMomentum: "p_l"
    case .cosTheta: "cosθ"
    case .theta: "θ"
    case .transverseMomentum: "p_T"
    case .longitudinalMomentum: "p_∥"
    case .quasielasticEnergy: "E_QE"
    case .energyTransfer: "ω"
    case .momentumTransfer: "q_3"
    case .q2: "Q²"
    case .hadronicEnergy: "E_had"
    case .reconstructedEnergy: "E_rec"
    }
  }

  /// The physical range of the observable, in its unit.
  public var range: ClosedRange<Double> {
    switch self {
    case .cosTheta: -1...1
    case .theta: 0...180
    case .longitudinalMomentum: -1e3...1e3
    default: 0...1e3
    }
  }
}
