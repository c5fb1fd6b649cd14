import NuTuneCore
import ThreeFlavorOscillations

/// A way to compute probabilities, shape [9][energies].
struct Contender: Sendable {
  var name: String
  var key: String
  var probabilities: @Sendable (ThreeFlavorModel, [Double], Baseline, Helicity) throws -> [Double]

  private static let parameters = ["sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp", "dm2_21", "dm2_31"]

  /// The plugin, without and with gradients, and the algorithm of NuFast-LBL.
  static let all: [Contender] = [
    Contender(name: "probabilities", key: "") { try $0.probabilities(at: $1, over: $2, helicity: $3).values },
    Contender(name: "probabilities and six gradients", key: "gradients_") {
      let result = try $0.probabilityGradients(of: parameters, at: $1, over: $2, helicity: $3)
      return result.probabilities.values
    },
    nufast(newtonSteps: 0), nufast(newtonSteps: 1), nufast(newtonSteps: 2),
  ]

  private static func nufast(newtonSteps: Int) -> Contender {
    Contender(name: "NuFast algorithm, \(newtonSteps) Newton steps", key: "nufast\(newtonSteps)_") {
      NuFastReading($0, over: $2, helicity: $3, newtonSteps: newtonSteps).probabilities(at: $1)
    }
  }

  /// Nanoseconds per energy, the median of the repetitions, after as many to warm up as take a tenth of them.
  func nanosecondsPerEnergy(_ energies: [Double], density: Double, repetitions: Int) throws -> Double {
    let model = ThreeFlavorModel()
    let baseline = Baseline(length: 1284.9, density: density)
    let clock = ContinuousClock()
    var times: [Double] = []
    var checksum = 0.0
    for repetition in 0..<repetitions + repetitions / 10 {
      let elapsed = try clock.measure { checksum += try probabilities(model, energies, baseline, .neutrino)[0] }
      if repetition >= repetitions / 10 { times.append(Double(elapsed.components.attoseconds) * 1e-9) }
    }
    guard checksum.isFinite else { throw NuTuneError(.internalError, found: "\(checksum)", expected: "probabilities") }
    return times.sorted()[times.count / 2] / Double(energies.count)
  }
}
