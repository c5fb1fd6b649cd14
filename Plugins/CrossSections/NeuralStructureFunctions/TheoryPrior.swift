import Foundation
import NuTuneCore

/// A theory prior as the outputs with which a net would reproduce it: the inverse of ``PositiveHead``.
///
/// For a net that learns the ratio to a prior they are added to its outputs, so that
///
///     W_T = W_T⁰ e^{n₁}      W_L = W_L⁰ e^{n₂}      W₃|q|/2MW_T = tanh(artanh(W₃⁰|q|/2MW_T⁰) + n₃)
///
/// and zero outputs are the prior; a pretrained net is fitted to them. The prior's W_T is taken as at least 10⁻⁷ GeV⁻¹
/// (it is of order one elsewhere), its W_L as at least 10⁻³ W_T, and its W₃ as within 0.99 of its bound. So are its W₄
/// and W₅ where they are functions of their own; otherwise they are not used.
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

  /// Computes the outputs of the prior at some points, shape [outputs][points].
  func outputs<Scalar: HeadScalar>(_ head: PositiveHead, of reaction: Reaction, at points: InvariantPoints) throws
    -> [Scalar]
  {
    try outputs(head, of: [(reaction, 1)], at: points)
  }

  /// Computes the outputs of the prior of a mixture of nuclei with shares of the nucleons, shape [outputs][points]; one net
  /// then learns the ratio for all of them.
  func outputs<Scalar: HeadScalar>(
    _ head: PositiveHead, of reactions: [(reaction: Reaction, share: Double)], at points: InvariantPoints
  ) throws -> [Scalar] {
    let functions = try functions(of: reactions, at: points)
    let count = points.count
    var outputs = [Scalar](repeating: 0, count: head.outputs * count)
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
      guard head.massFunctions == .bounded else { continue }
      let w2 = (transverse + longitudinal) * factors.w2
      let fifth = Self.share(functions.w[4][i] - w2 * factors.w5, of: w2 * factors.w5 * factors.range)
      let fourth = Self.share(functions.w[3][i], of: w2 * factors.w4 * (1 - factors.reduction * fifth))
      outputs[3 * count + i] = Scalar(atanh(fourth))
      outputs[4 * count + i] = Scalar(atanh(fifth))
    }
    guard outputs.allSatisfy({ $0.isFinite }) else {
      throw NuTuneError(
        .runtime, key: "prior", found: "structure functions that are not finite", expected: "finite ones")
    }
    return outputs
  }

  private func functions(of reactions: [(reaction: Reaction, share: Double)], at points: InvariantPoints) throws
    -> StructureFunctions
  {
    let parts = try reactions.map { (try model.structureFunctions(of: $0.reaction, at: points), $0.share) }
    guard parts.count > 1 || parts[0].1 != 1 else { return parts[0].0 }
    var sum = parts[0].0
    for index in sum.w.indices {
      sum.w[index] = sum.w[index].indices.map { i in parts.reduce(0) { $0 + $1.1 * $1.0.w[index][i] } }
    }
    return sum
  }

  /// Returns a value as a share of its bound, within ±0.99; zero where the bound leaves no room.
  private static func share(_ value: Double, of bound: Double) -> Double {
    bound > 0 ? min(max(value / bound, -0.99), 0.99) : 0
  }

  /// Lowest W_T in GeV⁻¹; structure functions of a nucleon are of order one.
  private static let least = 1e-7
}
