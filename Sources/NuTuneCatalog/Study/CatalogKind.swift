/// The kinds of catalog entry; each has a folder of its name below a catalogs folder.
package enum CatalogKind: String, Sendable, CaseIterable, Hashable {
  /// Detectors, fluxes, baseline and binnings of an experiment.
  case experiments
  /// Flux tables.
  case fluxes
  /// Covariances of flux uncertainties.
  case fluxCovariances = "flux-covariances"
  /// Measured cross sections.
  case measurements
  /// Trained models: a card and weights beside the entry.
  case crossSections = "cross-sections"
  /// Sets of oscillation parameters.
  case oscillations
  /// Studies ready to run.
  case studies
  /// Theory priors.
  case priors
  /// Slides and the runs that answer them.
  case stories

  /// Singular, as in messages.
  package var singular: String {
    switch self {
    case .experiments: "experiment"
    case .fluxes: "flux"
    case .fluxCovariances: "flux-covariance"
    case .measurements: "measurement"
    case .crossSections: "cross-section"
    case .oscillations: "oscillation"
    case .studies: "study"
    case .priors: "prior"
    case .stories: "story"
    }
  }

  /// What stands behind `schema:` in an entry.
  package var schemaName: String { "nutune.\(singular)/1" }
}
