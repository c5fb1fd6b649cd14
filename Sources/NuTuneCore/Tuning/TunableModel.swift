/// A cross-section model that learns from near-detector data.
public protocol TunableModel: CrossSectionModel {
  /// Learns; the model itself stays as it is.
  func tuned(on problem: TuningProblem) throws -> TuningResult

  /// The tuned model from a saved state; the inverse of ``TuningResult/state``.
  func restored(from state: ModelState) throws -> any CrossSectionModel
}
