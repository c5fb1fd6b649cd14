import NuTuneCore
import NuTuneFolding

/// What a Gaussian process modulates: W(x) = W̄(x) + Σ_j s_j(x) g_j(x).
///
/// With a theory prior s₁, s₂, s₃ are its W₁, its W₂ with W₄ and W₅, and its W₃, so that W = Σ_j s_j (1 + g_j): one
/// lepton mass fixes three functions, and the small W₄ and W₅ go with W₂. Where both leptons of a helicity are seen, W₄
/// and W₅ have functions of their own. Without a prior there is nothing but smoothness and the bounds of a positive
/// hadron tensor: W̄ of constant W_T, W_L = 0, W₃ = 0, and scales W_T = 1, W_T + W_L = 1, W₃ = 2M/|q|, with
/// 2xF₅ = F₂, and nothing where folds take all strength as zero (W² far below M²).
struct ModulatedTheory: Sendable {
  let prior: (any StructureFunctionModel)?
  /// Whether W₄ and W₅ are functions of their own.
  let separatesMassTerms: Bool

  /// Number of modulated functions.
  var count: Int { separatesMassTerms ? 5 : 3 }

  /// W̄ and s_j at some points; every s_j has W₁…W₅.
  func fields(of reaction: Reaction, at points: InvariantPoints) throws -> (
    mean: StructureFunctions, scales: [StructureFunctions]
  ) {
    guard let prior else { return smooth(at: points) }
    let functions = try prior.structureFunctions(of: reaction, at: points)
    let parts = separatesMassTerms ? [[0], [1], [2], [3], [4]] : [[0], [1, 3, 4], [2]]
    let scales = parts.map { indices in
      var scale = StructureFunctions(count: points.count)
      for index in indices { scale.w[index] = functions.w[index] }
      return scale
    }
    return (functions, scales)
  }

  private func smooth(at points: InvariantPoints) -> (mean: StructureFunctions, scales: [StructureFunctions]) {
    let mass = PhysicalConstants.nucleonMass
    var scales = [StructureFunctions](repeating: StructureFunctions(count: points.count), count: count)
    for i in 0..<points.count
    where 2 * mass * points.omega[i] - points.q2[i] > NodeGrid.lowestHadronicExcess {
      let momentumSquared = points.q2[i] + points.omega[i] * points.omega[i]
      let w2 = points.q2[i] / momentumSquared
      let w5 = mass * max(points.omega[i], 0) / momentumSquared
      scales[0].w[0][i] = 1
      scales[1].w[1][i] = w2
      scales[1].w[4][i] = w5
      scales[2].w[2][i] = 2 * mass / momentumSquared.squareRoot()
      if separatesMassTerms {
        scales[3].w[3][i] = w2
        scales[4].w[4][i] = w5
      }
    }
    var mean = scales[0]
    mean += scales[1]
    return (mean, scales)
  }
}
