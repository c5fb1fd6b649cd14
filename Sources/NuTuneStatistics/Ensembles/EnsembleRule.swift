import NuTuneNumerics

/// The rule that combines the regions of an ensemble's members into one: a point belongs to the combined nσ region when
/// it lies outside at most a fraction
///
///     f_n = ½ [1 + erf(n/√2)]
///
/// of the members' own nσ regions: 0.841 for one, 0.977 for two standard deviations.
///
/// In one dimension, with members centred at c ~ N(0, σ_sys) and half widths nσ_stat, a point x > 0 lies above a
/// member's interval when c < x − nσ_stat. That holds for the fraction f_n of the members where x − nσ_stat = nσ_sys,
/// so the edge is at n(σ_stat + σ_sys): errors add linearly. ``CombinedInterval`` gives the limits of this.
public enum EnsembleRule {
  /// Computes f_n, the largest fraction of the members whose nσ regions may miss a point of the combined region; equal
  /// to the probability below +n standard deviations.
  public static func outsideFraction(sigmas: Double) -> Double { SpecialFunctions.normalProbability(below: sigmas) }

  /// Computes the probability of a two-sided interval of ±n standard deviations, 2f_n − 1: 0.6827, 0.9545.
  public static func probability(sigmas: Double) -> Double { SpecialFunctions.probability(withinSigmas: sigmas) }

  /// Computes Δ(−2 ln L) of the joint nσ region of `parameters` parameters: n² for one; 2.30 and 6.18 for two.
  public static func level(sigmas: Double, parameters: Int = 2) throws -> Double {
    try Contour.level(probability: probability(sigmas: sigmas), parameters: parameters)
  }

  /// Computes f_n M, the number of `members` members that may miss a point. Within rounding of an integer it is that
  /// integer, so that counting does not depend on the last bit of f_n.
  static func outsideCount(members: Int, sigmas: Double) throws -> Double {
    guard sigmas > 0, sigmas.isFinite else {
      throw InferenceError.badEnsemble("\(sigmas) standard deviations; expected a positive number")
    }
    let count = outsideFraction(sigmas: sigmas) * Double(members)
    return abs(count - count.rounded()) < 1e-9 * Double(members) ? count.rounded() : count
  }
}
