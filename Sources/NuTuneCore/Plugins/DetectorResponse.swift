/// A linear map from true bins to measured bins.
public enum DetectorResponse: Sendable {
  /// Every event is measured in its true bin.
  case identity
  /// Row of measured bin m: (true bin, probability) pairs. Probabilities are never negative, and the probabilities of
  /// one true bin sum to at most one.
  case rows([[(trueBin: Int, probability: Double)]])

  /// Computes measured rates from true rates.
  public func apply(_ trueRates: [Double]) -> [Double] {
    switch self {
    case .identity: trueRates
    case .rows(let rows): rows.map { row in row.reduce(0) { $0 + $1.probability * trueRates[$1.trueBin] } }
    }
  }
}
