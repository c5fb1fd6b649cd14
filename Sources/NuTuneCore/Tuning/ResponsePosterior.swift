import NuTuneNumerics

/// The posterior of response parameters that were fitted to near data together with the weights of a ``GaussianModel``:
/// directions in which numbers of the detectors and weights move together,
///
///     n = n̂ + L z,   δ_g = F_g (B_g u_g + Y_g z),   u_g, z ~ N(0, 1),   B_g B_gᵀ = 1 − Y_g Y_gᵀ
///
/// n are the numbers, and F_g F_gᵀ is the covariance of the weights of group g, marginal over n. F_g B_g are then the weights at
/// given numbers, which are independent from group to group, and F_g Y_g what a change of the numbers does to them.
public struct ResponsePosterior: Sendable {
  /// Names of the numbers, as detectors declare them.
  public let names: [String]
  /// L, each row in the unit of its number, where L Lᵀ is their covariance; shape [numbers × directions].
  public let numbers: Matrix
  /// Y of every group of weights, shape [groups][weights × directions].
  public let weights: [Matrix]

  /// A posterior.
  ///
  /// - Parameters:
  ///   - names: of the numbers.
  ///   - numbers: L, shape [numbers × directions].
  ///   - weights: Y of every group of weights, shape [groups][weights × directions].
  public init(names: [String], numbers: Matrix, weights: [Matrix]) {
    precondition(numbers.rows == names.count && weights.allSatisfy { $0.columns == numbers.columns })
    self.names = names
    self.numbers = numbers
    self.weights = weights
  }

  /// Number of directions.
  public var count: Int { numbers.columns }

  /// F B of a group, the factor of the covariance of its weights at given numbers; shape [weights × weights].
  ///
  /// With YᵀY = W x Wᵀ it is B = 1 − Y W κ Wᵀ Yᵀ with κ = (1 − √(1 − x))/x = 1/(1 + √(1 − x)), in which nothing is divided by zero.
  ///
  /// - Parameters:
  ///   - group: its index.
  ///   - factor: F.
  public func conditionalFactor(of group: Int, _ factor: Matrix) throws -> Matrix {
    let eigen = try SymmetricEigen(try weights[group].gram())
    let scales = eigen.values.map { 1 / (1 + max(1 - max($0, 0), 0).squareRoot()) }
    let turned = try weights[group].multiplied(by: eigen.vectors)
    let removed = try factor.multiplied(by: turned).multiplied(by: Matrix(diagonal: scales))
      .multiplied(by: turned.transposed)
    return try Matrix(
      rows: factor.rows, columns: factor.columns, elements: zip(factor.elements, removed.elements).map { $0 - $1 })
  }

  /// F Y of a group, the changes of its weights along the directions; shape [weights × directions].
  ///
  /// - Parameters:
  ///   - group: its index.
  ///   - factor: F.
  public func weightChanges(of group: Int, _ factor: Matrix) throws -> Matrix {
    try factor.multiplied(by: weights[group])
  }

  /// Changes of the numbers along z, by name and in their units.
  public func numberChanges(along z: [Double]) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: names.enumerated().map { row, name in
        (name, zip(numbers.row(row), z).reduce(0) { $0 + $1.0 * $1.1 })
      })
  }
}
