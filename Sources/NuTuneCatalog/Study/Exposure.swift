/// Beam and target material behind a measurement.
package struct Exposure: Sendable, Hashable {
  /// Protons on target.
  package var pot: Double
  /// Fiducial mass in tonnes.
  package var mass: Double

  /// An exposure.
  package init(pot: Double, mass: Double) {
    self.pot = pot
    self.mass = mass
  }
}
