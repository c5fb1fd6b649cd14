/// What a detector sees of the energy that a neutrino transfers to the nucleus: the probability of each bin of visible
/// hadronic energy E_had, given the energy transfer ω = E_ν − E_l.
///
/// It depends on ω alone. That neutrons, pions and nuclei of one ω are always seen alike is an assumption of every fold
/// that uses it.
public protocol HadronicResponse: Sendable {
  /// Computes P(bin | ω), shape [bins][energy transfers].
  ///
  /// - Parameter energyTransfers: ω in GeV; a fold also asks for a few below zero, next to the physical region, where
  ///   only a smooth continuation is needed.
  /// - Returns: numbers from 0 to 1, whose sum over the bins of an ω is the efficiency there, one if every event is kept.
  func probabilities(at energyTransfers: [Double]) throws -> [[Double]]
}
