/// The cross section of one channel in terms of W₁…W₅ at one (ω, Q²).
///
/// d²σ/(dE_l dcosθ) = prefactor · (A E_ν + B + C/E_ν), the Albright–Jarlskog form, with
///
///     A = W₂
///     B = −ω W₂ ± (Q²/2M) W₃ − (m²/M) W₅
///     C = (Q²+m²) Ĉ,   Ĉ = W₁/2 − W₂/4 ∓ (ω/4M) W₃ + (m² ω/(2 M Q²)) W₄
///
/// so one lepton channel fixes three combinations of the five functions and no more. With c = Q² Ĉ, which is smooth
/// where Q² → 0, C = c (Q²+m²)/Q².
public struct LeptonTensor: Sendable {
  /// Mass of the charged lepton in GeV.
  public let leptonMass: Double
  /// + for ν, − for ν̄.
  public let sign: Double

  /// Creates the lepton tensor of a channel.
  public init(_ species: NeutrinoSpecies) {
    leptonMass = species.leptonMass
    sign = species.helicity.sign
  }

  /// Returns the coefficients of (W₁…W₅) in the smooth node values (a, b, c) = (A, B, Q²Ĉ), row by row.
  @inlinable
  public func nodeCoefficients(omega: Double, q2: Double) -> (a: SIMD8<Double>, b: SIMD8<Double>, c: SIMD8<Double>) {
    let mass = PhysicalConstants.nucleonMass
    let massSquared = leptonMass * leptonMass
    let a = SIMD8<Double>(0, 1, 0, 0, 0, 0, 0, 0)
    let b = SIMD8<Double>(0, -omega, sign * q2 / (2 * mass), 0, -massSquared / mass, 0, 0, 0)
    let c = SIMD8<Double>(
      q2 / 2, -q2 / 4, -sign * omega * q2 / (4 * mass), massSquared * omega / (2 * mass), 0, 0, 0, 0)
    return (a, b, c)
  }

  /// Returns the weights of the node values (a, b, c) in the cross section at one kinematic point, 10⁻³⁸ cm² GeV⁻¹ per
  /// unit of each.
  @inlinable
  public func pointWeights(
    neutrinoEnergy: Double, leptonMomentum: Double, q2: Double
  ) -> (a: Double, b: Double, c: Double) {
    let factor = Kinematics.prefactor(leptonMomentum: leptonMomentum, q2: q2)
    return (factor * neutrinoEnergy, factor, factor * (q2 + leptonMass * leptonMass) / (q2 * neutrinoEnergy))
  }

  /// Computes the node values (a, b, c) of structure functions on a batch of points; result shape [3][points].
  public func nodeValues(of functions: StructureFunctions, at points: InvariantPoints) -> [[Double]] {
    var values = [[Double]](repeating: [Double](repeating: 0, count: points.count), count: 3)
    for i in 0..<points.count {
      let rows = nodeCoefficients(omega: points.omega[i], q2: points.q2[i])
      let w = SIMD8<Double>(
        functions.w[0][i], functions.w[1][i], functions.w[2][i], functions.w[3][i], functions.w[4][i], 0, 0, 0)
      values[0][i] = (rows.a * w).sum()
      values[1][i] = (rows.b * w).sum()
      values[2][i] = (rows.c * w).sum()
    }
    return values
  }

  /// Computes the coefficients of W₁…W₅ in a linear function of the node values: the transpose of ``nodeValues(of:at:)``.
  ///
  /// - Parameters:
  ///   - coefficients: of the node values (a, b, c), shape [3][points] one after the other.
  ///   - points: the nodes, in GeV.
  public func functional(ofNodeValues coefficients: [Double], at points: InvariantPoints) -> StructureFunctions {
    precondition(coefficients.count == 3 * points.count, "coefficients must be [3][points]")
    var functional = StructureFunctions(count: points.count)
    for i in 0..<points.count {
      let rows = nodeCoefficients(omega: points.omega[i], q2: points.q2[i])
      let sum =
        coefficients[i] * rows.a + coefficients[points.count + i] * rows.b + coefficients[2 * points.count + i] * rows.c
      for k in 0..<5 { functional.w[k][i] = sum[k] }
    }
    return functional
  }

  /// Computes d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon, shape [points]; zero outside 0 < ω, m < E_l. It can be
  /// slightly negative where W₁…W₅ do not come from a positive hadron tensor.
  public func crossSection(
    of functions: StructureFunctions, at points: KinematicPoints, invariants: InvariantPoints
  ) -> [Double] {
    let values = nodeValues(of: functions, at: invariants)
    return (0..<points.count).map { i in
      let momentum = Kinematics.leptonMomentum(energy: points.leptonEnergy[i], mass: leptonMass)
      guard momentum > 0, invariants.omega[i] > 0, invariants.q2[i] > 0 else { return 0 }
      let weights = pointWeights(
        neutrinoEnergy: points.neutrinoEnergy[i], leptonMomentum: momentum, q2: invariants.q2[i])
      return weights.a * values[0][i] + weights.b * values[1][i] + weights.c * values[2][i]
    }
  }
}
