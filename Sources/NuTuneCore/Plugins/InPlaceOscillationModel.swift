/// An oscillation model that can write probabilities where the caller wants them, which saves copies of many energies.
package protocol InPlaceOscillationModel: OscillationModel {
  /// Computes the probabilities at energies in GeV (> 0).
  ///
  /// - Parameters:
  ///   - energies: shape [energies].
  ///   - baseline: the way of the neutrinos.
  ///   - helicity: neutrinos or antineutrinos.
  ///   - values: where they are written, rows as in ``OscillationProbabilities/values``, shape [9][energies], flat.
  func writeProbabilities(
    at energies: UnsafeBufferPointer<Double>, over baseline: Baseline, helicity: Helicity,
    to values: UnsafeMutablePointer<Double>
  ) throws
}
