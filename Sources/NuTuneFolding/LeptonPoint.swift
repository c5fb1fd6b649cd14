/// A lepton for which E_ν is integrated.
struct LeptonPoint: Sendable {
  /// E_l in GeV.
  var energy: Double
  /// p_l in GeV.
  var momentum: Double
  /// cosθ.
  var cosTheta: Double
  /// E_l − p_l cosθ in GeV.
  var difference: Double
  /// Weight of dE_l dcosθ.
  var weight: Double
}
