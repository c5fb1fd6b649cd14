import COpenBLAS

/// Milliseconds of `repetitions` calls, each timed alone.
func milliseconds(repetitions: Int, _ body: () throws -> Void) rethrows -> [Double] {
  let clock = ContinuousClock()
  return try (0..<repetitions).map { _ in
    let elapsed = try clock.measure(body)
    return Double(elapsed.components.attoseconds) * 1e-15 + Double(elapsed.components.seconds) * 1e3
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// OpenBLAS sgemm on large squares, GFLOP/s, best of a few: what this machine's matrix units give.
func matrixPeak(threads: Int) -> Double {
  let n = 2048
  let a = [Float](repeating: 0.5, count: n * n)
  let b = [Float](repeating: 0.25, count: n * n)
  var c = [Float](repeating: 0, count: n * n)
  openblas_set_num_threads(Int32(threads))
  let times = milliseconds(repetitions: 5) {
    cblas_sgemm(101, 111, 111, Int32(n), Int32(n), Int32(n), 1, a, Int32(n), b, Int32(n), 0, &c, Int32(n))
  }
  return 2 * Double(n) * Double(n) * Double(n) / (times.min() ?? .infinity) * 1e-6
}
