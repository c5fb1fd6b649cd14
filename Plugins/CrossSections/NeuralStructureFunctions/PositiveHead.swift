import NuTuneCore
import NuTuneLearning

/// The map from the outputs n₁, n₂, n₃ of a net to structure functions:
///
///     W_T = e^{n₁}     W₃ = (2M/|q|) W_T tanh n₃     W₁ = W_T     W₂ = S Q²/(Q²+ω²)     W₄ = 0     2xF₅ = F₂
///     S = W_T + W_L = W_T + e^{n₂} (independent), W_T + W_T e^{n₂} (ratio) or e^{n₂} (total)
///
/// The first two give a positive hadron tensor for any net; the third leaves W_L ≥ 0 to the data. For one lepton mass
/// the data determine three functions only, so W₄ and W₅ are a convention.
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

  /// The meaning of n₂.
  let longitudinal: Longitudinal

  /// Number of outputs of the net.
  static let outputs = 3

  /// Computes W₁…W₅ from net outputs, shape [3][points].
  func structureFunctions<Scalar: HeadScalar>(_ outputs: [Scalar], at points: InvariantPoints) -> StructureFunctions {
    let count = points.count
    var outputs = outputs
    var slopes = [Scalar](repeating: 0, count: count)
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

  /// Computes e^{n₁}, e^{n₂}, tanh n₃ in place, and the slope of the last.
  func activate<Scalar: HeadScalar>(
    _ outputs: UnsafeMutableBufferPointer<Scalar>, slopes: UnsafeMutableBufferPointer<Scalar>
  ) {
    let count = outputs.count / 3
    let logarithms = UnsafeMutableBufferPointer(rebasing: outputs[..<(2 * count)])
    let third = UnsafeMutableBufferPointer(rebasing: outputs[(2 * count)...])
    VectorFunctions.exp(UnsafeBufferPointer(logarithms), into: logarithms)
    VectorFunctions.tanh(UnsafeBufferPointer(third), into: third, derivative: slopes)
  }

  /// W₂, W₃ and W₅ per unit of the head's functions: W₂ = w2 (W_T+W_L), W₃ = w3 W_T tanh n₃, W₅ = w5 W₂.
  struct Factors {
    let w2: Double
    let w3: Double
    let w5: Double

    init(omega: Double, q2: Double) {
      let mass = PhysicalConstants.nucleonMass
      let momentumSquared = q2 + omega * omega
      w2 = q2 / momentumSquared
      w3 = 2 * mass / momentumSquared.squareRoot()
      w5 = mass * omega / q2
    }
  }
}
