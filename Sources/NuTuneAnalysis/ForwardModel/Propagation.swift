import NuTuneCore

/// How neutrinos get from a source to a detector: over which baseline, as neutrinos or antineutrinos.
package struct Propagation: Hashable, Sendable {
  var baseline: Baseline
  var helicity: Helicity
}

/// Oscillation probabilities of every propagation at the energies where flux × oscillation is averaged.
package typealias PropagationProbabilities = [Propagation: OscillationProbabilities]

extension FoldedDataset {
  /// How its neutrinos oscillate; nil before oscillation.
  var propagation: Propagation? {
    dataset.baseline.map { Propagation(baseline: $0, helicity: dataset.species.helicity) }
  }
}
