import NuTuneCore

/// From the outputs n₁, n₂, n₃ of a net to structure functions that come from a positive hadron tensor:
///
///     W_T = e^{n₁}     W_L = e^{n₂} (independent) or W_T e^{n₂} (ratio)     W₃ = (2M/|q|) W_T tanh n₃
///     W₁ = W_T         W₂ = (W_T + W_L) Q²/(Q²+ω²)        W₄ = 0        2xF₅ = F₂
///
/// For one lepton mass three functions span all that data can see, so W₄ and W₅ are a convention.
struct PositiveHead: Sendable, Hashable {
  /// Whether n₂ gives W_L/W_T instead of W_L.
  let longitudinalRatio: Bool

  /// Number of outputs of the net.
  static let outputs = 3

  /// W₁…W₅ from net outputs, shape [3][points].
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
      let longitudinal = Double(outputs[count + i]) * (longitudinalRatio ? transverse : 1)
      let w2 = (transverse + longitudinal) * factors.w2
      functions.w[0][i] = transverse
      functions.w[1][i] = w2
      functions.w[2][i] = transverse * Double(outputs[2 * count + i]) * factors.w3
      functions.w[4][i] = w2 * factors.w5
    }
    return functions
  }

  /// e^{n₁}, e^{n₂}, tanh n₃ in place, and the slope of the last.
  func activate<Scalar: HeadScalar>(
    _ outputs: UnsafeMutableBufferPointer<Scalar>, slopes: UnsafeMutableBufferPointer<Scalar>
  ) {
    let count = outputs.count / 3
    Scalar.exponentials(UnsafeMutableBufferPointer(rebasing: outputs[..<(2 * count)]))
    Scalar.hyperbolicTangents(UnsafeMutableBufferPointer(rebasing: outputs[(2 * count)...]), derivatives: slopes)
  }

  /// W₂, W₃ and W₅ per unit of what the head gives: W₂ = w2 (W_T+W_L), W₃ = w3 W_T tanh n₃, W₅ = w5 W₂.
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
