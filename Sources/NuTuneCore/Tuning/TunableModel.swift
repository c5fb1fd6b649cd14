/// A cross-section model that is tuned to near-detector data.
public protocol TunableModel: CrossSectionModel {
  /// Tunes the model to the data and returns the tuned model; this model does not change.
  func tuned(on problem: TuningProblem) throws -> TuningResult

  /// Whether it learns shapes only: it has no use for numbers of events, or for measured values with a covariance.
  var comparesShapesOnly: Bool { get }

  /// Whether it fits ``TuningProblem/responseParameters`` together with itself.
  var fitsResponse: Bool { get }

  /// Whether it learns from samples that are sums of neutrino species, ``TuningSample/others``.
  var learnsSums: Bool { get }

  /// Restores the tuned model from a saved state; the inverse of ``TuningResult/state``.
  func restored(from state: ModelState) throws -> any CrossSectionModel
}

extension TunableModel {
  /// Learns from every term of a likelihood.
  public var comparesShapesOnly: Bool { false }

  /// Takes the response of detectors as it is.
  public var fitsResponse: Bool { false }

  /// Learns from samples of one neutrino species each.
  public var learnsSums: Bool { false }
}
