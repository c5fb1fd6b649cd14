import NuTuneCore

/// What a file of events says of all its events.
package struct EventRun: Sendable {
  /// Species and nucleus.
  package var reaction: Reaction
  /// Cross section averaged over the flux, in 10⁻³⁸ cm² per nucleon.
  package var meanCrossSection: Double
  /// One standard deviation of ``meanCrossSection``.
  package var meanError: Double
  /// Edges of the flux in GeV, shape [bins + 1].
  package var fluxEdges: [Double]
  /// Mean flux in each bin in ν/cm²/GeV/POT, shape [bins].
  package var fluxDensities: [Double]
  /// Version of the program.
  package var version: String
  /// How the events were made, by names without blanks.
  package var provenance: [(name: String, text: String)]

  /// Creates the description of a run.
  package init(
    reaction: Reaction, meanCrossSection: Double, meanError: Double, fluxEdges: [Double], fluxDensities: [Double],
    version: String, provenance: [(name: String, text: String)]
  ) {
    self.reaction = reaction
    self.meanCrossSection = meanCrossSection
    self.meanError = meanError
    self.fluxEdges = fluxEdges
    self.fluxDensities = fluxDensities
    self.version = version
    self.provenance = provenance
  }
}
