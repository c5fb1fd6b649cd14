/// The four kinds of plugin.
public enum PluginKind: String, Sendable, CaseIterable, Hashable {
  /// A ``CrossSectionModel``.
  case crossSection = "cross-section"
  /// A ``FluxProvider``.
  case flux
  /// A ``Detector``.
  case detector
  /// An ``OscillationModel``.
  case oscillation

  /// Plural, as in `nutune list fluxes`.
  public var plural: String {
    switch self {
    case .crossSection: "cross-sections"
    case .flux: "fluxes"
    case .detector: "detectors"
    case .oscillation: "oscillations"
    }
  }
}
