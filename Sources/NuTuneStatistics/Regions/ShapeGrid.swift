import Foundation
import NuTuneNumerics

/// The shapes of some samples tabulated on a grid of two parameters, so that −2 ln L of many data sets on the whole grid is
/// one matrix product:
///
///     −2 ln L_e(θ) = Σ_b n_eb [−2 ln p_b(θ)],  Σ_b p_b = 1 in every sample
///
/// as in ``ShapeLikelihood`` of each sample, up to a constant for each data set.
public struct ShapeGrid: Sendable {
  /// Positions along the first axis, strictly increasing, shape [xs].
  public let xs: [Double]
  /// Positions along the second axis, strictly increasing, shape [ys].
  public let ys: [Double]
  /// Bins of each sample, shape [samples].
  public let bins: [Int]
  /// −2 ln(p_b/max_θ p_b), shape [bins of all samples × points]; small numbers, so the sum over bins keeps its digits.
  private let table: Matrix
  /// max_θ p_b, shape [bins of all samples].
  private let largest: [Double]
  private let axes: (x: ParabolaAxis, y: ParabolaAxis)

  /// Smallest probability; zero counts as this one, so that events there exclude a point.
  private static let least = 1e-300

  /// Number of points, xs · ys.
  public var points: Int { xs.count * ys.count }

  /// Tabulates a prediction, (x, y) → [samples][bins] in any normalisation, on axes of at least three positions. Points
  /// are computed by `jobs` threads. O(points) predictions; 8 bytes per point and bin.
  public init(
    xs: [Double], ys: [Double], jobs: Int = 1, prediction: @Sendable (_ x: Double, _ y: Double) throws -> [[Double]]
  ) throws {
    // Axes are checked before anything is computed.
    _ = try ScalarField(xs: xs, ys: ys, values: [Double](repeating: 0, count: xs.count * ys.count))
    let shapes = try Parallel.map(xs.count * ys.count, threads: jobs) { point in
      try prediction(xs[point % xs.count], ys[point / xs.count])
    }
    try self.init(xs: xs, ys: ys, predictions: shapes)
  }

  /// Tabulates predictions on axes of at least three positions, shape [ys × xs][samples][bins], in any normalisation.
  public init(xs: [Double], ys: [Double], predictions: [[[Double]]]) throws {
    guard xs.count >= 3, ys.count >= 3 else {
      throw InferenceError.badGrid("\(xs.count)×\(ys.count) points; refining minima needs three along each axis")
    }
    _ = try ScalarField(xs: xs, ys: ys, values: [Double](repeating: 0, count: predictions.count))
    let bins = predictions[0].map(\.count)
    let total = bins.reduce(0, +)
    let points = predictions.count
    var elements = [Double](repeating: 0, count: total * points)
    var largest = [Double](repeating: Self.least, count: total)
    for (point, samples) in predictions.enumerated() {
      guard samples.count == bins.count else {
        throw InferenceError.binMismatch(expected: bins.count, found: samples.count)
      }
      var row = 0
      for (sample, rates) in samples.enumerated() {
        let sum = try Counts.totalPrediction(rates, bins: bins[sample])
        guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
        for rate in rates {
          let probability = max(rate / sum, Self.least)
          elements[row * points + point] = probability
          largest[row] = max(largest[row], probability)
          row += 1
        }
      }
    }
    for row in 0..<total {
      let scale = 1 / largest[row]
      for point in 0..<points {
        let place = row * points + point
        // p/max can underflow to zero where ln p does not.
        let ratio = elements[place] * scale
        elements[place] = ratio > 1e-290 ? -2 * log(ratio) : -2 * (log(elements[place]) - log(largest[row]))
      }
    }
    self.xs = xs
    self.ys = ys
    self.bins = bins
    self.largest = largest
    table = try Matrix(rows: total, columns: points, elements: elements)
    axes = (ParabolaAxis(xs), ParabolaAxis(ys))
  }

  /// Computes Δ(−2 ln L) of data, shape [samples][bins], above their minimum on the grid, which is refined between its
  /// points.
  public func scan(counts: [[Double]]) throws -> ScalarField {
    guard counts.map(\.count) == bins else {
      throw InferenceError.binMismatch(expected: bins.reduce(0, +), found: counts.reduce(0) { $0 + $1.count })
    }
    for sample in counts { _ = try Counts.total(of: sample) }
    let values = try rows(ofBatch: counts.flatMap { $0 }, experiments: 1)
    let lowest = values.elements.withUnsafeBufferPointer { self.minimum(of: $0.baseAddress!).value }
    return try ScalarField(xs: xs, ys: ys, values: values.elements.map { $0 - lowest })
  }

  /// Returns p of all samples one after the other at a grid point, shape [bins of all samples].
  func probabilities(atPoint point: Int) -> [Double] {
    largest.indices.map { largest[$0] * exp(-0.5 * table[$0, point]) }
  }

  /// Computes −2 ln L of a batch of data sets, shape [experiments × bins of all samples] → [experiments × points].
  func rows(ofBatch counts: [Double], experiments: Int) throws -> Matrix {
    try Matrix(rows: experiments, columns: table.rows, elements: counts).multiplied(by: table)
  }

  /// Finds the refined minimum of one row.
  func minimum(of row: UnsafePointer<Double>) -> GridMinimum { GridMinimum(row, x: axes.x, y: axes.y) }
}
