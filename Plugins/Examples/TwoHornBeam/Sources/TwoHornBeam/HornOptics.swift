import NuTuneCore

/// Two thin lenses behind a point source. A parabolic horn z = a r² with current I kicks a pion at radius r by
///
///     Δp_T = 0.3 · (μ₀I/2πr) · 2a r² = c r,   so the focal length is f = p/c
///
/// (S. E. Kopp, Phys. Rept. 439 (2007) 101, section 5), proportional to the momentum. A pion that leaves the target at a
/// small angle θ₀ meets the first horn after l and the second after another d, and ends up at the angle κ θ₀ with
///
///     κ(p) = 1 − [l c₁ + (l+d) c₂]/p + l d c₁ c₂/p²
///
/// which has two real zeros: two horns make two momenta parallel. Pions of the other charge get −c₁, −c₂.
public struct HornOptics: Sendable {
  /// Length from target to first horn l in m.
  public let targetDistance: Double
  /// Length between the horns d in m.
  public let separation: Double
  /// Kicks c₁, c₂ in GeV/m, positive when they focus.
  public let kicks: (first: Double, second: Double)

  /// Creates horns with parabolas a in cm⁻¹ and one current in kA, negative for the other polarity.
  public init(current: Double, parabolas: (first: Double, second: Double), targetDistance: Double, separation: Double) {
    // 0.3 · μ₀I/2π in GeV, with p = 0.3 B ρ (GeV, T, m) and μ₀/2π = 2·10⁻⁷ T m/A.
    let field = 0.299792458 * 2e-7 * 1e3 * current
    kicks = (field * 200 * parabolas.first, field * 200 * parabolas.second)
    self.targetDistance = targetDistance
    self.separation = separation
  }

  /// The optics for the other charge.
  public var reversed: HornOptics {
    HornOptics(targetDistance: targetDistance, separation: separation, kicks: (-kicks.first, -kicks.second))
  }

  private init(targetDistance: Double, separation: Double, kicks: (first: Double, second: Double)) {
    self.targetDistance = targetDistance
    self.separation = separation
    self.kicks = kicks
  }

  private var linear: Double { targetDistance * kicks.first + (targetDistance + separation) * kicks.second }
  private var quadratic: Double { targetDistance * separation * kicks.first * kicks.second }

  /// Computes κ at a pion momentum in GeV: the angle behind the horns in units of the one at the target.
  public func residualAngle(momentum: Double) -> Double {
    1 - linear / momentum + quadratic / (momentum * momentum)
  }

  /// Momenta in GeV that leave the horns parallel, increasing; none for a defocused charge.
  public var focusedMomenta: [Double] {
    let root = max(linear * linear - 4 * quadratic, 0).squareRoot()
    return [(linear - root) / 2, (linear + root) / 2].filter { $0 > 0 }
  }
}
