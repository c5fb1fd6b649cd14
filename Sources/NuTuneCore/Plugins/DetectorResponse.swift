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

extension DetectorResponse: Equatable {
  /// Whether both have the same true bins with the same probabilities, in the same order.
  public static func == (left: DetectorResponse, right: DetectorResponse) -> Bool {
    switch (left, right) {
    case (.identity, .identity): true
    case (.rows(let left), .rows(let right)): left.elementsEqual(right) { $0.elementsEqual($1, by: ==) }
    case (.identity, .rows), (.rows, .identity): false
    }
  }
}
