/// One bin of a flux uncertainty: a detector, a horn mode, a species and a range of neutrino energies.
public struct FluxBin: Sendable, Hashable, Codable {
  /// Near or far.
  public var site: DetectorSite
  /// Horn mode of the beam, `fhc`, as the experiment names it.
  public var mode: String
  /// The species at production; the flux is the one before oscillation.
  public var species: NeutrinoSpecies
  /// Lower edge of the neutrino energy in GeV.
  public var low: Double
  /// Upper edge of the neutrino energy in GeV.
  public var high: Double

  /// Creates a bin from `low` to `high` in GeV.
  public init(site: DetectorSite, mode: String, species: NeutrinoSpecies, low: Double, high: Double) {
    self.site = site
    self.mode = mode
    self.species = species
    self.low = low
    self.high = high
  }

  /// Middle of the bin in GeV.
  public var center: Double { (low + high) / 2 }

  /// Whether the bin belongs to the spectrum of a species in one horn mode at one detector.
  func belongs(to site: DetectorSite, _ mode: String, _ species: NeutrinoSpecies) -> Bool {
    self.site == site && self.mode == mode && self.species == species
  }
}

extension FluxBin: CustomStringConvertible {
  /// `near fhc numu 0.5–1 GeV`.
  public var description: String {
    "\(site.rawValue) \(mode) \(species.rawValue) \(ParameterValue.number(low))–\(ParameterValue.number(high)) GeV"
  }
}
