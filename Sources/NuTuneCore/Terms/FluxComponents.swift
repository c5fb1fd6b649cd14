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
    try self.init(relative: Self.relative(flux, to: values), count: count)
  }

  /// Finds the largest components.
  ///
  /// - Parameters:
  ///   - relative: F_ij/(v_i v_j), shape [bins × bins].
  ///   - count: how many at most.
  public init(relative: Matrix, count: Int) throws {
    let eigen = try SymmetricEigen(relative)
    let largest = eigen.values.last ?? 0
    let kept = eigen.values.indices.reversed().prefix(count).filter {
      eigen.values[$0] > Self.least * largest && eigen.values[$0] > 0
    }
    changes = kept.map { index in
      eigen.values.indices.map { eigen.values[index].squareRoot() * eigen.vectors[$0, index] }
    }
    let trace = eigen.values.reduce(0) { $0 + max($1, 0) }
    share = trace > 0 ? kept.reduce(0) { $0 + eigen.values[$1] } / trace : 0
  }

  private init(changes: [[Double]], share: Double) {
    self.changes = changes
    self.share = share
  }

  /// F_ij/(v_i v_j), shape [bins × bins]; zero in the row and column of a bin without a value.
  public static func relative(_ flux: Matrix, to values: [Double]) -> Matrix {
    var relative = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices where values[i] != 0 && values[j] != 0 {
        relative[i, j] = flux[i, j] / (values[i] * values[j])
      }
    }
    return relative
  }

  /// The changes of some bins alone by the same components.
  public func selecting(_ bins: Range<Int>) -> FluxComponents {
    FluxComponents(changes: changes.map { Array($0[bins]) }, share: share)
  }

  /// One flux of several measurements of a beam, whose bins follow one another: a pull moves the k-th largest component of
  /// each.
  ///
  /// Only the flux part of each measurement is published, not what they have in common, so that this is an assumption. It is
  /// exact for a flux whose components differ in size and act alike on all of them, as a norm does. Components are
  /// oriented so that each changes the sum of all values of each measurement in the same direction.
  ///
  /// - Parameter measurements: components with the values of each, shape [bins].
  public static func shared(_ measurements: [(components: FluxComponents, values: [Double])]) -> FluxComponents {
    func rise(_ k: Int, _ one: (components: FluxComponents, values: [Double])) -> Double {
      zip(one.components.changes[k], one.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let count = measurements.map(\.components.changes.count).max() ?? 0
    let changes = (0..<count).map { k in
      let first = measurements.first { k < $0.components.changes.count }.map { rise(k, $0) } ?? 0
      return measurements.flatMap { one -> [Double] in
        guard k < one.components.changes.count else { return one.values.map { _ in 0 } }
        let sign: Double = rise(k, one) * first < 0 ? -1 : 1
        return one.components.changes[k].map { sign * $0 }
      }
    }
    let shares = measurements.map(\.components.share)
    return FluxComponents(changes: changes, share: shares.reduce(0, +) / Double(max(shares.count, 1)))
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
