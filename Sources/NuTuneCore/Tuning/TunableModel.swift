/// A cross-section model that is tuned to near-detector data.
public protocol TunableModel: CrossSectionModel {
  /// Tunes the model to the data and returns the tuned model; this model does not change.
  func tuned(on problem: TuningProblem) throws -> TuningResult

  /// Restores the tuned model from a saved state; the inverse of ``TuningResult/state``.
  func restored(from state: ModelState) throws -> any CrossSectionModel
}
