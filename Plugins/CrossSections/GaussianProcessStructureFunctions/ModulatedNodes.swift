import Foundation
import NuTuneCore

/// The node values (a, b, c) of one sample as functions of the modulations at the nodes, all nuclei of the detector
/// together:
///
///     value = Σ_i exp(g_i) (own_i + f₄ fourth_i + f₅ fifth_i),   i of W₋, W₊ and W₀
///
/// with f₄ and f₅ the factors of a free W₄ and W₅ (``PositiveTheory/massFactor(_:_:)``); where these are not free they are part of
/// own. The coefficients do not depend on g, so that values and slopes cost one exponential for each modulation and node.
struct ModulatedNodes: Sendable {
  private let theory: PositiveTheory
  /// Coefficients (a, b, c) of the parts, shape [nodes][3].
  private var own: [SIMD4<Double>]
  /// Those that a free W₄ multiplies; empty where it is not free.
  private var fourth: [SIMD4<Double>] = []
  /// Those that a free W₅ multiplies; empty where it is not free.
  private var fifth: [SIMD4<Double>] = []

  /// Adds up the nuclei of a detector.
  ///
  /// - Parameter nuclei: their fields at the nodes with their shares of the nucleons.
  init(
    _ theory: PositiveTheory, _ nuclei: [(fields: PositiveTheory.Fields, share: Double)], tensor: LeptonTensor,
    at nodes: InvariantPoints
  ) {
    self.theory = theory
    own = [SIMD4<Double>](repeating: .zero, count: 3 * nodes.count)
    if theory.separatesMassTerms { (fourth, fifth) = (own, own) }
    for node in 0..<nodes.count {
      let rows = tensor.nodeCoefficients(omega: nodes.omega[node], q2: nodes.q2[node])
      func values(_ w: SIMD8<Double>) -> SIMD4<Double> {
        SIMD4((rows.a * w).sum(), (rows.b * w).sum(), (rows.c * w).sum(), 0)
      }
      for (fields, share) in nuclei {
        for part in 0..<3 {
          let strength = share * fields.parts[part][node]
          let first = part < 2 ? strength : 0
          let second = strength * fields.share[node]
          let third = (part == 0 ? first : -first) * fields.bound[node]
          let (w4, w5) = (second * fields.fourth[node], second * fields.fifth[node])
          if theory.separatesMassTerms {
            own[3 * node + part] += values(SIMD8(first, second, third, 0, 0, 0, 0, 0))
            fourth[3 * node + part] += values(SIMD8(0, 0, 0, w4, 0, 0, 0, 0))
            fifth[3 * node + part] += values(SIMD8(0, 0, 0, 0, w5, 0, 0, 0))
          } else {
            own[3 * node + part] += values(SIMD8(first, second, third, w4, w5, 0, 0, 0))
          }
        }
      }
    }
  }

  private var nodeCount: Int { own.count / 3 }

  /// Computes the node values, shape [3][nodes], for modulations of shape [functions][nodes].
  func values(_ modulations: [[Double]]) -> [Double] {
    let count = nodeCount
    var values = [Double](repeating: 0, count: 3 * count)
    for node in 0..<count {
      let (fourth, fifth) = massFactors(modulations, node)
      var sum = SIMD4<Double>.zero
      for part in 0..<3 {
        sum += exp(modulations[part][node]) * coefficients(3 * node + part, fourth.value, fifth.value)
      }
      for row in 0..<3 { values[row * count + node] = sum[row] }
    }
    return values
  }

  /// Computes the slopes of the node values with respect to each g, shape [nodes][functions][3].
  ///
  /// - Parameter unit: factor of the node values.
  func slopes(_ modulations: [[Double]], unit: Double) -> [Double] {
    var slopes = [Double](repeating: 0, count: 3 * theory.count * nodeCount)
    for node in 0..<nodeCount {
      func set(_ function: Int, _ slope: SIMD4<Double>) {
        for row in 0..<3 { slopes[3 * (node * theory.count + function) + row] = slope[row] }
      }
      let factors = massFactors(modulations, node)
      var (ofFourth, ofFifth) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for part in 0..<3 {
        let (size, index) = (unit * exp(modulations[part][node]), 3 * node + part)
        set(part, size * coefficients(index, factors.fourth.value, factors.fifth.value))
        guard theory.separatesMassTerms else { continue }
        ofFourth += size * fourth[index]
        ofFifth += size * fifth[index]
      }
      guard theory.separatesMassTerms else { continue }
      set(3, factors.fourth.slope * ofFourth)
      set(4, factors.fifth.slope * ofFifth)
    }
    return slopes
  }

  private func massFactors(_ modulations: [[Double]], _ node: Int)
    -> (fourth: (value: Double, slope: Double), fifth: (value: Double, slope: Double))
  {
    guard theory.separatesMassTerms else { return ((1, 0), (1, 0)) }
    return (theory.massFactor(3, modulations[3][node]), theory.massFactor(4, modulations[4][node]))
  }

  private func coefficients(_ index: Int, _ ofFourth: Double, _ ofFifth: Double) -> SIMD4<Double> {
    theory.separatesMassTerms ? own[index] + ofFourth * fourth[index] + ofFifth * fifth[index] : own[index]
  }
}
