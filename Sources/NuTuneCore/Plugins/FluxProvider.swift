/// A neutrino flux at one detector in one horn mode, before oscillation.
public protocol FluxProvider: Plugin {
  /// The species that the flux has.
  var species: [NeutrinoSpecies] { get }

  /// Energies in GeV between which the density is smooth, strictly increasing; the flux is zero outside the first and
  /// the last.
  var breakpoints: [Double] { get }

  /// Computes the flux density of one species in ν/cm²/GeV/POT at energies in GeV, shape [energies]; zero outside the
  /// table. Throws for a species that the flux does not have.
  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double]
}
