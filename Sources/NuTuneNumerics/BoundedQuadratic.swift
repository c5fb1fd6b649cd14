/// A quadratic function of a step δ, 2 g·δ + δᵀHδ with H positive definite, that is minimised in a box.
struct BoundedQuadratic {
  /// g, shape [parameters].
  let gradient: [Double]
  /// H, shape [parameters × parameters].
  let curvature: Matrix

  /// A slope against an end of the box, in units of the root of H, below which a parameter stays there.
  private static let leastPush = 1e-10

  /// Computes the function at a step.
  func value(at step: [Double]) throws -> Double {
    let bent = try curvature.multiplied(by: step)
    return step.indices.reduce(0.0) { $0 + step[$1] * (2 * gradient[$1] + bent[$1]) }
  }

  /// Returns the function with numbers added to the diagonal of H.
  func adding(_ diagonal: [Double]) -> BoundedQuadratic {
    var sum = curvature
    for (i, value) in diagonal.enumerated() { sum[i, i] += value }
    return BoundedQuadratic(gradient: gradient, curvature: sum)
  }

  /// Finds the minimum in a box that contains δ = 0, from there: along the minimum over the parameters that are not held at
  /// an end of the box, as far as the next end, and with those let go behind whose end the function rises.
  ///
  /// - Parameter box: shape [parameters].
  func minimum(in box: [ClosedRange<Double>]) throws -> [Double] {
    var step = [Double](repeating: 0, count: box.count)
    var isHeld = box.indices.map {
      box[$0].lowerBound == 0 && gradient[$0] > 0 || box[$0].upperBound == 0 && gradient[$0] < 0
    }
    // Each pass but the last holds or lets go one parameter; a few for each are enough but for rounding.
    for _ in 0..<(20 * box.count) {
      if let end = try advance(&step, isHeld, in: box) {
        isHeld[end] = true
      } else if let inward = try mostInward(step, isHeld, in: box) {
        isHeld[inward] = false
      } else {
        break
      }
    }
    return step
  }

  /// Moves towards the minimum over the parameters that are not held, and returns the one at whose end this stops.
  private func advance(_ step: inout [Double], _ isHeld: [Bool], in box: [ClosedRange<Double>]) throws -> Int? {
    let free = isHeld.indices.filter { !isHeld[$0] }
    guard !free.isEmpty else { return nil }
    let slopes = try slopes(at: step)
    var part = Matrix(rows: free.count, columns: free.count)
    for (i, row) in free.enumerated() { for (j, column) in free.enumerated() { part[i, j] = curvature[row, column] } }
    let move = try Cholesky(part).solve(free.map { -slopes[$0] })
    var (share, stop) = (1.0, Int?.none)
    for (position, index) in free.enumerated() where !box[index].contains(step[index] + move[position]) {
      let end = move[position] > 0 ? box[index].upperBound : box[index].lowerBound
      let reached = (end - step[index]) / move[position]
      if reached < share { (share, stop) = (max(reached, 0), position) }
    }
    for (position, index) in free.enumerated() { step[index] += share * move[position] }
    return stop.map { position in
      let index = free[position]
      step[index] = move[position] > 0 ? box[index].upperBound : box[index].lowerBound
      return index
    }
  }

  /// Returns the held parameter whose end the function falls away from most; nil for none.
  private func mostInward(_ step: [Double], _ isHeld: [Bool], in box: [ClosedRange<Double>]) throws -> Int? {
    let slopes = try slopes(at: step)
    var (most, found) = (Self.leastPush, Int?.none)
    for index in isHeld.indices where isHeld[index] && box[index].lowerBound < box[index].upperBound {
      let fall = step[index] == box[index].lowerBound ? -slopes[index] : slopes[index]
      let push = fall / curvature[index, index].squareRoot()
      if push > most { (most, found) = (push, index) }
    }
    return found
  }

  /// Half the derivatives at a step.
  private func slopes(at step: [Double]) throws -> [Double] {
    zip(gradient, try curvature.multiplied(by: step)).map { $0 + $1 }
  }
}
