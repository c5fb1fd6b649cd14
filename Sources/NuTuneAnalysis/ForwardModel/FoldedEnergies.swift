/// Neutrino energies of an analysis, GeV.
public struct FoldedEnergies: Sendable {
  /// The narrowest range that is folded, GeV.
  package static let narrowest = 1e-3

  /// Energies that are folded.
  public var folded: ClosedRange<Double>
  /// Energies at which the fluxes have something and leptons of the bins can be made.
  public var usable: ClosedRange<Double>
  /// Lowest energy of a lepton of the bins, those from which leptons migrate into them included.
  public var lowestLepton: Double

  /// Energies that are folded, that could be, and the lowest of a lepton.
  public init(folded: ClosedRange<Double>, usable: ClosedRange<Double>, lowestLepton: Double) {
    self.folded = folded
    self.usable = usable
    self.lowestLepton = lowestLepton
  }
}
