import NuTuneCore

/// A model with everything that an oscillation fit needs of it: its rates, its posterior modes, its nuisance parameters.
public struct TunedModel: Sendable {
  /// The tuned model.
  public var model: any CrossSectionModel
  /// Its rates.
  public var responses: ModelResponses
  /// The posterior modes of its weights that the far data can tell; nil for a model that does not know its uncertainty.
  public var modes: PosteriorModes?
  /// What the fit profiles; nil for nothing.
  public var nuisances: NuisanceParameters?
  /// How the tuning went; nil for a model that does not learn.
  public var record: TuningRecord?
  /// What it can be restored from; nil for a model that does not learn.
  public var state: ModelState?
  /// What its far rates are multiplied with where numbers of events count, for each neutrino sign and experiment: near data
  /// fix the scale of a model that was tuned on shapes. None where there are no near events.
  public var scales: [NearGroup: Double] = [:]

  /// The same model with the fluxes and the number of threads of another forward model.
  public func under(_ folded: ForwardModel) -> TunedModel {
    var copy = self
    copy.responses = responses.under(folded)
    return copy
  }
}
