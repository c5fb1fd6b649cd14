import Foundation
import NuTuneCore

extension MeasurementConfiguration {
  /// Bins of which some leptons are within the largest angle that is measured.
  package var coveredBins: [Int] {
    guard let largestAngle else { return Array(measurement.bins.indices) }
    return measurement.bins.indices.filter { angles(of: $0).lowerBound < largestAngle - Self.angleTolerance }
  }

  /// Covered bins of which a part is beyond the largest angle: their values are those of the part within, over the area of
  /// the whole bin.
  package var cutBins: [Int] {
    guard let largestAngle else { return [] }
    return coveredBins.filter { angles(of: $0).upperBound > largestAngle + Self.angleTolerance }
  }

  /// Edges of angles are printed as cosines, in degrees.
  private static let angleTolerance = 1e-6

  /// Angles between lepton and beam in a bin, in degrees.
  private func angles(of index: Int) -> ClosedRange<Double> {
    let (bin, pair) = (measurement.bins[index], measurement.observables)
    func degrees(_ cosine: Double) -> Double { acos(min(max(cosine, -1), 1)) * 180 / .pi }
    func degrees(_ across: Double, _ along: Double) -> Double { atan2(across, along) * 180 / .pi }
    switch pair.second {
    case .cosTheta: return degrees(bin.second.upperBound)...degrees(bin.second.lowerBound)
    case .theta: return bin.second
    case .momentumTransfer, .energyTransfer, .q2, .quasielasticEnergy, .hadronicEnergy, .reconstructedEnergy:
      return 0...180
    case .longitudinalMomentum, .transverseMomentum, .leptonEnergy, .leptonMomentum:
      // Backward bins are wider at larger p_T the less they go back.
      let ends = [bin.first.lowerBound, bin.first.upperBound].flatMap { across in
        [bin.second.lowerBound, bin.second.upperBound].map { degrees(across, $0) }
      }
      return (ends.min() ?? 0)...(ends.max() ?? 180)
    }
  }
}
