import NuTuneCore
import NuTuneNumerics

/// The modulations of one helicity after tuning: weights and their covariance on a basis.
struct LearnedProcess: Sendable {
  let helicity: Helicity
  let separatesMassTerms: Bool
  let kernel: Settings.Kernel
  let basis: KernelBasis
  /// Posterior mean of the weights: those of g₁, g₂, …, then the scales of samples, shape [weights].
  let mean: [Double]
  /// F with F Fᵀ the posterior covariance, upper triangular, shape [weights × weights].
  let factor: Matrix
  /// What did not converge on the way, if something did not.
  var trouble: String?

  private var functions: Int { separatesMassTerms ? 5 : 3 }

  /// amplitude · L with L Lᵀ the correlation of the functions: g_j = Σ_k mixing[j, k] φ·η_k.
  static func mixing(_ kernel: Settings.Kernel, functions: Int) throws -> Matrix {
    var correlation = Matrix(rows: functions, columns: functions, repeating: kernel.correlation)
    for j in 0..<functions { correlation[j, j] = 1 }
    var mixing = try Cholesky(correlation).lower
    for j in 0..<functions { for k in 0...j { mixing[j, k] *= kernel.amplitude } }
    return mixing
  }

  /// W₁…W₅ of the posterior mean.
  func structureFunctions(_ theory: ModulatedTheory, of reaction: Reaction, at points: InvariantPoints) throws
    -> StructureFunctions
  {
    let (result, scales) = try theory.fields(of: reaction, at: points)
    let (onT, onU) = try basis.factors(at: points)
    let mixing = try Self.mixing(kernel, functions: functions)
    var functions = result
    var processes: [[Double]] = []
    for k in scales.indices {
      let start = k * basis.count
      let weights = try Matrix(
        rows: basis.t.count, columns: basis.u.count, elements: Array(mean[start..<start + basis.count]))
      let contracted = try onT.multiplied(by: weights)
      processes.append(
        (0..<points.count).map { i in
          var sum = 0.0
          for b in 0..<basis.u.count { sum += contracted[i, b] * onU[i, b] }
          return sum
        })
    }
    for j in scales.indices {
      for i in 0..<points.count {
        var modulation = 0.0
        for k in 0...j { modulation += mixing[j, k] * processes[k][i] }
        for index in 0..<5 { functions.w[index][i] += scales[j].w[index][i] * modulation }
      }
    }
    return functions
  }

  /// Change of W₁…W₅ per unit of each weight in a range.
  func basisFunctions(
    _ range: Range<Int>, _ theory: ModulatedTheory, of reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions] {
    let (_, scales) = try theory.fields(of: reaction, at: points)
    let (onT, onU) = try basis.factors(at: points)
    let mixing = try Self.mixing(kernel, functions: functions)
    return range.map { weight in
      var result = StructureFunctions(count: points.count)
      let k = weight / basis.count
      // The scale of a sample is no property of the cross section.
      guard k < functions else { return result }
      let (a, b) = (weight % basis.count / basis.u.count, weight % basis.u.count)
      for j in k..<functions where mixing[j, k] != 0 {
        for index in 0..<5 where scales[j].w[index].contains(where: { $0 != 0 }) {
          for i in 0..<points.count {
            result.w[index][i] += mixing[j, k] * scales[j].w[index][i] * onT[i, a] * onU[i, b]
          }
        }
      }
      return result
    }
  }
}
