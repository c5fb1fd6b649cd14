/// Derivatives by central differences.
public enum CentralDifferences {
  /// Computes ∂f/∂xᵢ ≈ [f(x + hᵢ) − f(x − hᵢ)] / 2hᵢ, with truncation error O(h²) and rounding error O(ε|f|/h); 2n
  /// calls.
  /// - Parameters:
  ///   - position: x, shape [n].
  ///   - steps: hᵢ, in the unit of xᵢ, shape [n].
  ///   - function: f.
  public static func gradient(
    at position: [Double], steps: [Double], _ function: ([Double]) throws -> Double
  ) throws -> [Double] {
    guard steps.count == position.count, steps.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw NumericsError(
        "CentralDifferences.gradient", .invalidArgument, "steps \(steps) for \(position.count) parameters")
    }
    var point = position
    return try position.indices.map { i in
      // The step as floating point realises it, not the one asked for.
      let (upper, lower) = (position[i] + steps[i], position[i] - steps[i])
      point[i] = upper
      let above = try function(point)
      point[i] = lower
      let below = try function(point)
      point[i] = position[i]
      return (above - below) / (upper - lower)
    }
  }
}
