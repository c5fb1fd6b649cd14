import NuTuneCore
import NuTuneLearning

/// The map from the outputs n₁, n₂, n₃ of a net to structure functions:
///
///     W_T = e^{n₁}     W₃ = (2M/|q|) W_T tanh n₃     W₁ = W_T     W₂ = S Q²/(Q²+ω²)     W₄ = 0     2xF₅ = F₂
///     S = W_T + W_L = W_T + e^{n₂} (independent), W_T + W_T e^{n₂} (ratio) or e^{n₂} (total)
///
/// The first two give a positive hadron tensor for any net; the third leaves W_L ≥ 0 to the data. For one lepton mass
/// the data determine three functions only, so W₄ and W₅ are a convention; `bounded` makes them functions of their own,
/// see ``MassFunctions``.
struct PositiveHead: Sendable, Hashable {
  /// The meaning of n₂.
  enum Longitudinal: String, Sendable, CaseIterable {
    /// ln W_L.
    case independent
    /// ln(W_L/W_T).
    case ratio
    /// ln(W_T + W_L).
    case total
  }

  /// W₄ and W₅, which enter the cross section with the square of the lepton's mass.
  enum MassFunctions: String, Sendable, CaseIterable {
    /// W₄ = 0 and 2xF₅ = F₂, the same for all leptons of a neutrino sign.
    case fixed
    /// Two more outputs n₄, n₅, which are W₄ and W₅ within bounds, and at zero the fixed values:
    ///
    ///     2xF₅ = F₂ (1 + t₅)            t₅ = h tanh n₅                 c = 2ω/(|q|−ω)     h = min(1, 1/c)
    ///     (2ω/M) W₄ = W₂ (1 − c t₅) tanh n₄
    ///
    /// so that 0 < 2xF₅ < 2F₂ and |F₄| < (M/2) W₂ (1 − c t₅) < M W₂. With k_T the lepton's momentum across q, and
    /// W_L ≥ 0 and |W₃||q|/2M ≤ W_T, the contraction of the lepton tensor (divided by 8) and the hadron tensor is
    ///
    ///     L·W/8 ≥ 2k_T² [W_L + W_T m²/(Q²+m²)] + ½m²(1+m²/Q²) W₂ [1 + (2ω/M)W₄/W₂ − c t₅]
    ///             − 2k_T² m²/(Q²+m²) (ω/|q|) max(t₅, 0) (W_T + W_L)
    ///
    /// The second square bracket is (1 − c t₅)(1 + tanh n₄) ≥ 0, and the last term is smaller than the first because
    /// ω < |q| and t₅ < 1: for no lepton of any mass is the cross section negative.
    case bounded
  }

  /// The meaning of n₂.
  let longitudinal: Longitudinal
  /// The treatment of W₄ and W₅.
  let massFunctions: MassFunctions

  /// Number of outputs of the net, 3 or 5.
  var outputs: Int { Self.masslessOutputs + (massFunctions == .bounded ? 2 : 0) }
  /// Number of outputs that are taken the hyperbolic tangent of: all but the first two.
  var tangents: Int { outputs - 2 }

  /// Number of outputs that W_T, W_L and W₃ need.
  static let masslessOutputs = 3

  /// Computes W₁…W₅ from net outputs, shape [outputs][points].
  func structureFunctions<Scalar: HeadScalar>(_ outputs: [Scalar], at points: InvariantPoints) -> StructureFunctions {
    let count = points.count
    var outputs = outputs
    var slopes = [Scalar](repeating: 0, count: tangents * count)
    outputs.withUnsafeMutableBufferPointer { outputs in
      slopes.withUnsafeMutableBufferPointer { activate(outputs, slopes: $0) }
    }
    var functions = StructureFunctions(count: count)
    for i in 0..<count {
      let factors = Factors(omega: points.omega[i], q2: points.q2[i])
      let transverse = Double(outputs[i])
      let second = Double(outputs[count + i])
      let w2 = sum(transverse, second) * factors.w2
      functions.w[0][i] = transverse
      functions.w[1][i] = w2
      functions.w[2][i] = transverse * Double(outputs[2 * count + i]) * factors.w3
      functions.w[4][i] = w2 * factors.w5
      if massFunctions == .bounded {
        let (fourth, fifth) = (Double(outputs[3 * count + i]), Double(outputs[4 * count + i]))
        functions.w[3][i] = w2 * factors.w4 * (1 - factors.reduction * fifth) * fourth
        functions.w[4][i] = w2 * factors.w5 * (1 + factors.range * fifth)
      }
    }
    return functions
  }

  /// Computes S from W_T and e^{n₂}.
  @inline(__always)
  func sum<Scalar: HeadScalar>(_ transverse: Scalar, _ second: Scalar) -> Scalar {
    switch longitudinal {
    case .independent: transverse + second
    case .ratio: transverse + transverse * second
    case .total: second
    }
  }

  /// Computes e^{n₁}, e^{n₂} and the tanh of the other outputs in place, and the slopes of the latter, shape
  /// [tangents][points].
  func activate<Scalar: HeadScalar>(
    _ outputs: UnsafeMutableBufferPointer<Scalar>, slopes: UnsafeMutableBufferPointer<Scalar>
  ) {
    let count = outputs.count / self.outputs
    let logarithms = UnsafeMutableBufferPointer(rebasing: outputs[..<(2 * count)])
    let others = UnsafeMutableBufferPointer(rebasing: outputs[(2 * count)...])
    VectorFunctions.exp(UnsafeBufferPointer(logarithms), into: logarithms)
    VectorFunctions.tanh(UnsafeBufferPointer(others), into: others, derivative: slopes)
  }

  /// W₂…W₅ per unit of the head's functions:
  ///
  ///     W₂ = w2 (W_T+W_L)     W₃ = w3 W_T tanh n₃     W₄ = w4 W₂ (1 − reduction · tanh n₅) tanh n₄
  ///     W₅ = w5 W₂ (1 + range · tanh n₅)
  struct Factors {
    let w2: Double
    let w3: Double
    let w4: Double
    let w5: Double
    /// The largest |2xF₅/F₂ − 1|, h in ``MassFunctions``.
    let range: Double
    /// c h in ``MassFunctions``.
    let reduction: Double

    init(omega: Double, q2: Double) {
      let mass = PhysicalConstants.nucleonMass
      let momentumSquared = q2 + omega * omega
      w2 = q2 / momentumSquared
      w3 = 2 * mass / momentumSquared.squareRoot()
      w4 = omega > 0 ? mass / (2 * omega) : 0
      w5 = mass * omega / q2
      // 2ω/(|q|−ω) without the difference, which cancels at small Q².
      let c = 2 * max(omega, 0) * (momentumSquared.squareRoot() + omega) / q2
      range = c > 1 ? 1 / c : 1
      reduction = min(c, 1)
    }
  }
}
