import CGSL

/// Gauss–Legendre quadrature with n points: exact for polynomials up to degree 2n − 1.
public struct GaussLegendre: Equatable, Sendable {
  /// Nodes on [−1, 1], ascending, shape [points].
  public let nodes: [Double]
  /// Weights, which sum to 2, shape [points].
  public let weights: [Double]

  /// Computes the rule with `points` nodes to machine precision. GSL tabulates it up to 20 points and for some larger
  /// numbers and computes the others to 1e-10; one Newton step on the Legendre polynomial Pₙ does the rest, with w = 2
  /// / [(1 − x²) Pₙ′(x)²]. O(points²).
  public init(points: Int) throws {
    let operation = "GaussLegendre"
    NumericsLibrary.prepare()
    guard points > 0, points <= 1_000_000 else {
      throw NumericsError(operation, .invalidArgument, "\(points) points; expected 1 to 1000000")
    }
    let table = try NumericsLibrary.allocated(gsl_integration_glfixed_table_alloc(points), operation)
    defer { gsl_integration_glfixed_table_free(table) }
    var rule: [(node: Double, weight: Double)] = []
    rule.reserveCapacity(points)
    for i in 0..<points {
      var node = 0.0
      var weight = 0.0
      try NumericsLibrary.check(gsl_integration_glfixed_point(-1, 1, i, &node, &weight, table), operation)
      if table.pointee.precomputed == 0 {
        node -= Self.legendre(points, node).ratio
        let derivative = Self.legendre(points, node).derivative
        weight = 2 / ((1 - node * node) * derivative * derivative)
      }
      rule.append((node, weight))
    }
    rule.sort { $0.node < $1.node }
    nodes = rule.map(\.node)
    weights = rule.map(\.weight)
  }

  /// Nodes and weights mapped onto `range`, so that ∫ f ≈ Σ wᵢ f(xᵢ); shape [points] each.
  public func rule(on range: ClosedRange<Double>) -> (nodes: [Double], weights: [Double]) {
    let half = 0.5 * (range.upperBound - range.lowerBound)
    let middle = 0.5 * (range.upperBound + range.lowerBound)
    return (nodes.map { middle + half * $0 }, weights.map { half * $0 })
  }

  /// Integrates: ∫ f(x) dx over `range`; calls `function` once per node.
  public func integrate(over range: ClosedRange<Double>, _ function: (Double) throws -> Double) rethrows -> Double {
    let half = 0.5 * (range.upperBound - range.lowerBound)
    let middle = 0.5 * (range.upperBound + range.lowerBound)
    var sum = 0.0
    for (node, weight) in zip(nodes, weights) { sum += weight * (try function(middle + half * node)) }
    return half * sum
  }

  /// Computes Pₙ/Pₙ′ and Pₙ′ at x, |x| < 1, by the three-term recurrence.
  private static func legendre(_ n: Int, _ x: Double) -> (ratio: Double, derivative: Double) {
    var (previous, current) = (1.0, x)
    for k in stride(from: 2, through: n, by: 1) {
      (previous, current) = (current, (Double(2 * k - 1) * x * current - Double(k - 1) * previous) / Double(k))
    }
    let derivative = Double(n) * (previous - x * current) / (1 - x * x)
    return (current / derivative, derivative)
  }
}
