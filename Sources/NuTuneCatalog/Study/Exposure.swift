/// Beam and target material behind a measurement.
package struct Exposure: Sendable, Hashable {
  /// Protons on target in every horn mode; nil where ``pots`` has those of each.
  package var pot: Double?
  /// Protons on target by horn mode; empty where ``pot`` is that of all.
  package var pots: [String: Double] = [:]
  /// Fiducial mass in tonnes.
  package var mass: Double

  /// An exposure with the same protons on target in every horn mode.
  package init(pot: Double, mass: Double) {
    self.pot = pot
    self.mass = mass
  }

  /// An exposure with protons on target of each horn mode.
  package init(pots: [String: Double], mass: Double) {
    self.pots = pots
    self.mass = mass
  }

  /// Protons on target × tonnes of some horn modes, shape [modes]; a mode without protons on target has none.
  func values(in modes: [String]) -> [Double] { modes.compactMap { pot ?? pots[$0] }.map { $0 * mass } }
}
