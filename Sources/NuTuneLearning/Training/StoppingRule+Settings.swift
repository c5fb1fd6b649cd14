import NuTuneCore

extension StoppingRule {
  /// Creates the stopping rule that a user's settings and the kind of judging data ask for: the least loss of held-out
  /// events, or the noise of the events that are tuned to.
  ///
  /// - Parameters:
  ///   - settings: Interval, patience, and the noise level in units of the expectation.
  ///   - split: The division of the data. Its judging set gives the loss at the noise.
  /// - Throws: `LearningError.invalidOptions` if the settings make no rule, and `NumericsError` if the expected deviance
  ///   of the judging set cannot be computed.
  public init(_ settings: StoppingSettings, for split: StoppingSettings.Split) throws {
    try self.init(
      split.isHeldOut
        ? .leastLoss(patience: settings.patience) : .level(settings.noiseLevel * (try split.judging.noise())),
      interval: settings.interval)
  }
}
