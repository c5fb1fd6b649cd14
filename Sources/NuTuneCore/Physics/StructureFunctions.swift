/// Structure functions W₁…W₅ in GeV⁻¹ per nucleon on a batch of (ω, Q²) points; F₁ = M W₁ and F_i = ω W_i (i ≥ 2).
///
/// W_i and not F_i are kept because they stay smooth and finite as ω → 0.
///
/// They are defined by the hadron tensor, with P the momentum of the nucleon, q that of the W boson and q² = −Q²,
///
///     W^μν = −g^μν W₁ + P^μP^ν W₂/M² − iε^μναβ P_αq_β W₃/2M² + q^μq^ν (2ω/MQ²) W₄ + (P^μq^ν + q^μP^ν) W₅/M²
///
/// so that on a free nucleon, where ω = Q²/2M, W₄ and W₅ have the same factor 1/M² as W₂.
public struct StructureFunctions: Sendable {
  /// W₁…W₅ at index 0…4, each of shape [points], GeV⁻¹.
  public var w: [[Double]]

  /// Number of points.
  public var count: Int { w[0].count }

  /// Creates zeros at `count` points.
  public init(count: Int) {
    w = [[Double]](repeating: [Double](repeating: 0, count: count), count: 5)
  }

  /// Adds other structure functions point by point.
  public static func += (left: inout StructureFunctions, right: StructureFunctions) {
    for i in 0..<5 {
      for point in 0..<left.count { left.w[i][point] += right.w[i][point] }
    }
  }
}
