extension Predictions.SamplePrediction {
  /// Standard deviations of ``data``, flat: its own where it is measured, √(p/N) where N events are counted; nil for
  /// infinitely many events, and for none.
  package var dataErrors: [Double]? {
    if let errors { return errors }
    guard let events, events > 0 else { return nil }
    return data.map { (max($0, 0) / events).squareRoot() }
  }
}
