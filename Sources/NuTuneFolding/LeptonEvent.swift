/// A charged lepton that one neutrino makes.
public struct LeptonEvent: Sendable, Hashable {
  /// E_ν in GeV.
  public var neutrinoEnergy: Double
  /// E_l in GeV.
  public var leptonEnergy: Double
  /// Cosine of the angle between lepton and beam.
  public var cosTheta: Double
  /// Angle around the beam in radians, from 0 to 2π.
  public var azimuth: Double

  /// Creates an event.
  public init(neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double, azimuth: Double) {
    self.neutrinoEnergy = neutrinoEnergy
    self.leptonEnergy = leptonEnergy
    self.cosTheta = cosTheta
    self.azimuth = azimuth
  }
}
