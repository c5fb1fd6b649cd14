import NuTuneNumerics

/// First and second derivatives at a minimum by central differences with steps adapted to the function.
///
/// Of a function with derivatives these are differentiated once. The step of each parameter is chosen so that the
/// function rises by about 1e-3, i.e. 0.03 σ (rounding then enters at 1e-12/1e-3), and formulas at h and 2h are combined
/// (Richardson), which leaves an error of O(h⁴).
struct Hessian {
  /// ∂F/∂xᵢ, shape [parameters].
  let gradient: [Double]
  /// ∂²F/∂xᵢ∂xⱼ, shape [parameters × parameters].
  let matrix: Matrix
  let evaluations: Int

  private static let rise = 1e-3

  /// - Parameters:
  ///   - room: largest step of each parameter to both sides, shape [parameters].
  init(
    at position: [Double], value: Double, scales: [Double], room: [Double], _ objective: Objective
  ) throws {
    if let slope = try objective.slope(position) {
      self = try Hessian(at: position, slope, scales: scales, room: room) { place in
        guard let slope = try objective.slope(place) else {
          throw InferenceError.notConverged("a likelihood that has derivatives at some places only")
        }
        return slope.gradient
      }
    } else {
      self = try Hessian(at: position, value: value, scales: scales, room: room, objective.value)
    }
  }

  private init(gradient: [Double], matrix: Matrix, evaluations: Int) {
    (self.gradient, self.matrix, self.evaluations) = (gradient, matrix, evaluations)
  }

  /// Differences of gradients, symmetrised: half the steps and fewer evaluations than differences of values.
  private init(
    at position: [Double], _ center: LikelihoodSlope, scales: [Double], room: [Double],
    _ gradient: ([Double]) throws -> [Double]
  ) throws {
    let count = position.count
    var evaluations = 1
    func difference(_ i: Int, _ h: Double) throws -> [Double] {
      func shifted(_ shift: Double) throws -> [Double] {
        var point = position
        point[i] += shift
        evaluations += 1
        return try gradient(point)
      }
      return zip(try shifted(h), try shifted(-h)).map { ($0 - $1) / (2 * h) }
    }
    var columns: [[Double]] = []
    for i in 0..<count {
      let largest = 0.5 * room[i]
      var step = min(0.03 * scales[i], largest)
      var near = try difference(i, step)
      for _ in 0..<8 {
        // ½ H h² is the rise that values would have.
        let rise = 0.5 * near[i] * step * step
        let factor = rise > Self.rise / 1000 ? (Self.rise / rise).squareRoot() : 30
        let next = min(step * min(30, max(1.0 / 30, factor)), largest, 30 * scales[i])
        let ratio = next / step
        if ratio > 0.5, ratio < 2 { break }
        step = next
        near = try difference(i, step)
      }
      let far = try difference(i, 2 * step)
      columns.append(zip(near, far).map { (4 * $0 - $1) / 3 })
    }
    var matrix = Matrix(rows: count, columns: count)
    for i in 0..<count { for j in 0..<count { matrix[i, j] = 0.5 * (columns[i][j] + columns[j][i]) } }
    self.init(gradient: center.gradient, matrix: matrix, evaluations: evaluations)
  }

  /// Differences of values.
  private init(
    at position: [Double], value: Double, scales: [Double], room: [Double], _ function: ([Double]) throws -> Double
  ) throws {
    let count = position.count
    var evaluations = 0
    func shifted(_ shifts: [(Int, Double)]) throws -> Double {
      var point = position
      for (i, h) in shifts { point[i] += h }
      evaluations += 1
      return try function(point)
    }

    var steps: [Double] = []
    for i in 0..<count {
      // 2h must fit between the bounds.
      let largest = 0.5 * room[i]
      var step = min(0.03 * scales[i], largest)
      for _ in 0..<8 {
        let mean = 0.5 * (try shifted([(i, step)]) + (try shifted([(i, -step)]))) - value
        // In a flat direction increase the step, but not beyond 30 scales.
        let factor = mean > Self.rise / 1000 ? (Self.rise / mean).squareRoot() : 30
        let next = min(step * min(30, max(1.0 / 30, factor)), largest, 30 * scales[i])
        let ratio = next / step
        step = next
        if ratio > 0.5, ratio < 2 { break }
      }
      steps.append(step)
    }

    var gradient = [Double](repeating: 0, count: count)
    var matrix = Matrix(rows: count, columns: count)
    for i in 0..<count {
      func derivatives(_ h: Double) throws -> (first: Double, second: Double) {
        let (above, below) = (try shifted([(i, h)]), try shifted([(i, -h)]))
        return ((above - below) / (2 * h), (above - 2 * value + below) / (h * h))
      }
      let (near, far) = (try derivatives(steps[i]), try derivatives(2 * steps[i]))
      gradient[i] = (4 * near.first - far.first) / 3
      matrix[i, i] = (4 * near.second - far.second) / 3
    }
    for i in 0..<count {
      for j in 0..<i {
        func mixed(_ factor: Double) throws -> Double {
          let (h, k) = (factor * steps[i], factor * steps[j])
          return
            ((try shifted([(i, h), (j, k)])) - (try shifted([(i, h), (j, -k)])) - (try shifted([(i, -h), (j, k)]))
            + (try shifted([(i, -h), (j, -k)]))) / (4 * h * k)
        }
        matrix[i, j] = (4 * (try mixed(1)) - (try mixed(2))) / 3
        matrix[j, i] = matrix[i, j]
      }
    }
    self.gradient = gradient
    self.matrix = matrix
    self.evaluations = evaluations
  }
}
