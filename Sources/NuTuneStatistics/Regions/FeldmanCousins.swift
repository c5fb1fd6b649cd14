import NuTuneNumerics
import Synchronization

/// Critical values of Δ(−2 ln L) for regions of two parameters with the stated coverage, by pseudo-experiments (G. Feldman,
/// R. Cousins, PRD 57 (1998) 3873).
///
/// At each test point θ pseudo-data are drawn from its prediction and Δ = −2 ln L(θ) + 2 ln L(best point) is computed
/// for each; the critical value of probability β is the β quantile of Δ. A θ belongs to the region of β when the data's
/// Δ(θ) is at most the critical value. For Gaussian estimates the critical value is the χ² quantile (2.30, 6.18); near
/// a boundary or a symmetry, as at maximal mixing, it is smaller. Predictions are fixed functions of the two
/// parameters; nothing else is fitted.
///
/// The best point is sought within the grid: its edges are boundaries of the parameters. Where they are not physical,
/// the grid has to be wide enough that few best points end on them (``TestPoint/atEdge``), or critical values come out
/// too small.
public struct FeldmanCousins: Sendable {
  /// The result at one test point.
  public struct TestPoint: Equatable, Sendable {
    /// Position along the first axis.
    public let x: Double
    /// Position along the second axis.
    public let y: Double
    /// Critical values, shape [probabilities].
    public let criticalValues: [Double]
    /// Their binomial errors: half the distance between the order statistics one standard deviation of the number of
    /// experiments below on either side, shape [probabilities].
    public let errors: [Double]
    /// Fraction of the pseudo-experiments whose best point lies on the edge of the grid.
    public let atEdge: Double
  }

  /// The probabilities β of the regions.
  public let probabilities: [Double]
  /// Positions of the test points along the first axis.
  public let testXs: [Double]
  /// Positions of the test points along the second axis.
  public let testYs: [Double]
  /// All test points, shape [testYs × testXs], row-major.
  public let testPoints: [TestPoint]
  /// Critical values of each probability on the axes of the grid, bilinear between the test points; shape [probabilities].
  public let criticalValues: [ScalarField]

  /// Draws and fits the pseudo-experiments.
  ///
  /// A test point has a random stream of its own, keyed by its position in the grid: results depend neither on the
  /// number of threads nor on the other test points. Complexity: experiments · bins · points multiplications for each
  /// test point, by BLAS.
  /// - Parameters:
  ///   - grid: the predictions.
  ///   - events: expected events of each sample, shape [samples]; a sample may have none.
  ///   - settings: number of pseudo-experiments, and spacing of test points.
  ///   - progress: called with the number of test points done and in all, from one thread at a time.
  public init(
    _ grid: ShapeGrid, events: [Double], settings: FeldmanCousinsSettings = FeldmanCousinsSettings(),
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws {
    try settings.check()
    guard events.count == grid.bins.count else {
      throw InferenceError.badCounts("\(events.count) numbers of events for \(grid.bins.count) samples")
    }
    if let bad = events.first(where: { !($0 >= 0 && $0.isFinite) }) { throw InferenceError.badCounts("\(bad) events") }
    let columns = Self.testPlaces(grid.xs.count, every: settings.stride)
    let rows = Self.testPlaces(grid.ys.count, every: settings.stride)
    let done = Mutex(0)
    let count = rows.count * columns.count
    testPoints = try Parallel.map(count, threads: settings.jobs) { place in
      let (ix, iy) = (columns[place % columns.count], rows[place / columns.count])
      let point = try Self.test(grid, ix: ix, iy: iy, events: events, settings: settings)
      if let progress {
        done.withLock {
          $0 += 1
          progress($0, count)
        }
      }
      return point
    }
    probabilities = settings.probabilities
    testXs = columns.map { grid.xs[$0] }
    testYs = rows.map { grid.ys[$0] }
    let (found, testXs, testYs) = (testPoints, testXs, testYs)
    criticalValues = try probabilities.indices.map { index in
      try ScalarField(xs: testXs, ys: testYs, values: found.map { $0.criticalValues[index] })
        .interpolated(xs: grid.xs, ys: grid.ys)
    }
  }

  /// Computes Δ − Δ_c of a scan on the axes of the grid: the region of the probability is where it is at most zero.
  /// - Parameters:
  ///   - scan: Δ(−2 ln L) of the data above their best point within the grid.
  ///   - index: index in ``probabilities``.
  public func region(of scan: ScalarField, probability index: Int) throws -> ScalarField {
    guard criticalValues.indices.contains(index) else {
      throw InferenceError.badGrid("probability #\(index) of \(probabilities.count)")
    }
    let critical = criticalValues[index]
    guard scan.xs == critical.xs, scan.ys == critical.ys else {
      throw InferenceError.badGrid("the scan is on other axes than the critical values")
    }
    return try ScalarField(xs: scan.xs, ys: scan.ys, values: zip(scan.values, critical.values).map { $0 - $1 })
  }

  /// Returns every `stride`-th of `count` positions, and always the last one.
  private static func testPlaces(_ count: Int, every stride: Int) -> [Int] {
    let places = Array(Swift.stride(from: 0, to: count, by: stride))
    return places.last == count - 1 ? places : places + [count - 1]
  }

  /// Number of pseudo-experiments in one matrix product; fixed, so that the product is the same for any number of
  /// threads.
  private static let batch = 256

  private static func test(
    _ grid: ShapeGrid, ix: Int, iy: Int, events: [Double], settings: FeldmanCousinsSettings
  ) throws -> TestPoint {
    let point = iy * grid.xs.count + ix
    let stream = try RandomStream(seed: settings.seed, purpose: "feldman-cousins", member: point)
    var samples: [[Double]] = []
    var rest = grid.probabilities(atPoint: point)[...]
    for bins in grid.bins {
      samples.append(Array(rest.prefix(bins)))
      rest = rest.dropFirst(bins)
    }
    var differences: [Double] = []
    differences.reserveCapacity(settings.experiments)
    var atEdge = 0
    while differences.count < settings.experiments {
      let size = min(batch, settings.experiments - differences.count)
      var counts: [Double] = []
      for _ in 0..<size {
        for (probabilities, events) in zip(samples, events) {
          guard events > 0 else {
            counts.append(contentsOf: probabilities.map { _ in 0 })
            continue
          }
          switch settings.fluctuation {
          case .poisson: for p in probabilities { counts.append(Double(try stream.poisson(mean: events * p))) }
          case .multinomial:
            let drawn = try stream.multinomial(count: Int(events.rounded()), probabilities: probabilities)
            for n in drawn { counts.append(Double(n)) }
          }
        }
      }
      let values = try grid.rows(ofBatch: counts, experiments: size)
      values.elements.withUnsafeBufferPointer { values in
        for experiment in 0..<size {
          let row = values.baseAddress! + experiment * grid.points
          let minimum = grid.minimum(of: row)
          differences.append(row[point] - minimum.value)
          if minimum.isAtEdge { atEdge += 1 }
        }
      }
    }
    differences.sort()
    let number = Double(settings.experiments)
    func quantile(_ position: Double) -> Double { OrderStatistics.value(differences, at: position) }
    // On average the k-th of n has the probability k/(n+1) below it.
    let places = settings.probabilities.map {
      (center: $0 * (number + 1), spread: (number * $0 * (1 - $0)).squareRoot())
    }
    return TestPoint(
      x: grid.xs[ix], y: grid.ys[iy], criticalValues: places.map { quantile($0.center) },
      errors: places.map { 0.5 * (quantile($0.center + $0.spread) - quantile($0.center - $0.spread)) },
      atEdge: Double(atEdge) / number)
  }
}
