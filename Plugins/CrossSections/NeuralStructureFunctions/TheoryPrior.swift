import Foundation
import NuTuneCore

/// A theory prior as the outputs n₁, n₂, n₃ that a net would need to say the same: the inverse of ``PositiveHead``.
///
/// A net that learns the ratio to a prior has them added to its outputs, so that
///
///     W_T = W_T⁰ e^{n₁}      W_L = W_L⁰ e^{n₂}      W₃|q|/2MW_T = tanh(artanh(W₃⁰|q|/2MW_T⁰) + n₃)
///
/// and zero outputs are the prior; a pretrained net is fitted to them. Where the prior has next to nothing it is held at
/// W_T = 10⁻⁷ GeV⁻¹ (of order one elsewhere), where its W_L is not positive at 10⁻³ W_T, and its W₃ within 0.99 of its
/// bound.
struct TheoryPrior: Sendable {
  /// What the prior is for.
  enum Use: String, Sendable, CaseIterable {
    /// The net learns the ratio to it.
    case ratio
    /// The net is fitted to it before it learns from data, and is free of it then.
    case pretrain
  }

  let model: any StructureFunctionModel
  let use: Use
  /// Steps of a pretraining.
  let steps: Int

  /// n₁, n₂, n₃ of the prior at some points, shape [3][points].
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
