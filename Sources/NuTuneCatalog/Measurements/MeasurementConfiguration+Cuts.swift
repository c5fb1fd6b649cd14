import Foundation
import NuTuneCore

extension MeasurementConfiguration {
  /// Bins that hold no lepton beyond the largest angle that is measured; of the others a part is cut away.
  package var wholeBins: [Int] {
    guard let largestAngle else { return Array(measurement.bins.indices) }
    return measurement.bins.indices.filter {
      Self.largestAngle(of: measurement.bins[$0], measurement.observables) <= largestAngle + 1e-6
    }
  }

  /// Largest angle between lepton and beam in a bin, in degrees.
  private static func largestAngle(of bin: CrossSectionMeasurement.Bin, _ pair: ObservablePair) -> Double {
    switch pair.second {
    case .cosTheta: acos(min(max(bin.second.lowerBound, -1), 1)) * 180 / .pi
    case .theta: bin.second.upperBound
    case .momentumTransfer, .energyTransfer, .q2, .quasielasticEnergy, .hadronicEnergy: 180
    case .longitudinalMomentum, .transverseMomentum, .leptonEnergy, .leptonMomentum:
      atan2(bin.first.upperBound, bin.second.lowerBound) * 180 / .pi
    }
  }
}
