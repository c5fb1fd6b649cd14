/// What a tuning gives back.
public struct TuningResult: Sendable {
  /// The tuned model.
  public var model: any CrossSectionModel
  /// Everything needed to make it again.
  public var state: ModelState
  /// How it went.
  public var record: TuningRecord

  /// A tuned model, its state and the record of its tuning.
  public init(model: any CrossSectionModel, state: ModelState, record: TuningRecord) {
    self.model = model
    self.state = state
    self.record = record
  }
}
