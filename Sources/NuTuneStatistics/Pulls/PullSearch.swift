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
  /// Below this decrease a full step is taken without a look whether it goes down.
  private static let unquestioned = 1e-4
  /// Share of the slope along a step that is left at its end where a convex ψ has gone down.
  private static let vanished = 0.1

  /// Begins a search at η = 0.
  ///
  /// - Parameters:
  ///   - terms: the events of each sample.
  ///   - counts: these events, one sample after the other.
  ///   - prediction: rates and directions of each sample.
  ///   - directions: number of pulls.
  ///   - free: pulls without a prior, by index.
  init(
    _ terms: [CountTerm], counts: [Double], _ prediction: LinearPrediction, directions: Int, free: Set<Int> = []
  ) throws {
    guard prediction.rates.count == terms.count, prediction.directions.count == terms.count else {
      throw InferenceError.binMismatch(expected: terms.count, found: prediction.rates.count)
    }
    let bins = counts.count
    var (ends, rateSums): ([Int], [Double]) = ([], [])
    for (sample, term) in terms.enumerated() {
      rateSums.append(try Self.checkedSum(of: sample, term, prediction, directions: directions))
      ends.append((ends.last ?? 0) + term.counts.count)
    }
    relative = [Double](unsafeUninitializedCapacity: directions * bins) { relative, filled in
      if let start = relative.baseAddress {
        for (sample, term) in terms.enumerated() {
          // The shape of a sample without an event does not constrain the pulls.
          nutune_count_relative(
            prediction.rates[sample], prediction.directions[sample], directions, term.counts.count,
            term.leastRate(total: rateSums[sample]), term.isInformative ? 1 : 0, bins,
            start + ends[sample] - term.counts.count)
        }
      }
      filled = directions * bins
    }
    self.directions = directions
    priors = (0..<directions).map { free.contains($0) ? 0 : 1 }
    self.ends = ends
    self.terms = terms
    self.counts = counts
    rates = prediction.rates.count == 1 ? prediction.rates[0] : prediction.rates.flatMap { $0 }
    self.rateSums = rateSums
    pulls = [Double](repeating: 0, count: directions)
    moved = [Double](repeating: 1, count: bins)
    slope = [Double](repeating: 0, count: bins)
    curvature = [Double](repeating: 0, count: bins)
    sumWeight = [Double](repeating: 0, count: bins)
    scales = rateSums
  }

  /// The sum of the rates of a sample; throws where rates or directions do not belong to its events.
  private static func checkedSum(
    of sample: Int, _ term: CountTerm, _ prediction: LinearPrediction, directions: Int
  ) throws -> Double {
    let (observed, rates) = (term.counts, prediction.rates[sample])
    let sum = try Counts.totalPrediction(rates, bins: observed.count)
    guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
    guard prediction.directions[sample].count == directions * observed.count else {
      throw InferenceError.binMismatch(
        expected: directions * observed.count, found: prediction.directions[sample].count)
    }
    if let bad = observed.indices.first(where: { observed[$0] > 0 && rates[$0] == 0 }) {
      throw InferenceError.eventsWithoutPrediction(bin: bad, count: observed[bad], prediction: 0)
    }
    return sum
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
    // ψ at the pulls; nil where it is not known.
    var value: Double? = isConvex ? nil : objective(at: pulls)
    var size = value ?? 0
    // Its gradient at the pulls; nil where it is not known.
    var gradient: [Double]?
    var decomposed: Cholesky?
    var last = Double.infinity
    while true {
      iterations += 1
      let (step, decrement) = try newtonStep(from: gradient ?? firstDerivatives(), &decomposed, last: last)
      last = decrement
      if decrement <= tolerance * (1 + abs(size)) {
        pulls = zip(pulls, step).map { $0 - $1 }
        _ = objective(at: pulls)
        return
      }
      guard iterations < Self.maximumIterations else {
        throw InferenceError.notConverged(
          "the pulls after \(iterations) Newton steps, −2lnL could still fall by \(decrement)")
      }
      gradient = nil
      if decrement < Self.unquestioned {
        pulls = zip(pulls, step).map { $0 - $1 }
        move(to: pulls)
        value = nil
      } else if let end = gradientAfter(step, decrement: decrement) {
        (gradient, value) = (end, nil)
      } else {
        let lower = try descend(along: step, from: value ?? objective(at: pulls), decrement: decrement)
        (value, size) = (lower, lower)
      }
    }
  }

  /// Whether ψ is convex: its only negative curvature is that of free normalisations.
  private var isConvex: Bool { terms.allSatisfy { $0.normalization != nil } }

  /// Takes a full step and computes the gradient of ψ at its end; stays where it is and returns nil unless ψ is convex and the slope
  /// along the step has all but vanished at the end, so that ψ has fallen by nearly half the decrement, with no need of its value.
  private mutating func gradientAfter(_ step: [Double], decrement: Double) -> [Double]? {
    guard isConvex else { return nil }
    let begin = pulls
    pulls = zip(pulls, step).map { $0 - $1 }
    move(to: pulls)
    let gradient = firstDerivatives()
    // False also where the gradient is not finite.
    if abs(Self.product(gradient, step)) <= Self.vanished * decrement { return gradient }
    pulls = begin
    move(to: begin)
    return nil
  }

  /// Computes a Newton step and twice the decrease that it predicts. Close to the minimum the second derivatives of the step
  /// before are reused as long as they converge quickly.
  ///
  /// - Parameter gradient: of ψ at the current pulls.
  private mutating func newtonStep(
    from gradient: [Double], _ decomposed: inout Cholesky?, last: Double
  ) throws -> ([Double], Double) {
    var gradient = gradient
    guard gradient.allSatisfy(\.isFinite) else { throw badDirection() }
    if let known = decomposed, last < Self.close {
      let step = try known.solve(gradient)
      let found = Self.product(gradient, step)
      if found <= Self.quick * last { return (step, found) }
    }
    let fresh: Cholesky
    do {
      fresh = try Cholesky(secondDerivatives())
    } catch is NumericsError {
      gradient = firstDerivatives(expected: true)
      fresh = try Cholesky(secondDerivatives())
    }
    decomposed = fresh
    let step = try fresh.solve(gradient)
    return (step, Self.product(gradient, step))
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
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

  /// Computes x(η) for the derivatives.
  private mutating func move(to pulls: [Double]) {
    let bins = counts.count
    moved.withUnsafeMutableBufferPointer { moved in
      guard let moved = moved.baseAddress else { return }
      nutune_count_moved(relative, bins, pulls, directions, bins, moved)
    }
    lastDeviance = nil
  }

  /// Computes ψ(η); keeps x for the derivatives. Infinite where a rate has vanished in a bin with events.
  private mutating func objective(at pulls: [Double]) -> Double {
    move(to: pulls)
    lastDeviance = try? deviance()
    guard let deviance = lastDeviance else { return .infinity }
    // Of second order in what every bin misses, so nothing cancels in it.
    let value = 0.5 * (penalty(of: pulls) + deviance)
    rounding = 1e-14 * (1 + value)
    return value
  }

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
    var gradient = [Double](repeating: 0, count: directions)
    nutune_count_dots(slope, relative, bins, directions, bins, &gradient)
    for k in gradient.indices { gradient[k] = priors[k] * pulls[k] + gradient[k] }
    return gradient
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
      sumWeight.withUnsafeBufferPointer { weight in
        guard let relative = relative.baseAddress, let weight = weight.baseAddress else { return }
        nutune_count_weighted_dots(curvature, relative, bins, directions, bins, &hessian)
        // Zero where the normalisation is not free.
        for sample in ends.indices where scales[sample] != 0 {
          let begin = sample == 0 ? 0 : ends[sample - 1]
          var dots = [Double](repeating: 0, count: directions)
          nutune_count_dots(weight + begin, relative + begin, bins, directions, ends[sample] - begin, &dots)
          for k in 0..<directions { sums[sample * directions + k] = scales[sample] * dots[k] }
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
