import ThreeFlavorOscillations

extension MixingParameters {
  /// U = R₂₃ R₁₃(δ) R₁₂ of the PDG, element (α, k) at 3α + k.
  var matrix: [Complex] {
    let (s12, c12) = (sin2Theta12.squareRoot(), (1 - sin2Theta12).squareRoot())
    let (s13, c13) = (sin2Theta13.squareRoot(), (1 - sin2Theta13).squareRoot())
    let (s23, c23) = (sin2Theta23.squareRoot(), (1 - sin2Theta23).squareRoot())
    let phase = Complex(modulus: s13, phase: deltaCP)
    return [
      Complex(c12 * c13), Complex(s12 * c13), phase.conjugate,
      Complex(-s12 * c23) - c12 * s23 * phase, Complex(c12 * c23) - s12 * s23 * phase, Complex(s23 * c13),
      Complex(s12 * s23) - c12 * c23 * phase, Complex(-c12 * s23) - s12 * c23 * phase, Complex(c23 * c13),
    ]
  }

  /// U diag(0, Δm²₂₁, Δm²₃₁) U† in eV².
  var massMatrix: HermitianMatrix {
    HermitianMatrix(values: [0, deltaMassSquared21, deltaMassSquared31], vectors: matrix)
  }
}
