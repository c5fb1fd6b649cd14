/// Failures of a term of a likelihood.
public enum TermError: Error, Sendable, Equatable {
  /// A prediction is not positive where there is data: the deviance is infinite. `bin` counts from 0 in the sample.
  case predictionNotPositive(bin: Int, prediction: Double, data: Double, sample: String = "")
  /// A prediction is negative or not finite where there is no data. `bin` counts from 0 in the sample.
  case invalidPrediction(bin: Int, prediction: Double, sample: String = "")
  /// Data and predictions cannot be compared, for the given reason.
  case invalidData(String)
}

extension TermError: CustomStringConvertible {
  /// One sentence that names the place and the value.
  public var description: String {
    switch self {
    case .predictionNotPositive(let bin, let prediction, let data, let sample):
      "bin \(bin)\(Self.of(sample)): prediction \(prediction) is not positive where the data are \(data)"
    case .invalidPrediction(let bin, let prediction, let sample):
      "the prediction of bin \(bin)\(Self.of(sample)) is \(prediction)"
    case .invalidData(let reason): "invalid data: \(reason)"
    }
  }

  private static func of(_ sample: String) -> String { sample.isEmpty ? "" : " of \(sample)" }

  /// What was expected, and a remedy: a training that diverges needs a lower learning rate; a finite rate below zero
  /// stems from the operator that folds the model's values, and bad data from the caller.
  public var expectation: String {
    switch self {
    case .predictionNotPositive(_, let prediction, _, _) where !prediction.isFinite: Self.stability
    case .invalidPrediction(_, let prediction, _) where !prediction.isFinite: Self.stability
    case .predictionNotPositive, .invalidPrediction:
      "a rate above zero; the values of the model are, so look at what they are folded with: the flux, the quadrature and the "
        + "response of the detector, whose probabilities must not be negative"
    case .invalidData: "data ≥ 0 that are not all zero"
    }
  }

  private static let stability = "a training that stays finite; try a lower training.learning_rate"
}
