import NuTuneCore
import NuTuneNumerics

/// The modulations of one neutrino sign (of one target, if there are several) after tuning: the most probable weights on a
/// basis.
struct LearnedModulations: Sendable {
  let nucleus: LearnedNucleus
  let separatesMassTerms: Bool
  let basis: ProcessBasis
  /// The most probable weights, of each kernel first those of g₁, then of g₂, …, shape [weights].
  var weights: [Double]

  /// Computes W₁…W₅ of the most probable weights.
  func structureFunctions(_ theory: PositiveTheory, of reaction: Reaction, at points: InvariantPoints) throws
    -> StructureFunctions
  {
    let modulations = try basis.modulations(of: weights, try basis.factors(at: points))
    return theory.functions(try theory.fields(of: reaction, at: points), modulations: modulations)
  }

  /// Computes the derivatives of linear functionals of W₁…W₅ with respect to each weight, at the most probable weights;
  /// shape [functionals × weights].
  ///
  /// - Parameters:
  ///   - functionals: coefficients of W₁…W₅ at each point.
  ///   - theory: what the modulations multiply.
  ///   - reaction: neutrino species and target.
  ///   - points: nodes of a fold.
  func slopes(
    of functionals: [StructureFunctions], _ theory: PositiveTheory, reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix {
    let nodeBasis = try NodeBasis(basis, at: points)
    let derivatives = theory.derivatives(
      try theory.fields(of: reaction, at: points), modulations: try nodeBasis.modulations(of: weights))
    return try Matrix(
      functionals.map { functional in
        var values = [Double](repeating: 0, count: points.count * basis.functions)
        for (j, derivative) in derivatives.enumerated() {
          for (coefficients, slopes) in zip(functional.w, derivative.w) {
            for i in 0..<points.count { values[i * basis.functions + j] += coefficients[i] * slopes[i] }
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
    let slopes = theory.derivatives(
      try theory.fields(of: reaction, at: points), modulations: try basis.modulations(of: weights, factors))
    return range.map { weight in
      var result = StructureFunctions(count: points.count)
      let place = basis.place(of: weight)
      let (mixing, k) = (basis.parts[place.part].mixing, place.function)
      let (onT, onU) = factors[place.part]
      let values = (0..<points.count).map { onT[$0, place.a] * onU[$0, place.b] }
      for j in k..<basis.functions where mixing[j, k] != 0 {
        for index in 0..<5 where slopes[j].w[index].contains(where: { $0 != 0 }) {
          for i in 0..<points.count { result.w[index][i] += mixing[j, k] * slopes[j].w[index][i] * values[i] }
        }
      }
      return result
    }
  }
}
