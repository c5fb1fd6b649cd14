import CKernels
import NuTuneCore

extension ThreeFlavorModel: InPlaceOscillationModel {
  /// See ``InPlaceOscillationModel``.
  package func writeProbabilities(
    at energies: UnsafeBufferPointer<Double>, over baseline: Baseline, helicity: Helicity,
    to values: UnsafeMutablePointer<Double>
  ) throws {
    try check(energies, baseline)
    guard let start = energies.baseAddress, !energies.isEmpty else { return }
    var coefficients = coefficients(over: baseline, helicity: helicity)
    let deviation =
      Self.isVacuum(baseline)
      ? nutune_oscillation_vacuum(&coefficients, start, energies.count, values, energies.count)
      : nutune_oscillation_matter(&coefficients, start, energies.count, values, energies.count)
    try Self.check(deviation: deviation)
  }
}
