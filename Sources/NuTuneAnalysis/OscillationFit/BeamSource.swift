import CKernels
import NuTuneCore
import NuTuneFolding

/// Where the neutrinos of a far component come from: its flux by flavour, and the way to the detector.
final class BeamSource: Sendable {
  /// How they propagate.
  let way: Propagation
  /// Row 3 · initial + final flavour of the probabilities and flux density at the energies of averaging, in the order in
  /// which they are added.
  let parts: [(row: Int, density: [Double])]

  init(_ component: FoldedDataset) {
    guard let way = component.propagation else {
      preconditionFailure("no propagation to \(component.sample.name)")
    }
    self.way = way
    let final = component.sample.reaction.species.flavor
    parts = component.flux.sorted { $0.key.rawValue < $1.key.rawValue }.map { species, density in
      (3 * species.flavor.rawValue + final.rawValue, density)
    }
  }

  /// Flux × oscillation, all source flavours together, shape [energies].
  func values(_ probabilities: OscillationProbabilities) -> [Double] {
    var sum = [Double](repeating: 0, count: probabilities.count)
    sum.withUnsafeMutableBufferPointer { sum in
      probabilities.values.withUnsafeBufferPointer { values in
        guard let sum = sum.baseAddress, let values = values.baseAddress else { return }
        for part in parts {
          nutune_beam_add_product(part.density, values + part.row * probabilities.count, probabilities.count, sum)
        }
      }
    }
    return sum
  }
}
