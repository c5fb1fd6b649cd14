import NuTuneNumerics

/// The combined interval of one parameter from an ensemble of fits by the ``EnsembleRule``, in two forms.
///
/// Members centred at c ~ N(0, σ_sys) with half widths a = nσ_stat give linear addition, n(σ_stat + σ_sys), as long as
/// a point x > 0 is outside of members only because it lies above them. Counting also includes the members above the
/// point, c > x + a, and the edge solves
///
///     Φ((x − a)/σ_sys) + 1 − Φ((x + a)/σ_sys) = f_n
///
/// The second part is negligible only while σ_sys is not large against σ_stat. In units of n(σ_stat + σ_sys) the edge is at
///
///     σ_sys/σ_stat   0.25    0.5     1       2       4       no point above
///     n = 1          1.0000  1.0000  0.9972  0.9224  0.5345  5.00
///     n = 2          1.0000  1.0000  1.0000  0.9998  0.9894  70.1
///
/// and no point is left where 2[1 − Φ(a/σ_sys)] > f_n: intervals that are narrow compared with their scatter have no
/// point in common with enough of the others. ``byEdges`` combines upper and lower edges separately and adds linearly
/// for any ratio.
public struct CombinedInterval: Equatable, Sendable {
  /// The points outside at most f_n M of the members' intervals, by counting: disjoint closed intervals, ascending; may
  /// be empty, and more than one for members in groups. Near its ends, where the number of members changes slowly,
  /// single members may cut off tiny intervals.
  public let byCounting: [ClosedRange<Double>]
  /// The interval from the 1 − f_n quantile of the lower edges to the f_n quantile of the upper edges.
  ///
  /// With M members the upper end is at position f_n M + 1 of the upper edges and the lower end at position M − f_n M
  /// of the lower edges, both in ascending order, linear between neighbours and at most the outermost ones: the last
  /// point above at most f_n M upper edges, and its mirror image. It contains every point of ``byCounting``, and is
  /// never empty since f_n > ½.
  public let byEdges: ClosedRange<Double>

  /// Combines the nσ intervals of an ensemble's members, n = `sigmas`. O(M log M).
  public init(members: [ClosedRange<Double>], sigmas: Double) throws {
    guard !members.isEmpty else { throw InferenceError.badEnsemble("no members") }
    if let bad = members.firstIndex(where: { !$0.lowerBound.isFinite || !$0.upperBound.isFinite }) {
      throw InferenceError.badEnsemble("the interval of member \(bad) is \(members[bad]); expected finite ends")
    }
    let outside = try EnsembleRule.outsideCount(members: members.count, sigmas: sigmas)
    let lower = members.map(\.lowerBound).sorted()
    let upper = members.map(\.upperBound).sorted()
    let required = max(1, members.count - Int(outside))
    byCounting = Self.covered(lower: lower, upper: upper, by: required)
    let bottom = OrderStatistics.value(lower, at: Double(members.count) - outside)
    let top = OrderStatistics.value(upper, at: outside + 1)
    // Rounding must not put the upper edge below the lower one.
    byEdges = bottom...max(bottom, top)
  }

  /// Finds the points inside at least `required` intervals, from the ends of the intervals in ascending order.
  private static func covered(lower: [Double], upper: [Double], by required: Int) -> [ClosedRange<Double>] {
    var pieces: [ClosedRange<Double>] = []
    var (opened, closed, start) = (0, 0, 0.0)
    while closed < upper.count {
      // At equal positions an interval begins before another ends: both contain the point.
      if opened < lower.count, lower[opened] <= upper[closed] {
        opened += 1
        if opened - closed == required { start = lower[opened - 1] }
      } else {
        if opened - closed == required { pieces.append(start...upper[closed]) }
        closed += 1
      }
    }
    return pieces
  }
}
