/// One data sample: channel × horn mode × detector (at one of its positions), with its bins.
public struct Sample: Sendable, Hashable {
  /// The neutrino species and the target.
  public var reaction: Reaction
  /// Horn mode of the beam, `fhc` (neutrinos) or `rhc` (antineutrinos), as the experiment names it.
  public var mode: String
  /// Near or far.
  public var site: DetectorSite
  /// Name of the detector's position or of its experiment, if there are several; empty for the only one.
  public var position: String
  /// Name of the component of a far sample, `electrons-fhc-numu-to-nue`, or of a near sample that is a sum, `muons-fhc`; empty
  /// for one neutrino species that is measured as it is.
  public var component = ""
  /// The bins of the measurement.
  public var binning: Binning

  /// Creates a sample.
  public init(
    reaction: Reaction, mode: String, site: DetectorSite, position: String = "", component: String = "",
    binning: Binning
  ) {
    self.reaction = reaction
    self.mode = mode
    self.site = site
    self.position = position
    self.component = component
    self.binning = binning
  }

  /// Name in files and messages, `near-numu-fhc`, `near-numu-fhc-6m`, `near-muons-fhc`, `far-electrons-fhc-numu-to-nue`.
  public var name: String {
    guard component.isEmpty else { return "\(site.rawValue)-\(component)" }
    return "\(site.rawValue)-\(reaction.species.rawValue)-\(mode)" + (position.isEmpty ? "" : "-\(position)")
  }
}
