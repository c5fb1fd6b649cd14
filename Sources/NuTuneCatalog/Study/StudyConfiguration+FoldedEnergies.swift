import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// Lowest energy in GeV of a lepton in the true bins of some detectors: no neutrino below it can make one.
  ///
  /// - Parameters:
  ///   - near: near detectors, each with the bins of its configuration.
  ///   - far: far detectors, each with those and the bins of its samples.
  package func lowestLeptonEnergy(
    near: [(configuration: DetectorConfiguration, made: AssembledDetector)],
    far: [(configuration: DetectorConfiguration, made: AssembledDetector)]
  ) throws -> Double {
    // Of one experiment all detectors count with the bins of all samples, so that a study keeps its energies.
    let lowest = try (near + far).flatMap { detector in
      let samples = hasJointFarSamples ? farSamples(of: detector.configuration) : farSamples
      let (made, binning) = (detector.made, detector.configuration.binning)
      let ofSamples = samples.filter { $0.binning != nil || made.ofSamples[$0.name] != nil }
      let measured =
        [(made.detector, binning)]
        + ofSamples.map { (made.ofSamples[$0.name] ?? made.detector, $0.binning ?? binning) }
      return try (channels + farChannels).map { species in
        try measured.map { try $0.trueBinning(for: $1.lepton).lowestLeptonEnergy(of: species) }.min() ?? 0
      }
    }
    return lowest.min() ?? 0
  }

  /// Lowest and highest neutrino energy in GeV at which fluxes have something and a lepton of the bins can be made.
  package func usableEnergies(above lowest: Double, _ fluxes: [any FluxProvider]) -> ClosedRange<Double> {
    let covered = fluxes.flatMap(\.breakpoints)
    let low = max(covered.min() ?? 0, lowest)
    return low...max(covered.max() ?? StudySections.highestEnergy, low)
  }

  /// The neutrino energies in GeV that are folded: what the study says, and where it does not the energies of
  /// ``usableEnergies(_:)`` that every model serves.
  package func foldedEnergies(within usable: ClosedRange<Double>, models: [any CrossSectionModel]) throws
    -> ClosedRange<
      Double
    >
  {
    let served = models.compactMap(\.energyRange)
    let low = max(
      fold.optionalNumber("energy_minimum") ?? served.map(\.lowerBound).max() ?? 0, usable.lowerBound)
    let high = min(
      fold.optionalNumber("energy_maximum") ?? served.map(\.upperBound).min() ?? .greatestFiniteMagnitude,
      usable.upperBound)
    guard high - low >= StudySections.narrowestFold else {
      throw NuTuneError(
        .badData, at: fold.location(of: "energy_minimum") ?? fold.location(of: "energy_maximum"),
        key: "fold.energy_minimum",
        found: "no neutrino energies between \(low) and \(high) GeV that the fluxes, the bins and the models share",
        expected: "at least \(StudySections.narrowestFold) GeV of them")
    }
    return low...high
  }
}
