import Foundation
import NuTuneAnalysis
import NuTuneStatistics

// fit-benchmark [--threads N] [--scan POINTS]
// Times −2lnL of four far samples of twelve components with four norms, its derivatives, a fit from all starts and a contour
// with the other parameters profiled; each beside the same without derivatives, as a fitter with differences would do it.

func option(_ name: String) -> String? {
  guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
    return nil
  }
  return CommandLine.arguments[index + 1]
}

/// The same likelihood without its derivatives.
struct WithoutDerivatives: Likelihood {
  let base: any Likelihood
  func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    try base.minusTwoLogLikelihood(at: parameters)
  }
}

func microseconds(_ repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let times = try (0..<repetitions).map { _ in try clock.measure(body) / .microseconds(1) }.sorted()
  return times[times.count / 2]
}

extension FitParameter {
  /// The same parameter with other starts.
  func startingAt(_ starts: [Double]) throws -> FitParameter {
    try FitParameter(name: name, unit: unit, starts: starts, bounds: bounds, scale: scale, period: period)
  }
}

func row(_ what: String, _ ours: Double, _ differences: Double?, unit: String) {
  let ratio = differences.map { String(format: "%10.3g %8.2f", $0, $0 / ours) } ?? ""
  print(what.padding(toLength: 44, withPad: " ", startingAt: 0) + String(format: "%10.3g", ours) + ratio + "  " + unit)
}

func runBenchmark() throws {
  let threads = option("--threads").flatMap(Int.init) ?? 2
  let points = option("--scan").flatMap(Int.init) ?? 100
  let setup = try FourChannels(threads: threads)
  let (likelihood, parameters) = (try setup.fit.likelihood(), try setup.fit.parameters())
  let plain = WithoutDerivatives(base: likelihood)
  print(
    "12 components in 4 samples of 780 bins, four norms, \(threads) threads"
  )
  print("                                                  ours differences  ratio")
  let place = [0.52, 2.45e-3, 1.0, 0.0222]
  let value = try microseconds(200) { _ = try likelihood.minusTwoLogLikelihood(at: place) }
  let slope = try microseconds(200) { _ = try likelihood.slope(at: place) }
  row("−2lnL", value, nil, unit: "µs")
  row("−2lnL with its gradient", slope, value * Double(1 + 2 * parameters.count), unit: "µs")
  let settings = FitSettings()
  let fit = try Fit.minimize(likelihood, parameters, settings: settings, jobs: threads)
  let ours = try microseconds(3) { _ = try Fit.minimize(likelihood, parameters, settings: settings, jobs: threads) }
  let theirs = try microseconds(1) { _ = try Fit.minimize(plain, parameters, settings: settings, jobs: threads) }
  row("fit from \(fit.runs.count) starts", ours / 1e6, theirs / 1e6, unit: "s")
  let more = try parameters.map { $0.name == "dm2_32" ? try $0.startingAt([2.40e-3, 2.50e-3]) : $0 }
  let twice = try microseconds(3) { _ = try Fit.minimize(likelihood, more, settings: settings, jobs: threads) }
  row("fit from \(2 * fit.runs.count) starts", twice / 1e6, nil, unit: "s")
  func scan(_ likelihood: some Likelihood, _ points: Int) throws -> Double {
    func axis(_ range: ClosedRange<Double>) -> [Double] {
      (0..<points).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(points - 1) }
    }
    return try microseconds(1) {
      _ = try GridScan(
        likelihood, parameters, x: (0, axis(0.40...0.62)), y: (2, axis(-3...3)),
        others: .profiled(from: fit.best.position), reference: fit.best.value, jobs: threads)
    } / 1e6
  }
  // Without derivatives a quarter of the points in each direction, times sixteen.
  row(
    "contour of \(points) × \(points), two profiled", try scan(likelihood, points), 16 * (try scan(plain, points / 4)),
    unit: "s")
}

do {
  try runBenchmark()
} catch {
  FileHandle.standardError.write(Data("fit-benchmark: \(error)\n".utf8))
  exit(1)
}
