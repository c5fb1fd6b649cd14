/// What a detector sees of the energy that a neutrino transfers to the nucleus: the probability of each bin of visible
/// hadronic energy E_had, given the energy transfer ω = E_ν − E_l.
///
/// It depends on ω, and on Q² where a detector says so. That neutrons, pions and nuclei of one ω and Q² are always seen
/// alike is an assumption of every fold that uses it.
public protocol HadronicResponse: Sendable {
  /// Computes P(bin | ω), shape [bins][energy transfers]; at Q² = 0 where the response depends on Q².
  ///
  /// - Parameter energyTransfers: ω in GeV; a fold also asks for a few below zero, next to the physical region, where
  ///   only a smooth continuation is needed.
  /// - Returns: numbers from 0 to 1, whose sum over the bins of an ω is the efficiency there, one if every event is kept.
  func probabilities(at energyTransfers: [Double]) throws -> [[Double]]

  /// Whether the probabilities depend on Q², too: only models with structure functions can be folded with those.
  var dependsOnQ2: Bool { get }

  /// Computes P(bin | ω, Q²), shape [bins][points].
  ///
  /// - Parameters:
  ///   - energyTransfers: ω in GeV, some below zero.
  ///   - q2: Q² in GeV², one for each ω; some below zero, next to the physical region.
  func probabilities(at energyTransfers: [Double], q2: [Double]) throws -> [[Double]]
}

extension HadronicResponse {
  /// False: ω alone decides.
  public var dependsOnQ2: Bool { false }

  /// The probabilities at ω, whatever Q² is.
  public func probabilities(at energyTransfers: [Double], q2: [Double]) throws -> [[Double]] {
    try probabilities(at: energyTransfers)
  }
}
