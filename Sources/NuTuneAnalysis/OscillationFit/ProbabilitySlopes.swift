import CKernels
import NuTuneCore
import NuTuneFolding

/// Derivatives of a function with respect to oscillation probabilities at the energies of averaging, collected from many
/// beams.
struct ProbabilitySlopes {
  private let averaging: CellAveraging
  /// Row 3 · initial + final flavour of shape [energies], by propagation; rows that nothing touches are empty.
  private var slopes: [Propagation: [[Double]]] = [:]

  init(_ averaging: CellAveraging) { self.averaging = averaging }

  /// Adds a beam with derivatives with respect to its weights in the cells, shape [cells].
  mutating func add(_ beam: Beams.Beam, weightSlopes: UnsafePointer<Double>, times factor: Double = 1) {
    var rows = slopes.removeValue(forKey: beam.source.way) ?? [[Double]](repeating: [], count: 9)
    for part in beam.source.parts {
      if rows[part.row].isEmpty { rows[part.row] = [Double](repeating: 0, count: part.density.count) }
      averaging.addValueSlopes(
        means: beam.means, weightSlopes: weightSlopes, scales: part.density, times: factor, to: &rows[part.row])
    }
    slopes[beam.source.way] = rows
  }

  /// Derivatives with respect to oscillation parameters, shape [parameters].
  func gradient(_ parameters: Int, _ gradients: [Propagation: OscillationGradients]) -> [Double] {
    var sums = [Double](repeating: 0, count: parameters)
    for (way, gradients) in gradients.sorted(by: { Self.isBefore($0.key, $1.key) }) {
      guard let rows = slopes[way] else { continue }
      let count = gradients.probabilities.count
      gradients.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for (row, slopes) in rows.enumerated() where !slopes.isEmpty {
          for parameter in sums.indices {
            sums[parameter] += nutune_beam_dot(slopes, values + (9 * parameter + row) * count, count)
          }
        }
      }
    }
    return sums
  }

  /// An order of propagations, so that sums do not depend on hashing.
  private static func isBefore(_ a: Propagation, _ b: Propagation) -> Bool {
    let (left, right) = (
      [a.baseline.length, a.baseline.density, a.baseline.electronFraction, a.helicity.sign],
      [b.baseline.length, b.baseline.density, b.baseline.electronFraction, b.helicity.sign]
    )
    return left.lexicographicallyPrecedes(right)
  }
}
