import NuTuneCore
import NuTuneNumerics

/// The modulations of one neutrino sign (of one target, if there are several) after tuning: weights and their covariance
/// on a basis.
struct LearnedProcess: Sendable {
  let nucleus: LearnedNucleus
  let separatesMassTerms: Bool
  let kernel: Settings.Kernel
  let basis: KernelBasis
  /// The most probable weights, first of g₁, then of g₂, …, shape [weights].
  var weights: [Double]
  /// F, where F Fᵀ is the posterior covariance of the weights, upper triangular, shape [weights × weights].
  let factor: Matrix
  /// What numbers of the detectors' response do to the weights that were fitted with them; nil where none were.
  var response: ProcessResponse?
  /// The outcome of the search for the weights; nil for a process that was read from a state.
  var search: ModeSearch.Outcome?

  private var functions: Int { separatesMassTerms ? 5 : 3 }

  /// Computes amplitude_j L_jk with L Lᵀ the correlation of the functions: g_j = Σ_k mixing[j, k] φ·η_k.
  static func mixing(_ kernel: Settings.Kernel, functions: Int) throws -> Matrix {
    var correlation = Matrix(rows: functions, columns: functions, repeating: kernel.correlation)
    for j in 0..<functions { correlation[j, j] = 1 }
    var mixing = try Cholesky(correlation).lower
    for j in 0..<functions {
      let amplitude = j < 3 ? kernel.amplitude : kernel.massAmplitude ?? kernel.amplitude
      for k in 0...j { mixing[j, k] *= amplitude }
    }
    return mixing
  }

  /// Computes W₁…W₅ of the most probable weights.
  func structureFunctions(_ theory: PositiveTheory, of reaction: Reaction, at points: InvariantPoints) throws
    -> StructureFunctions
  {
    let mixing = try Self.mixing(kernel, functions: functions)
    let modulations = try basis.modulations(of: weights, mixing: mixing, try basis.factors(at: points))
    return theory.functions(try theory.fields(of: reaction, at: points), modulations: modulations)
  }

  /// Computes the derivatives of linear functionals of W₁…W₅ with respect to each weight, at the most probable weights;
  /// shape [functionals × weights].
  ///
  /// - Parameters:
  ///   - functionals: coefficients of W₁…W₅ at each point.
  ///   - points: nodes of a fold.
  func slopes(
    of functionals: [StructureFunctions], _ theory: PositiveTheory, reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix {
    let nodeBasis = try NodeBasis(basis, mixing: Self.mixing(kernel, functions: functions), at: points)
    let derivatives = theory.derivatives(
      try theory.fields(of: reaction, at: points), modulations: try nodeBasis.modulations(of: weights))
    return try Matrix(
      functionals.map { functional in
        var values = [Double](repeating: 0, count: points.count * functions)
        for (j, derivative) in derivatives.enumerated() {
          for (coefficients, slopes) in zip(functional.w, derivative.w) {
            for i in 0..<points.count { values[i * functions + j] += coefficients[i] * slopes[i] }
          }
        }
        return try nodeBasis.sums(over: values)
      })
  }

  /// Computes the derivatives of W₁…W₅ with respect to each weight in a range, at the most probable weights.
  func basisFunctions(
    _ range: Range<Int>, _ theory: PositiveTheory, of reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions] {
    let factors = try basis.factors(at: points)
    let mixing = try Self.mixing(kernel, functions: functions)
    let slopes = theory.derivatives(
      try theory.fields(of: reaction, at: points),
      modulations: try basis.modulations(of: weights, mixing: mixing, factors))
    return range.map { weight in
      var result = StructureFunctions(count: points.count)
      let k = weight / basis.count
      let (a, b) = (weight % basis.count / basis.u.count, weight % basis.u.count)
      let values = (0..<points.count).map { factors.t[$0, a] * factors.u[$0, b] }
      for j in k..<functions where mixing[j, k] != 0 {
        for index in 0..<5 where slopes[j].w[index].contains(where: { $0 != 0 }) {
          for i in 0..<points.count { result.w[index][i] += mixing[j, k] * slopes[j].w[index][i] * values[i] }
        }
      }
      return result
    }
  }
}
