/// A measured quantity of the charged lepton, or the visible energy of everything else.
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
  /// E_had, the visible energy beside the lepton, in GeV.
  case hadronicEnergy = "hadronic_energy"

  /// Whether it is a quantity of the charged lepton alone.
  public var isOfLepton: Bool { self != .hadronicEnergy }

  /// The quantities of the charged lepton, in order.
  public static var ofLepton: [Observable] { allCases.filter(\.isOfLepton) }

  /// Unit, empty when it has none.
  public var unit: String {
    switch self {
    case .cosTheta: ""
    case .theta: "deg"
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
    case .hadronicEnergy: "E_had"
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
