/// Failures of statistical inference, with the place and the values.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// A bin holds events where the prediction is zero: the likelihood is zero for any other bins.
  case eventsWithoutPrediction(bin: Int, count: Double, prediction: Double)
  /// A prediction is negative, NaN or infinite.
  case badPrediction(bin: Int, value: Double)
  /// Data are negative, NaN, infinite, or empty.
  case badCounts(String)
  /// Two arrays should have the same number of bins.
  case binMismatch(expected: Int, found: Int)
  /// Starts, bounds or scale of a parameter do not fit together.
  case badParameter(name: String, reason: String)
  /// A grid cannot be used.
  case badGrid(String)
  /// Members of an ensemble cannot be combined.
  case badEnsemble(String)
  /// A minimisation inside a likelihood did not reach its tolerance.
  case notConverged(String)

  /// One sentence with the place, what was found and what was expected.
  public var description: String {
    switch self {
    case .eventsWithoutPrediction(let bin, let count, let prediction):
      "bin \(bin) holds \(count) events but the prediction is \(prediction); expected a positive prediction"
    case .badPrediction(let bin, let value):
      "the prediction of bin \(bin) is \(value); expected a finite number, not negative"
    case .badCounts(let reason): "data: \(reason)"
    case .binMismatch(let expected, let found): "\(found) bins; expected \(expected)"
    case .badParameter(let name, let reason): "fit parameter \(name): \(reason)"
    case .badGrid(let reason): "grid: \(reason)"
    case .badEnsemble(let reason): "ensemble: \(reason)"
    case .notConverged(let reason): "not converged: \(reason)"
    }
  }
}
