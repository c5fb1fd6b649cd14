import NuTuneNumerics

/// The combined region of two parameters from an ensemble of fits by the ``EnsembleRule``.
///
/// For two parameters the combined region is smaller than linear addition of errors would give, because a point can be
/// missed on more sides. Circular regions of radius √L (L = 2.30, 6.18; σ_stat = 1) whose centres scatter by σ_sys in
/// each parameter have a combined region of radius R; in units of √L √(σ_stat² + σ_sys²), below which it contains a
/// truth that scatters like the members too seldom, it is
///
///     σ_sys/σ_stat   0.25   0.5    1      2      4      no point above
///     n = 1          1.118  1.146  1.039  0.604  –      2.58
///     n = 2          1.161  1.239  1.232  1.071  0.827  11.6
public struct CombinedRegion: Sendable {
  /// Δ(−2 ln L) of every member above its own minimum, all on the same axes.
  public let members: [ScalarField]

  /// Combines an ensemble of scans. For regions that are not bounded by one level (``FeldmanCousins``) pass Δ − Δ_c.
  public init(members: [ScalarField]) throws {
    guard let first = members.first else { throw InferenceError.badEnsemble("no members") }
    if let bad = members.firstIndex(where: { $0.xs != first.xs || $0.ys != first.ys }) {
      throw InferenceError.badEnsemble("the scan of member \(bad) is on other axes than that of member 0")
    }
    self.members = members
  }

  /// Computes the 1 − f_n quantile of Δ over the members at each point, for n = `sigmas`: the combined nσ region is
  /// where it is at most the level of the members' nσ regions, its edge `field(sigmas:).contours(at: level)`.
  ///
  /// With M members in ascending order Δ₍₁₎ ≤ … ≤ Δ₍M₎ it is Δ₍h₎ at h = M − f_n M, linear between neighbours
  /// (definition 4 of R. Hyndman, Y. Fan, Am. Stat. 50 (1996) 361). When f_n M is an integer, Δ₍h₎ ≤ level means
  /// exactly that at most f_n M members have the point outside; in between the edge moves continuously. For h < 1, M <
  /// 44 at two standard deviations, it is Δ₍₁₎ and the region the union of the members' regions. O(points · M log M).
  public func field(sigmas: Double) throws -> ScalarField {
    let position = Double(members.count) - (try EnsembleRule.outsideCount(members: members.count, sigmas: sigmas))
    var here = [Double](repeating: 0, count: members.count)
    return try eachPoint { point in
      for member in members.indices { here[member] = members[member].values[point] }
      here.sort()
      return OrderStatistics.value(here, at: position)
    }
  }

  /// Computes the fraction of the members whose region {Δ ≤ level} misses each point, by counting. O(points · M).
  public func outsideFraction(level: Double) throws -> ScalarField {
    try eachPoint { point in
      Double(members.count { $0.values[point] > level }) / Double(members.count)
    }
  }

  private func eachPoint(_ value: (Int) -> Double) throws -> ScalarField {
    try ScalarField(xs: members[0].xs, ys: members[0].ys, values: members[0].values.indices.map(value))
  }
}
