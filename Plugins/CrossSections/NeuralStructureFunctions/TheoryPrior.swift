import Foundation
import NuTuneCore

/// A theory prior as the outputs n₁, n₂, n₃ with which a net would reproduce it: the inverse of ``PositiveHead``.
///
/// For a net that learns the ratio to a prior they are added to its outputs, so that
///
///     W_T = W_T⁰ e^{n₁}      W_L = W_L⁰ e^{n₂}      W₃|q|/2MW_T = tanh(artanh(W₃⁰|q|/2MW_T⁰) + n₃)
///
/// and zero outputs are the prior; a pretrained net is fitted to them. The prior's W_T is taken as at least 10⁻⁷ GeV⁻¹
/// (it is of order one elsewhere), its W_L as at least 10⁻³ W_T, and its W₃ as within 0.99 of its bound.
struct TheoryPrior: Sendable {
  /// The use of the prior.
  enum Use: String, Sendable, CaseIterable {
    /// The net learns the ratio to the prior.
    case ratio
    /// The net is pretrained on the prior before it is trained on data, where the prior has no further effect.
    case pretrain
  }

  let model: any StructureFunctionModel
  let use: Use
  /// Steps of a pretraining.
  let steps: Int

  /// Computes n₁, n₂, n₃ of the prior at some points, shape [3][points].
  func outputs<Scalar: HeadScalar>(_ head: PositiveHead, of reaction: Reaction, at points: InvariantPoints) throws
    -> [Scalar]
  {
    let functions = try model.structureFunctions(of: reaction, at: points)
    let count = points.count
    var outputs = [Scalar](repeating: 0, count: 3 * count)
    for i in 0..<count {
      let factors = PositiveHead.Factors(omega: points.omega[i], q2: points.q2[i])
      let transverse = max(functions.w[0][i], Self.least)
      let longitudinal = max(functions.w[1][i] / factors.w2 - functions.w[0][i], 1e-3 * transverse)
      let second =
        switch head.longitudinal {
        case .independent: longitudinal
        case .ratio: longitudinal / transverse
        case .total: longitudinal + transverse
        }
      let third = min(max(functions.w[2][i] / (factors.w3 * transverse), -0.99), 0.99)
      outputs[i] = Scalar(log(transverse))
      outputs[count + i] = Scalar(log(second))
      outputs[2 * count + i] = Scalar(atanh(third))
    }
    guard outputs.allSatisfy({ $0.isFinite }) else {
      throw NuTuneError(
        .runtime, key: "prior", found: "structure functions that are not finite", expected: "finite ones")
    }
    return outputs
  }

  /// Lowest W_T in GeV⁻¹; structure functions of a nucleon are of order one.
  private static let least = 1e-7
}
