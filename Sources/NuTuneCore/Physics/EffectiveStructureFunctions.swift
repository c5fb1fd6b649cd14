/// The combinations of structure functions that data of one lepton channel can determine.
///
/// One channel fixes the three node values (a, b, c) of ``LeptonTensor`` and no more. Different W₁…W₅ with the same node
/// values are the same cross section, so functions are compared after both are brought to one convention, W₄ = 0 and
/// 2xF₅ = F₂ (that is W₅ = W₂ M ω/Q²), in which the three node values fix W₁, W₂ and W₃:
///
///     W₂ = a
///     W₃ = ± (2M/Q²) [b + ω a (1 + m²/Q²)]
///     W₁ = (2/Q²) [c + (Q²/4) a ± (ωQ²/4M) W₃]
extension LeptonTensor {
  /// Effective W₁, W₂, W₃ in GeV⁻¹, shape [3][points], from node values of shape [3][points] at points with Q² > 0.
  public func effectiveFunctions(nodeValues: [[Double]], at points: InvariantPoints) -> [[Double]] {
    let mass = PhysicalConstants.nucleonMass
    var functions = [[Double]](repeating: [Double](repeating: 0, count: points.count), count: 3)
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      let (a, b, c) = (nodeValues[0][i], nodeValues[1][i], nodeValues[2][i])
      let third = sign * 2 * mass / q2 * (b + omega * a * (1 + leptonMass * leptonMass / q2))
      functions[0][i] = 2 / q2 * (c + q2 / 4 * a + sign * omega * q2 / (4 * mass) * third)
      functions[1][i] = a
      functions[2][i] = third
    }
    return functions
  }
}
