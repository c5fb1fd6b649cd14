import Foundation
import NuTuneCore
import NuTuneFolding

/// Smooth functions of the two invariants as inputs of a net, standardised over the nodes of a problem.
///
///     w2    asinh((W² − M²)/0.25 GeV²)
///     q2    ln(Q² + 0.03 GeV²)
///     psi   asinh[(ω − Q²/2M)/(0.1 |q|)], in which the quasi-elastic peak has constant width; kept within ±4
struct NetworkFeatures: Sendable, Hashable {
  /// Names of the functions.
  static let names = ["w2", "q2", "psi"]

  /// Names of the functions in use, in order.
  let features: [String]
  /// Subtracted from each function.
  let center: [Double]
  /// Multiplied after that.
  let factor: [Double]

  init(features: [String], center: [Double], factor: [Double]) {
    self.features = features
    self.center = center
    self.factor = factor
  }

  /// Creates features with mean 0 and standard deviation `scale` over some points.
  init(features: [String], scale: Double, standardizedOver points: InvariantPoints) {
    var center: [Double] = []
    var factor: [Double] = []
    for feature in features {
      let values = (0..<points.count).map { Self.value(feature, omega: points.omega[$0], q2: points.q2[$0]) }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
      center.append(mean)
      factor.append(variance > 0 ? scale / variance.squareRoot() : scale)
    }
    self.init(features: features, center: center, factor: factor)
  }

  /// Computes the inputs of the net, shape [features][points].
  func inputs<Scalar: BinaryFloatingPoint>(at points: InvariantPoints) -> [Scalar] {
    var inputs: [Scalar] = []
    inputs.reserveCapacity(features.count * points.count)
    for (index, feature) in features.enumerated() {
      for i in 0..<points.count {
        let value = Self.value(feature, omega: points.omega[i], q2: points.q2[i])
        inputs.append(Scalar((value - center[index]) * factor[index]))
      }
    }
    return inputs
  }

  private static func value(_ feature: String, omega: Double, q2: Double) -> Double {
    switch feature {
    case "w2": return NodeGrid.coordinates(omega: omega, q2: q2).t
    case "q2": return NodeGrid.coordinates(omega: omega, q2: q2).u
    default:
      let momentum = (q2 + omega * omega).squareRoot()
      return min(max(asinh((omega - q2 / (2 * PhysicalConstants.nucleonMass)) / (0.1 * momentum)), -4), 4)
    }
  }
}
