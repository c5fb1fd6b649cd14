/// Standard deviation of a measured lepton energy E in GeV: σ/E = √(a² + b²/E + c²/E²).
struct EnergyResolution: Sendable {
  /// a, relative.
  var constant: Double
  /// b in √GeV.
  var stochastic: Double
  /// c in GeV.
  var noise: Double

  /// Computes σ in GeV at an energy in GeV.
  func width(at energy: Double) -> Double {
    (constant * constant * energy * energy + stochastic * stochastic * energy + noise * noise).squareRoot()
  }
}
