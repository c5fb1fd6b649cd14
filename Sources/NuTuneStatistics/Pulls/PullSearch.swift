import CKernels
import Foundation
import NuTuneNumerics

/// The minimum of −2 ln L + Σ η² of ``ProfiledCountLikelihood`` over the pulls η, by damped Newton steps from η = 0.
///
/// With x_b = 1 + Σ η_k r_kb, g_b = f_b T(x_b) and S = Σ_b g_b of each sample, ψ = ½(−2 ln L + Σ η²) of shapes has
///
///     ∂ψ/∂η_k      = Σ_b (N f_b T′/S − n_b T′/T) r_kb + η_k
///     ∂²ψ/∂η_k∂η_l = Σ_b [n_b (T′²/T² − T″/T) + N f_b T″/S] r_kb r_lb − Σ_s N (∂_k S)(∂_l S)/S² + δ_kl
///
/// Where the normalisation is not free it stands in place of N/S, and the term with (∂S)(∂S) is missing. A free pull
/// has
/// neither η_k nor δ_kl; so that steps stay finite where the data do not constrain it, a small curvature stands for
/// δ_kl.
///
/// Away from the minimum the second derivatives need not be positive definite; the step is then taken with the expected
/// ones, n_b = N g_b/S, which always are. All bins of all samples lie one after the other.
struct PullSearch {
  /// η, shape [directions].
  private(set) var pulls: [Double]
  private(set) var iterations = 0

  let directions: Int
  /// One for a pull with a prior, zero for one without; shape [directions].
  private let priors: [Double]
  /// End of each sample, after its last bin; shape [samples].
  let ends: [Int]
  let terms: [CountTerm]
  let counts: [Double]
  let rates: [Double]
  let rateSums: [Double]
  /// r, shape [directions × bins].
  private let relative: [Double]
  /// x at the pulls of the last call of ``objective(at:)``, shape [bins].
  private(set) var moved: [Double]
  /// −2 ln L of the data at the same pulls; nil before the first call and where a rate has vanished in a bin with events.
  private var lastDeviance: Double?
  /// Contributions of the bins to the first and second derivatives of ψ and of S, as factors of r and r r; shape
  /// [bins].
  private var slope: [Double]
  private var curvature: [Double]
  private var sumWeight: [Double]
  /// √N/S of each sample; zero where the normalisation is not free.
  private var scales: [Double]

  /// Differences of ψ below this are rounding: with many events large terms cancel in it.
  private var rounding = 0.0

  /// ε, the relative rate below which T is no longer linear.
  static let linear = 0.05
  /// Standard deviation of a free pull that the data do not constrain, and the root of its curvature in Newton steps:
  /// a curvature that changes no minimum, only the way there.
  static let undetermined = 1e3
  private static let maximumIterations = 100
  private static let maximumHalvings = 40
  /// Twice the decrease that a full step predicts, relative to 1 + |ψ|, at which the step is the last; the remaining
  /// distance is of second order in this.
  static let tolerance = 1e-10
  /// The same for derivatives.
  static let toleranceOfSlopes = 1e-15
  /// Below this decrease second derivatives are reused, as long as each step leaves less than the share `quick` of the
  /// decrease.
  private static let close = 1e-2
  private static let quick = 1e-2

  init(_ terms: [CountTerm], _ prediction: LinearPrediction, directions: Int, free: Set<Int> = []) throws {
    guard prediction.rates.count == terms.count, prediction.directions.count == terms.count else {
      throw InferenceError.binMismatch(expected: terms.count, found: prediction.rates.count)
    }
    let bins = terms.reduce(0) { $0 + $1.counts.count }
    var (ends, rateSums): ([Int], [Double]) = ([], [])
    var relative = [Double](repeating: 0, count: directions * bins)
    var begin = 0
    for (sample, term) in terms.enumerated() {
      let observed = term.counts
      let (rates, changes) = (prediction.rates[sample], prediction.directions[sample])
      let sum = try Counts.totalPrediction(rates, bins: observed.count)
      guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
      guard changes.count == directions * observed.count else {
        throw InferenceError.binMismatch(expected: directions * observed.count, found: changes.count)
      }
      if let bad = observed.indices.first(where: { observed[$0] > 0 && rates[$0] == 0 }) {
        throw InferenceError.eventsWithoutPrediction(bin: bad, count: observed[bad], prediction: 0)
      }
      // The shape of a sample without an event does not constrain the pulls.
      let least = term.leastRate(total: sum)
      let inverse = rates.map { term.isInformative ? 1 / max($0, least) : 0 }
      relative.withUnsafeMutableBufferPointer { relative in
        changes.withUnsafeBufferPointer { changes in
          inverse.withUnsafeBufferPointer { inverse in
            for k in 0..<directions {
              let (from, to) = (k * inverse.count, k * bins + begin)
              for bin in 0..<inverse.count { relative[to + bin] = changes[from + bin] * inverse[bin] }
            }
          }
        }
      }
      begin += observed.count
      ends.append(begin)
      rateSums.append(sum)
    }
    self.directions = directions
    priors = (0..<directions).map { free.contains($0) ? 0 : 1 }
    self.ends = ends
    self.terms = terms
    counts = terms.flatMap(\.counts)
    rates = prediction.rates.flatMap { $0 }
    self.rateSums = rateSums
    self.relative = relative
    pulls = [Double](repeating: 0, count: directions)
    moved = [Double](repeating: 1, count: bins)
    slope = moved
    curvature = moved
    sumWeight = moved
    scales = rateSums
  }

  /// Σ η² of the pulls that have a prior.
  var penalty: Double { penalty(of: pulls) }

  private func penalty(of pulls: [Double]) -> Double {
    zip(pulls, priors).reduce(0) { $0 + $1.1 * ($1.0 * $1.0) }
  }

  /// Minimises ψ. O(bins · directions²) for each step.
  ///
  /// - Parameter tolerance: of the last step; what a function at the minimum misses is of second order in it, what its
  ///   derivatives miss of first.
  mutating func minimize(tolerance: Double = PullSearch.tolerance) throws {
    guard directions > 0 else { return }
    var value = objective(at: pulls)
    var decomposed: Cholesky?
    var last = Double.infinity
    while true {
      iterations += 1
      var gradient = firstDerivatives()
      guard gradient.allSatisfy(\.isFinite) else { throw badDirection() }
      var decrement = Double.infinity
      var step: [Double] = []
      // Close to the minimum the second derivatives of the step before are reused as long as they converge quickly.
      if let known = decomposed, last < Self.close {
        step = try known.solve(gradient)
        decrement = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
      }
      if decrement > Self.quick * last || last >= Self.close {
        let fresh: Cholesky
        do {
          fresh = try Cholesky(secondDerivatives())
        } catch is NumericsError {
          gradient = firstDerivatives(expected: true)
          fresh = try Cholesky(secondDerivatives())
        }
        decomposed = fresh
        step = try fresh.solve(gradient)
        decrement = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
      }
      last = decrement
      if decrement <= tolerance * (1 + abs(value)) {
        pulls = zip(pulls, step).map { $0 - $1 }
        _ = objective(at: pulls)
        return
      }
      guard iterations < Self.maximumIterations else {
        throw InferenceError.notConverged(
          "the pulls after \(iterations) Newton steps, −2lnL could still fall by \(decrement)")
      }
      value = try descend(along: step, from: value, decrement: decrement)
    }
  }

  /// Halves the step until ψ falls by a fair share of the fall that its slope predicts.
  private mutating func descend(along step: [Double], from value: Double, decrement: Double) throws -> Double {
    var length = 1.0
    for _ in 0..<Self.maximumHalvings {
      let trial = zip(pulls, step).map { $0 - length * $1 }
      let found = objective(at: trial)
      // Far from the minimum, where all rates have vanished, ψ is not finite.
      if found.isFinite, found <= value - 1e-4 * length * decrement + rounding {
        pulls = trial
        return found
      }
      length *= 0.5
    }
    throw InferenceError.notConverged("the pulls: no lower point along a Newton step at −2lnL decrement \(decrement)")
  }

  /// Computes ψ(η); keeps x for the derivatives. Infinite where a rate has vanished in a bin with events.
  private mutating func objective(at pulls: [Double]) -> Double {
    let bins = counts.count
    moved.withUnsafeMutableBufferPointer { moved in
      guard let moved = moved.baseAddress else { return }
      nutune_count_moved(relative, bins, pulls, directions, bins, moved)
    }
    lastDeviance = nil
    lastDeviance = try? deviance()
    guard let deviance = lastDeviance else { return .infinity }
    // Of second order in what every bin misses, so nothing cancels in it.
    let value = 0.5 * (penalty(of: pulls) + deviance)
    rounding = 1e-14 * (1 + value)
    return value
  }

  /// Computes T(x).
  static func relativeRate(_ x: Double) -> Double { x >= linear ? x : linear * exp(x / linear - 1) }

  /// Computes the gradient of ψ at the current pulls, shape [directions]; prepares the second derivatives, the expected
  /// ones if asked for. O(bins · directions).
  private mutating func firstDerivatives(expected: Bool = false) -> [Double] {
    let bins = counts.count
    var begin = 0
    sumWeight.withUnsafeMutableBufferPointer { rate in
      guard let rate = rate.baseAddress else { return }
      nutune_count_rates(rates, moved, Self.linear, bins, rate)
    }
    for (sample, end) in ends.enumerated() {
      let term = terms[sample]
      let total = term.normalization == nil ? sumWeight[begin..<end].reduce(0, +) : 0
      scales[sample] = term.normalization == nil ? term.events.squareRoot() / total : 0
      prepareSlopes(begin, end - begin, factor: term.factor(total: total), expected: expected)
      begin = end
    }
    return relative.withUnsafeBufferPointer { relative in
      (0..<directions).map { k in
        priors[k] * pulls[k] + nutune_count_dot(slope, relative.baseAddress! + k * bins, bins)
      }
    }
  }

  /// Fills slope, curvature and weight of the sum of one sample's bins from its moved rates.
  private mutating func prepareSlopes(_ begin: Int, _ bins: Int, factor: Double, expected: Bool) {
    counts.withUnsafeBufferPointer { counts in
      moved.withUnsafeBufferPointer { moved in
        slope.withUnsafeMutableBufferPointer { slope in
          curvature.withUnsafeMutableBufferPointer { curvature in
            sumWeight.withUnsafeMutableBufferPointer { weight in
              guard let counts = counts.baseAddress, let moved = moved.baseAddress, let slope = slope.baseAddress,
                let curvature = curvature.baseAddress, let weight = weight.baseAddress
              else { return }
              nutune_count_slopes(
                counts + begin, moved + begin, factor, Self.linear, expected ? 1 : 0, bins, weight + begin,
                slope + begin, curvature + begin)
            }
          }
        }
      }
    }
  }

  /// Computes the second derivatives prepared by the last ``firstDerivatives(expected:)``, shape [directions ×
  /// directions]. O(bins · directions²/2).
  private func secondDerivatives() throws -> Matrix {
    let bins = counts.count
    var hessian = [Double](repeating: 0, count: directions * directions)
    var sums = [Double](repeating: 0, count: directions * ends.count)
    relative.withUnsafeBufferPointer { relative in
      for k in 0..<directions {
        let row = relative.baseAddress! + k * bins
        var begin = 0
        for sample in ends.indices {
          // Zero where the normalisation is not free.
          if scales[sample] != 0 {
            sums[sample * directions + k] =
              scales[sample]
              * sumWeight.withUnsafeBufferPointer {
                nutune_count_dot($0.baseAddress! + begin, row + begin, ends[sample] - begin)
              }
          }
          begin = ends[sample]
        }
        for l in 0...k {
          hessian[k * directions + l] = nutune_count_weighted_dot(
            curvature, row, relative.baseAddress! + l * bins, bins)
        }
      }
    }
    let least = 1 / (Self.undetermined * Self.undetermined)
    for k in 0..<directions {
      for l in 0...k {
        var element = hessian[k * directions + l] + (k == l ? (priors[k] > 0 ? 1 : least) : 0)
        for sample in ends.indices { element -= sums[sample * directions + k] * sums[sample * directions + l] }
        hessian[k * directions + l] = element
        hessian[l * directions + k] = element
      }
    }
    return try Matrix(rows: directions, columns: directions, elements: hessian)
  }

  private func badDirection() -> InferenceError {
    let bad = relative.firstIndex { !$0.isFinite } ?? 0
    return .badPrediction(bin: bad % max(1, counts.count), value: relative.isEmpty ? .nan : relative[bad])
  }

  /// Computes −2 ln L of the data at the current pulls, without the penalty.
  func deviance() throws -> Double {
    if let lastDeviance { return lastDeviance }
    let bins = counts.count
    let expected = [Double](unsafeUninitializedCapacity: bins) { expected, count in
      if let start = expected.baseAddress { nutune_count_rates(rates, moved, Self.linear, bins, start) }
      count = bins
    }
    var (value, begin) = (0.0, 0)
    for (sample, end) in ends.enumerated() {
      let total = terms[sample].normalization == nil ? expected[begin..<end].reduce(0, +) : 0
      value += try counts.withUnsafeBufferPointer { counts in
        try expected.withUnsafeBufferPointer { expected in
          try Counts.deviance(
            counts: UnsafeBufferPointer(rebasing: counts[begin..<end]),
            prediction: UnsafeBufferPointer(rebasing: expected[begin..<end]),
            factor: terms[sample].factor(total: total))
        }
      }
      begin = end
    }
    return value
  }

  /// Computes the square roots of the diagonal of the inverse of ψ's second derivatives, shape [directions].
  mutating func errors() throws -> [Double] {
    guard directions > 0 else { return [] }
    _ = firstDerivatives()
    return try Cholesky(secondDerivatives()).inverse().diagonal.map { $0.squareRoot() }
  }
}
