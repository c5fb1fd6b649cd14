import CKernels
import Foundation
import NuTuneNumerics

/// The minimum of ψ(z) = ½ [−2 ln L(z) + |z|²] of ``MarginalizedCountLikelihood`` over posterior modes and pulls
/// together, by Newton steps with the expected information, halved until ψ falls:
///
///     ∂ψ/∂z_k = z_k − Σ_b (n_b − ν_b) J_bk/f_b      1 + F,  F_kl = Σ_b ν_b (J_bk/f_b − J̄_k)(J_bl/f_b − J̄_l)
///
/// and, close to the minimum, with the second derivatives themselves,
///
///     ∂²ψ = 1 + Σ_b n_b (J_b/f_b)(J_b/f_b)ᵀ − N J̄J̄ᵀ + Σ_p (ν_b − n_b) (f_p/f_b) exp(r_p·z) r_p r_pᵀ,
///
/// with J_bk = ∂f_b/∂z_k, J̄ = Σ_b J_b/Σ_b f_b of the sample and ν = N f/Σf. Where the normalisation is not free ν is it
/// times f, and J̄ = 0. 1 + F is positive definite everywhere.
///
/// The last of the directions may be scales without a prior: they have no z_k in the slope, and a small curvature that
/// changes no minimum in place of the 1.
struct DirectionSearch {
  /// z, then scales, then η; shape [directions + pulls].
  private(set) var values: [Double]
  private(set) var steps = 0
  /// −2 ln L at ``values``.
  private(set) var deviance = 0.0
  /// exp(Σ z r) at ``values`` of every part that has a rate, zero of the others; shape [samples][parts].
  private(set) var factors: [[Double]] = []

  /// Number of posterior modes and scales.
  let directions: Int
  /// Places of the scales.
  let scales: Range<Int>
  let pulls: Int
  let terms: [CountTerm]
  let slopes: [ModeSlopes]
  let rates: [ModeRates]

  /// Twice the fall of ψ that a step predicts, relative to 1 − 2 ln L, below which it is the last. ln det(1 + F) is of
  /// first order in the error of ẑ, and fits differentiate it.
  private static let tolerance = 1e-14
  private static let maximumSteps = 60
  /// Number of steps with the expected information; after them the observed one is used if it is positive definite, for
  /// the last digits.
  private static let expectedSteps = 2

  init(
    _ terms: [CountTerm], slopes: [ModeSlopes], rates: [ModeRates], directions: Int, scales: Int = 0, pulls: Int,
    start: [Double]
  ) throws {
    guard rates.count == terms.count else {
      throw InferenceError.binMismatch(expected: terms.count, found: rates.count)
    }
    for (sample, rates) in rates.enumerated() {
      let bins = terms[sample].counts.count
      guard rates.parts.count == slopes[sample].bins.count, rates.fixed.count == bins,
        rates.pulls.count == pulls * bins
      else { throw InferenceError.binMismatch(expected: slopes[sample].bins.count, found: rates.parts.count) }
    }
    (self.terms, self.slopes, self.rates) = (terms, slopes, rates)
    (self.directions, self.pulls) = (directions, pulls)
    self.scales = directions - scales..<directions
    values = start
  }

  /// |z|² + |η|².
  var penalty: Double { penalty(of: values) }

  private func penalty(of values: [Double]) -> Double {
    let all = values.reduce(0) { $0 + $1 * $1 }
    return scales.isEmpty ? all : values.indices.reduce(0) { scales.contains($1) ? $0 : $0 + values[$1] * values[$1] }
  }

  /// The curvature of the priors of all values.
  private func priorInformation(_ count: Int) -> Matrix {
    var information = Matrix.identity(count)
    for k in scales { information[k, k] = 1 / (PullSearch.undetermined * PullSearch.undetermined) }
    return information
  }

  /// Minimises ψ.
  mutating func minimize() throws {
    factors = partFactors(at: values)
    deviance = try deviance(of: moved(values, factors))
    guard !values.isEmpty else { return }
    while true {
      steps += 1
      let (slope, information) = try derivatives()
      var step = try Cholesky(information).solve(slope)
      if steps > Self.expectedSteps, pulls == 0, let observed = try? Cholesky(observedInformation()) {
        step = try observed.solve(slope)
      }
      let decrement = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      guard decrement.isFinite else { throw InferenceError.notConverged("directions that are not finite") }
      guard try descend(along: step, decrement: decrement) else {
        // If rounding is larger than the predicted fall, this is the minimum.
        guard decrement < 1e-6 * (1 + abs(deviance)) else {
          throw InferenceError.notConverged("the open directions: no lower point along a Newton step")
        }
        return
      }
      if decrement < Self.tolerance * (1 + abs(deviance)) { return }
      guard steps < Self.maximumSteps else {
        throw InferenceError.notConverged(
          "the open directions after \(steps) Newton steps, −2lnL could still fall by \(decrement)")
      }
    }
  }

  /// Halves the step until ψ falls by a fair share of the fall that its slope predicts; false if no step is short
  /// enough.
  private mutating func descend(along step: [Double], decrement: Double) throws -> Bool {
    let before = 0.5 * (deviance + penalty)
    var length = 1.0
    for _ in 0..<30 {
      let trial = zip(values, step).map { $0 + length * $1 }
      let moving = partFactors(at: trial)
      let found = try deviance(of: moved(trial, moving))
      let after = 0.5 * (found + penalty(of: trial))
      if after.isFinite, after <= before - 1e-4 * length * decrement + 1e-13 * (1 + abs(before)) {
        (values, factors, deviance) = (trial, moving, found)
        return true
      }
      length *= 0.5
    }
    return false
  }

  /// Computes the rates of all bins at some values and factors of the parts, shape [samples][bins].
  private func moved(_ values: [Double], _ factors: [[Double]]) -> [[Double]] {
    slopes.indices.map { sample in
      var bins = rates[sample].fixed
      let (places, parts, factors) = (slopes[sample].bins, rates[sample].parts, factors[sample])
      for part in parts.indices { bins[places[part]] += parts[part] * factors[part] }
      for (bin, factor) in pullFactors(of: sample, at: values).enumerated() { bins[bin] *= factor }
      return bins
    }
  }

  /// Computes exp(Σ z r) of every part that has a rate, zero of the others; shape [samples][parts].
  private func partFactors(at values: [Double]) -> [[Double]] {
    slopes.indices.map { sample in
      let parts = rates[sample].parts
      return partFactors(of: sample, at: values) { parts[$0] > 0 }
    }
  }

  /// Computes exp(Σ z r) of some parts of a sample, zero of the others; shape [parts].
  func partFactors(of sample: Int, at values: [Double], where isMeant: (Int) -> Bool) -> [Double] {
    var factors = [Double](repeating: 0, count: slopes[sample].bins.count)
    slopes[sample].slopes.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      for part in factors.indices where isMeant(part) {
        factors[part] = exp(nutune_beam_dot(rows + part * directions, values, directions))
      }
    }
    return factors
  }

  /// Computes exp(Σ η r) of each bin of a sample, shape [bins]; empty without pulls.
  func pullFactors(of sample: Int, at values: [Double]) -> [Double] {
    guard pulls > 0 else { return [] }
    let bins = terms[sample].counts.count
    return (0..<bins).map { bin in
      var sum = 0.0
      for pull in 0..<pulls { sum += values[directions + pull] * rates[sample].pulls[pull * bins + bin] }
      return exp(sum)
    }
  }

  /// Calls `body` with every part of a sample that has a rate, its exp(Σ z r) at ``values`` and its row of slopes.
  private func forEachPart(of sample: Int, _ body: (Int, Double, UnsafePointer<Double>) -> Void) {
    let (parts, factors, directions) = (rates[sample].parts, factors[sample], directions)
    slopes[sample].slopes.withUnsafeBufferPointer { slopes in
      guard let slopes = slopes.baseAddress else { return }
      for part in parts.indices where parts[part] > 0 { body(part, factors[part], slopes + part * directions) }
    }
  }

  /// Computes −2 ln L of rates.
  private func deviance(of moved: [[Double]]) throws -> Double {
    var sum = 0.0
    for (sample, rates) in moved.enumerated() {
      let total = rates.reduce(0, +)
      // Far from the minimum rates overflow; such a step is too long.
      guard total.isFinite else { return .infinity }
      sum += try terms[sample].minusTwoLogLikelihood(of: rates)
    }
    return sum
  }

  /// Computes −∂ψ/∂z and 1 + F at the values.
  func derivatives() throws -> (slope: [Double], information: Matrix) {
    let count = values.count
    var slope = values.map { -$0 }
    for k in scales { slope[k] = 0 }
    var information = priorInformation(count)
    for sample in slopes.indices {
      let bins = terms[sample].counts.count
      var (total, changes) = changes(of: sample)
      for (bin, factor) in pullFactors(of: sample, at: values).enumerated() {
        total[bin] *= factor
        for k in 0..<directions { changes[bin * count + k] *= factor }
        for pull in 0..<pulls {
          changes[bin * count + directions + pull] = total[bin] * rates[sample].pulls[pull * bins + bin]
        }
      }
      let added = try accumulate(sample, total, &changes, into: &slope)
      for k in 0..<count { for l in 0..<count { information[k, l] += added[k, l] } }
    }
    return (slope, information)
  }

  /// Adds the contribution of one sample to the slope; returns its F.
  ///
  /// - Parameter changes: J, shape [bins × values]; whitened in place.
  private func accumulate(_ sample: Int, _ total: [Double], _ changes: inout [Double], into slope: inout [Double])
    throws -> Matrix
  {
    let (bins, count) = (total.count, values.count)
    let term = terms[sample]
    guard term.isInformative else { return Matrix(rows: count, columns: count) }
    let factor = term.factor(total: total.reduce(0, +))
    var mean = [Double](repeating: 0, count: count)
    changes.withUnsafeMutableBufferPointer { changes in
      if term.normalization == nil {
        for bin in 0..<bins { for k in 0..<count { mean[k] += changes[bin * count + k] } }
        for k in 0..<count { mean[k] *= factor / term.events }
      }
      for bin in 0..<bins {
        let expected = factor * total[bin]
        guard expected > 0 else {
          for k in 0..<count { changes[bin * count + k] = 0 }
          continue
        }
        let (inverse, root) = (1 / total[bin], expected.squareRoot())
        let excess = term.counts[bin] - expected
        for k in 0..<count {
          let relative = changes[bin * count + k] * inverse - mean[k]
          slope[k] += excess * relative
          changes[bin * count + k] = root * relative
        }
      }
    }
    return try Matrix(rows: bins, columns: count, elements: changes).gram()
  }

  /// Computes ∂²ψ at the values, without pulls.
  private func observedInformation() throws -> Matrix {
    let count = directions
    var information = priorInformation(count)
    for sample in slopes.indices where terms[sample].isInformative {
      let term = terms[sample]
      let (total, changes) = changes(of: sample)
      let factor = term.factor(total: total.reduce(0, +))
      let excess = total.indices.map { total[$0] > 0 ? factor - term.counts[$0] / total[$0] : 0 }
      var weighted = changes
      var mean = [Double](repeating: 0, count: count)
      for bin in total.indices {
        let scale = total[bin] > 0 ? term.counts[bin].squareRoot() / total[bin] : 0
        for k in 0..<count {
          if term.normalization == nil { mean[k] += changes[bin * count + k] * factor / term.events.squareRoot() }
          weighted[bin * count + k] *= scale
        }
      }
      let observed = try Matrix(rows: total.count, columns: count, elements: weighted).gram()
      let second = try curvature(of: sample, excess)
      for k in 0..<count {
        for l in 0..<count { information[k, l] += observed[k, l] + second[k, l] - mean[k] * mean[l] }
      }
    }
    return information
  }

  /// Computes Σ_p x_b f_p exp(r_p·z) r_p r_pᵀ of one sample, without pulls.
  ///
  /// - Parameters:
  ///   - sample: its index.
  ///   - excess: x, shape [bins].
  func curvature(of sample: Int, _ excess: [Double]) throws -> Matrix {
    let (rows, count, parts) = (slopes[sample].slopes, directions, slopes[sample].bins.count)
    var curved = [Double](repeating: 0, count: rows.count)
    curved.withUnsafeMutableBufferPointer { curved in
      forEachPart(of: sample) { part, exponential, row in
        let weight = excess[slopes[sample].bins[part]] * rates[sample].parts[part] * exponential
        for k in 0..<count { curved[part * count + k] = weight * row[k] }
      }
    }
    return try Matrix(rows: parts, columns: count, elements: rows)
      .transposeMultiplied(by: try Matrix(rows: parts, columns: count, elements: curved))
  }

  /// Computes rates of the bins of one sample and J, shape [bins × directions], without pulls.
  func changes(of sample: Int) -> (total: [Double], changes: [Double]) {
    var changes = [Double](repeating: 0, count: terms[sample].counts.count * values.count)
    var total = rates[sample].fixed
    let count = values.count
    changes.withUnsafeMutableBufferPointer { changes in
      guard let changes = changes.baseAddress else { return }
      forEachPart(of: sample) { part, factor, row in
        let bin = slopes[sample].bins[part]
        let rate = rates[sample].parts[part] * factor
        total[bin] += rate
        let target = changes + bin * count
        nutune_beam_add_scaled(rate, row, directions, target)
      }
    }
    return (total, changes)
  }

  /// Returns 1 + F decomposed, and ln det of its block of the posterior modes.
  func information() throws -> (Cholesky, logDeterminant: Double) {
    guard !values.isEmpty else { return (try Cholesky(Matrix.identity(1)), 0) }
    let (_, information) = try derivatives()
    let whole = try Cholesky(information)
    let modes = scales.lowerBound
    guard modes < values.count, modes > 0 else { return (whole, modes > 0 ? whole.logDeterminant : 0) }
    return (whole, try Cholesky(modeBlock(of: information)).logDeterminant)
  }

  /// The block of the posterior modes of a matrix of shape [values²].
  func modeBlock(of information: Matrix) -> Matrix {
    let modes = scales.lowerBound
    var block = Matrix(rows: modes, columns: modes)
    for k in 0..<modes { for l in 0..<modes { block[k, l] = information[k, l] } }
    return block
  }
}
