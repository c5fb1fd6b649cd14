import NuTuneCore
import NuTuneFolding

/// Derivatives of a function with respect to oscillation probabilities at the energies of averaging, collected from many
/// beams.
struct ProbabilitySlopes {
  private let folded: ForwardModel
  /// Row 3 · initial + final flavour of shape [energies], by propagation; rows that nothing touches are empty.
  private var slopes: [Propagation: [[Double]]] = [:]

  init(_ folded: ForwardModel) { self.folded = folded }

  /// Adds a beam with derivatives with respect to its weights in the cells, shape [cells].
  mutating func add(_ beam: Beams.Beam, weightSlopes: [Double], times factor: Double = 1) {
    guard let way = beam.dataset.propagation else { return }
    let byValue = folded.averaging.valueSlopes(of: beam.values, weightSlopes: weightSlopes)
    let final = beam.dataset.sample.reaction.species.flavor
    var rows = slopes.removeValue(forKey: way) ?? [[Double]](repeating: [], count: 9)
    for (species, density) in beam.dataset.flux.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let row = 3 * species.flavor.rawValue + final.rawValue
      if rows[row].isEmpty { rows[row] = [Double](repeating: 0, count: byValue.count) }
      rows[row].withUnsafeMutableBufferPointer { row in
        density.withUnsafeBufferPointer { density in
          byValue.withUnsafeBufferPointer { byValue in
            for i in row.indices { row[i] += factor * density[i] * byValue[i] }
          }
        }
      }
    }
    slopes[way] = rows
  }

  /// Derivatives with respect to oscillation parameters, shape [parameters].
  func gradient(_ parameters: Int, _ gradients: [Propagation: OscillationGradients]) -> [Double] {
    var sums = [Double](repeating: 0, count: parameters)
    for (way, gradients) in gradients.sorted(by: { Self.isBefore($0.key, $1.key) }) {
      guard let rows = slopes[way] else { continue }
      let count = gradients.probabilities.count
      gradients.values.withUnsafeBufferPointer { values in
        for (row, slopes) in rows.enumerated() where !slopes.isEmpty {
          slopes.withUnsafeBufferPointer { slopes in
            for parameter in sums.indices {
              let first = (9 * parameter + row) * count
              var sum = SIMD8<Double>.zero
              let whole = count & ~7
              var i = 0
              while i < whole {
                let a = UnsafeRawPointer(slopes.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
                let b = UnsafeRawPointer(values.baseAddress! + first + i).loadUnaligned(as: SIMD8<Double>.self)
                sum += a * b
                i += 8
              }
              var total = sum.sum()
              while i < count {
                total += slopes[i] * values[first + i]
                i += 1
              }
              sums[parameter] += total
            }
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
