/// Standard deviation of a measured lepton angle: σ = √(a² + (s/E)²).
struct AngleResolution: Sendable {
  /// a in degrees.
  var constant: Double
  /// s in degrees · GeV.
  var scattering: Double

  /// Largest useful width: a Gaussian of this width, reflected at 0 and 180 degrees, is uniform to 3·10⁻⁹.
  static let widest = 360.0

  /// Computes σ in degrees at an energy in GeV.
  func width(at energy: Double) -> Double {
    guard scattering > 0 else { return constant }
    return min((constant * constant + scattering * scattering / (energy * energy)).squareRoot(), Self.widest)
  }
}
