import NuTuneNumerics

/// The curvature of −2 ln L at the end of a descent, along the parameters that are not at a bound. Its eigenvalues are in
/// units of the parameters' scales, so that positive definiteness does not depend on units.
struct FreeCurvature {
  /// ∂²(−2lnL)/∂xᵢ∂xⱼ, shape [parameters × parameters]; rows and columns of parameters at a bound are zero.
  let hessian: Matrix

  /// Places of the free parameters, shape [free].
  private let free: [Int]
  /// Scales of the free parameters, shape [free].
  private let scales: [Double]
  /// Gradient times scales, shape [free].
  private let gradient: [Double]
  /// Eigenvalues and eigenvectors of the scaled Hessian, shape [free × free].
  private let eigen: SymmetricEigen

  /// Computes first and second derivatives.
  ///
  /// - Parameters:
  ///   - free: places of the parameters that are not at a bound, at least one.
  ///   - objective: −2 ln L of all parameters.
  init(at descent: LocalDescent, free: [Int], of parameters: [FitParameter], _ objective: Objective) throws {
    let center = descent.position
    let scales = free.map { parameters[$0].scale }
    let curvature = try Hessian(
      at: free.map { center[$0] }, value: descent.value, scales: scales,
      room: free.map { parameters[$0].room(at: center[$0]) }, objective.restricted(to: free, at: center))
    var hessian = Matrix(rows: parameters.count, columns: parameters.count)
    var scaled = Matrix(rows: free.count, columns: free.count)
    for (a, i) in free.enumerated() {
      for (b, j) in free.enumerated() {
        hessian[i, j] = curvature.matrix[a, b]
        scaled[a, b] = curvature.matrix[a, b] * scales[a] * scales[b]
      }
    }
    self.free = free
    self.scales = scales
    self.hessian = hessian
    gradient = zip(curvature.gradient, scales).map { $0 * $1 }
    eigen = try SymmetricEigen(scaled)
  }

  /// The smallest eigenvalue, per squared scale.
  var smallest: Double { eigen.values[0] }

  /// The largest eigenvalue, per squared scale.
  var largest: Double { eigen.values[free.count - 1] }

  /// The direction of the smallest eigenvalue, one scale long, shape [parameters].
  var softestDirection: [Double] {
    var direction = [Double](repeating: 0, count: hessian.rows)
    for (a, i) in free.enumerated() { direction[i] = eigen.vectors[a, 0] * scales[a] }
    return direction
  }

  /// 2 H⁻¹ of the free parameters, zero elsewhere, shape [parameters × parameters]; H has to be positive definite.
  var covariance: Matrix {
    var covariance = Matrix(rows: hessian.rows, columns: hessian.rows)
    for (a, i) in free.enumerated() {
      for (b, j) in free.enumerated() {
        var inverse = 0.0
        for k in free.indices { inverse += eigen.vectors[a, k] * eigen.vectors[b, k] / eigen.values[k] }
        covariance[i, j] = 2 * inverse * scales[a] * scales[b]
      }
    }
    return covariance
  }

  /// Estimated vertical distance to the minimum, ½ gᵀ H⁻¹ g; H has to be positive definite.
  var distance: Double {
    var distance = 0.0
    for k in free.indices {
      let component = zip(eigen.vectors.column(k), gradient).reduce(0) { $0 + $1.0 * $1.1 }
      distance += 0.5 * component * component / eigen.values[k]
    }
    return distance
  }
}
