/// How true lepton kinematics become measured bins.
public protocol Detector: Plugin {
  /// The bins in true observables from which the measured ones are made; the same bins for a perfect detector.
  func trueBinning(for measured: Binning) throws -> Binning

  /// Probability to be measured in each bin, given each true bin.
  func response(for measured: Binning) throws -> DetectorResponse
}

/// A detector whose lepton-energy scale can be changed, as a systematic uncertainty of it.
public protocol EnergyScalableDetector: Detector {
  /// The same detector with its lepton-energy scale multiplied by a factor. For factors from 0.9 to 1.1 it has the same
  /// true bins, so that what is folded into them serves every scale.
  func scaled(energyBy factor: Double) -> any Detector
}

/// A linear map from true bins to measured bins.
public enum DetectorResponse: Sendable {
  /// Every event is measured in its true bin.
  case identity
  /// Row of measured bin m: (true bin, probability) pairs. Probabilities are never negative, and those of one true bin sum
  /// to at most one.
  case rows([[(trueBin: Int, probability: Double)]])

  /// Measured rates from true rates.
  public func apply(_ trueRates: [Double]) -> [Double] {
    switch self {
    case .identity: trueRates
    case .rows(let rows): rows.map { row in row.reduce(0) { $0 + $1.probability * trueRates[$1.trueBin] } }
    }
  }
}
