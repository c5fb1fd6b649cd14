/// Values on a rectangular grid, interpolated bilinearly.
public struct ScalarField: Equatable, Sendable {
  /// Positions along the first axis, strictly increasing, shape [xs].
  public let xs: [Double]
  /// Positions along the second axis, strictly increasing, shape [ys].
  public let ys: [Double]
  /// Values, shape [ys × xs], row-major: value (ix, iy) is `values[iy * xs.count + ix]`.
  public let values: [Double]

  /// Creates a checked field: axes of at least two strictly increasing positions, finite values.
  public init(xs: [Double], ys: [Double], values: [Double]) throws {
    for (name, axis) in [("x", xs), ("y", ys)] {
      guard axis.count >= 2, axis.allSatisfy(\.isFinite), zip(axis, axis.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw InferenceError.badGrid("the \(name) axis needs at least two strictly increasing finite positions")
      }
    }
    guard values.count == xs.count * ys.count else {
      throw InferenceError.badGrid("\(values.count) values for \(xs.count)×\(ys.count) points")
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw InferenceError.badGrid(
        "the value at (\(xs[bad % xs.count]), \(ys[bad / xs.count])) is \(values[bad])")
    }
    self.xs = xs
    self.ys = ys
    self.values = values
  }

  /// The value at a grid point.
  public subscript(ix: Int, iy: Int) -> Double { values[iy * xs.count + ix] }

  /// The lowest grid value with its position.
  public var minimum: (x: Double, y: Double, value: Double) {
    var best = 0
    for i in values.indices where values[i] < values[best] { best = i }
    return (xs[best % xs.count], ys[best / xs.count], values[best])
  }

  /// Returns the field at other positions, bilinear in between and constant beyond the ends of the axes. O(xs · ys).
  public func interpolated(xs: [Double], ys: [Double]) throws -> ScalarField {
    let (columns, rows) = (xs.map { Self.place(of: $0, in: self.xs) }, ys.map { Self.place(of: $0, in: self.ys) })
    var result: [Double] = []
    for row in rows {
      for column in columns { result.append(bilinear(column, row)) }
    }
    return try ScalarField(xs: xs, ys: ys, values: result)
  }

  /// Returns the value at a position, bilinear between grid points and constant beyond the ends of the axes.
  public func value(x: Double, y: Double) -> Double {
    let (column, row) = (Self.place(of: x, in: xs), Self.place(of: y, in: ys))
    return bilinear(column, row)
  }

  /// Finds the interval of an axis that contains `position`, and the fraction of it below, from 0 to 1.
  private static func place(of position: Double, in axis: [Double]) -> (index: Int, fraction: Double) {
    let index = max(0, min(axis.count - 2, (axis.firstIndex { $0 > position } ?? axis.count) - 1))
    return (index, max(0, min(1, (position - axis[index]) / (axis[index + 1] - axis[index]))))
  }

  private func bilinear(_ column: (index: Int, fraction: Double), _ row: (index: Int, fraction: Double)) -> Double {
    let (ix, iy) = (column.index, row.index)
    let below = self[ix, iy] + column.fraction * (self[ix + 1, iy] - self[ix, iy])
    let above = self[ix, iy + 1] + column.fraction * (self[ix + 1, iy + 1] - self[ix, iy + 1])
    return below + row.fraction * (above - below)
  }
}
