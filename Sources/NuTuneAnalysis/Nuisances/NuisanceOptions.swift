import NuTuneCore

/// Uncertainties of beam and far detector that an oscillation fit profiles.
public struct NuisanceOptions: Sendable {
  /// Number of principal components of the flux covariance; 0 for a flux that is known.
  public var fluxComponents: Int
  /// Whether a model is tuned again on near data with the flux shifted along each component; otherwise it stays.
  public var retunes: Bool
  /// Relative uncertainty of the far detector's lepton-energy scale; 0 for a scale that is known.
  public var energyScale: Double
  /// Relative uncertainty of the density of matter on the way; 0 for one that is known.
  public var density = 0.0
  /// Uncertainties of numbers of events; shapes do not see them.
  public var norms: [NormUncertainty] = []
  /// The covariance of the fluxes; nil when the flux is known.
  public var fluxCovariance: FluxCovariance?

  /// Options; the defaults profile nothing.
  public init(
    fluxComponents: Int = 0, retunes: Bool = true, energyScale: Double = 0, fluxCovariance: FluxCovariance? = nil
  ) {
    self.fluxComponents = fluxComponents
    self.retunes = retunes
    self.energyScale = energyScale
    self.fluxCovariance = fluxCovariance
  }

  /// Whether a fit profiles anything.
  public var isAsked: Bool { fluxComponents > 0 || energyScale > 0 || density > 0 || !norms.isEmpty }
}
