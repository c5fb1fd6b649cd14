/// Central 68.27 % interval of a Poisson mean for an observed count: the error bars of data.
enum PoissonInterval {
  /// Computes the distances from `count` down to the lower and up to the upper end.
  ///
  /// The χ² quantiles of the classical interval in the Wilson–Hilferty approximation, N. Gehrels, ApJ 303 (1986) 336,
  /// eqs. (9) and (12), which for one standard deviation holds to 1 %. It accepts counts that are not whole (Asimov).
  static func errors(count: Double) -> (lower: Double, upper: Double) {
    func cube(_ value: Double) -> Double { value * value * value }
    let above = count + 1
    let upper = above * cube(1 - 1 / (9 * above) + 1 / (3 * above.squareRoot()))
    guard count > 0 else { return (0, upper) }
    let root = 1 - 1 / (9 * count) - 1 / (3 * count.squareRoot())
    return (count - count * cube(max(root, 0)), upper - count)
  }
}
