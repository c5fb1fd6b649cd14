/// A neutrino flux at one detector in one horn mode, before oscillation.
public protocol FluxProvider: Plugin {
  /// The species it has.
  var species: [NeutrinoSpecies] { get }

  /// Energies in GeV between which the density is smooth, strictly increasing; the flux is zero outside the first and
  /// the last.
  var breakpoints: [Double] { get }

  /// Flux density of one species in ν/cm²/GeV/POT at energies in GeV, shape [energies]; zero outside the table.
  /// A species it does not have is an error.
  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double]
}
