import NuTuneCore

/// What an import needs of an event of a generator.
package struct GeneratedEvent: Sendable, Equatable {
  /// Particle number of the incoming neutrino.
  package var neutrino: Int
  /// Particle number of the target nucleus.
  package var target: Int
  /// Whether it is a charged current.
  package var isChargedCurrent: Bool
  /// Particle number of the charged lepton; 0 without one.
  package var lepton: Int
  /// E_ν in GeV.
  package var neutrinoEnergy: Double
  /// E_l in GeV.
  package var leptonEnergy: Double
  /// Cosine of the angle between lepton and neutrino.
  package var cosTheta: Double
  /// Weight of the event.
  package var weight: Double
}
