/// The result of a tuning.
public struct TuningResult: Sendable {
  /// The tuned model.
  public var model: any CrossSectionModel
  /// The state from which the tuned model can be restored.
  public var state: ModelState
  /// The record of the tuning.
  public var record: TuningRecord

  /// Creates a result from a tuned model, its state and the record of its tuning.
  public init(model: any CrossSectionModel, state: ModelState, record: TuningRecord) {
    self.model = model
    self.state = state
    self.record = record
  }
}
