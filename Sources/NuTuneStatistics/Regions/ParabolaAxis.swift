/// Derivatives by the parabola through three neighbouring positions of an axis.
struct ParabolaAxis {
  let positions: [Double]
  /// Factors of f₋ − f₀ and f₊ − f₀ in the first and the second derivative for each inner position, shape [positions −
  /// 2].
  let weights: [(first: (Double, Double), second: (Double, Double))]

  /// - Parameter positions: strictly increasing, at least three.
  init(_ positions: [Double]) {
    self.positions = positions
    weights = (1..<(positions.count - 1)).map { i in
      let (a, b) = (positions[i - 1] - positions[i], positions[i + 1] - positions[i])
      return (
        first: (-b / (a * (a - b)), -a / (b * (b - a))), second: (2 / (a * (a - b)), 2 / (b * (b - a)))
      )
    }
  }

  var count: Int { positions.count }

  /// Returns the middle one of the three positions used around `i`.
  func center(of i: Int) -> Int { max(1, min(count - 2, i)) }
  func offset(_ i: Int, from center: Int) -> Double { positions[i] - positions[center] }
  func reach(below i: Int, from center: Int) -> Double { offset(max(0, i - 1), from: center) }
  func reach(above i: Int, from center: Int) -> Double { offset(min(count - 1, i + 1), from: center) }
  func isEdge(_ offset: Double, from center: Int) -> Bool {
    offset == self.offset(0, from: center) || offset == self.offset(count - 1, from: center)
  }
}
