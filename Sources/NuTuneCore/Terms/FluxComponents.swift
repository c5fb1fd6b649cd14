import NuTuneNumerics

/// The principal components of the flux uncertainty of a measurement, and the covariance without them.
///
/// With F the part of the covariance that the flux makes and v the values, F_ij/(v_i v_j) = Σ_k δ_ki δ_kj: the largest
/// components δ are changes of the prediction with a pull each, and V − Σ_k v_i δ_ki v_j δ_kj is what remains.
public struct FluxComponents: Sendable, Hashable {
  /// δ, the largest first, shape [components][bins]: relative changes by one standard deviation.
  public let changes: [[Double]]
  /// Share of the trace of F_ij/(v_i v_j) that the components have.
  public let share: Double

  /// Eigenvalues below this share of the largest are rounding.
  private static let least = 1e-9

  /// Finds the largest components.
  ///
  /// - Parameters:
  ///   - flux: F, in the unit of the values squared, shape [bins × bins].
  ///   - values: v, shape [bins]; a bin without a value has no change.
  ///   - count: how many at most.
  public init(_ flux: Matrix, of values: [Double], count: Int) throws {
    var relative = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices where values[i] != 0 && values[j] != 0 {
        relative[i, j] = flux[i, j] / (values[i] * values[j])
      }
    }
    let eigen = try SymmetricEigen(relative)
    let largest = eigen.values.last ?? 0
    let kept = eigen.values.indices.reversed().prefix(count).filter {
      eigen.values[$0] > Self.least * largest && eigen.values[$0] > 0
    }
    changes = kept.map { index in
      values.indices.map { eigen.values[index].squareRoot() * eigen.vectors[$0, index] }
    }
    let trace = eigen.values.reduce(0) { $0 + max($1, 0) }
    share = trace > 0 ? kept.reduce(0) { $0 + eigen.values[$1] } / trace : 0
  }

  /// A covariance of the values without the components, shape [bins × bins].
  public func removed(from covariance: Matrix, of values: [Double]) -> Matrix {
    var rest = covariance
    for change in changes {
      for i in values.indices {
        for j in values.indices { rest[i, j] -= values[i] * change[i] * values[j] * change[j] }
      }
    }
    return rest
  }
}
