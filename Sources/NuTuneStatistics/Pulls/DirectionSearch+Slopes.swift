import CKernels
import Foundation
import NuTuneNumerics

/// Derivatives of −2 ln L of ``MarginalizedCountLikelihood`` with respect to the rates, at the best v̂ = (ẑ, scales, η̂).
///
/// With A_b the logarithm of the rate of a bin at v̂, R_bk = ∂A_b/∂v_k, Q = R − M where M is the mean of R over the expected
/// events if the normalisation is free and zero otherwise, and B the inverse of 1 + F of the posterior modes,
///
///     ∂ ln det(1 + F)/∂A_b = ν_b (q_b − q̄),   q_b = Q_bᵀ B Q_b        ∂ ln det(1 + F)/∂R_b = 2 ν_b B Q_b
///
/// with q̄ the mean of q where M is that of R. v̂ moves with the rates so that ∂ψ/∂v = v + Σ_b (ν_b − n_b) R_b stays zero. With
/// H = ∂²ψ and a = H⁻¹ ∂[2ψ + ln det(1 + F)]/∂v the derivatives are in all
///
///     ∂(−2 ln L)/∂A_b = 2 (ν_b − n_b) + ν_b (q_b − q̄) − ν_b Q_b·a
///     ∂(−2 ln L)/∂R_b = 2 ν_b B Q_b − (ν_b − n_b) a
///
/// and those with respect to parts, fixed rates and changes by pulls follow from A and R as functions of them.
extension DirectionSearch {
  /// One sample at the values.
  private struct Moved {
    /// Index of the sample.
    let index: Int
    /// exp(Σ z r) of each part, shape [parts].
    let factors: [Double]
    /// Rates without pulls, shape [bins].
    let rates: [Double]
    /// ν, shape [bins].
    let expected: [Double]
    /// R, shape [bins × values].
    let changes: [Double]
    /// Q, shape [bins × values].
    let centered: [Double]
  }

  /// Derivatives of a function with respect to A, shape [bins], and R, shape [bins × values].
  private struct BinSlopes {
    var byRate: [Double]
    var byChange: [Double]
  }

  /// Derivatives of −2 ln L with respect to parts, fixed rates and changes by pulls, in their shapes.
  ///
  /// - Parameter withDeterminant: whether −2 ln L has ln det(1 + F) in it.
  func rateSlopes(withDeterminant: Bool) throws -> [ModeRates] {
    let samples = slopes.indices.map { terms[$0].isInformative ? moved($0) : nil }
    let found = try values.isEmpty ? nil : derivatives()
    let hasBlock = withDeterminant && scales.lowerBound > 0
    let block = try found.flatMap { try hasBlock ? Cholesky(modeBlock(of: $0.information)) : nil }
    let determinant = try samples.map { sample in try sample.map { try determinantSlopes($0, block) } }
    var answer: [Double] = []
    if let found {
      var byValue = found.slope.map { -2 * $0 }
      for case (let sample?, let slopes?) in zip(samples, determinant) where hasBlock {
        add(slopes, of: sample, to: &byValue)
      }
      answer = try curvature(found.information, samples.compactMap { $0 }).solve(byValue)
    }
    return zip(samples, determinant).enumerated().map { index, pair in
      guard let sample = pair.0, var slopes = pair.1 else {
        let rates = rates[index]
        return ModeRates(
          parts: rates.parts.map { _ in 0 }, fixed: rates.fixed.map { _ in 0 }, pulls: rates.pulls.map { _ in 0 })
      }
      addMinimum(answer, of: sample, to: &slopes)
      return rateSlopes(slopes, of: sample)
    }
  }

  private func moved(_ index: Int) -> Moved {
    let (count, term) = (values.count, terms[index])
    let (rates, absolute) = changes(of: index)
    var relative = absolute
    let pulled = pullFactors(of: index, at: values)
    let all = pulled.isEmpty ? rates : zip(rates, pulled).map { $0 * $1 }
    let factor = term.factor(total: all.reduce(0, +))
    var mean = [Double](repeating: 0, count: count)
    for bin in rates.indices {
      let inverse = rates[bin] > 0 ? 1 / rates[bin] : 0
      for k in 0..<directions { relative[bin * count + k] *= inverse }
      for pull in 0..<pulls {
        relative[bin * count + directions + pull] = self.rates[index].pulls[pull * rates.count + bin]
      }
      guard term.normalization == nil else { continue }
      for k in 0..<count { mean[k] += factor * all[bin] / term.events * relative[bin * count + k] }
    }
    // Derivatives by parts without a rate are not zero.
    let parts = self.rates[index].parts
    let others = partFactors(of: index, at: values) { !(parts[$0] > 0) }
    return Moved(
      index: index, factors: zip(factors[index], others).map { $0 + $1 }, rates: rates,
      expected: all.map { factor * $0 }, changes: relative,
      centered: relative.indices.map { relative[$0] - mean[$0 % count] })
  }

  /// Calls `body` with every part of a sample and its row of slopes.
  private func forEachRow(of index: Int, _ body: (Int, UnsafePointer<Double>) -> Void) {
    slopes[index].slopes.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      for part in slopes[index].bins.indices { body(part, rows + part * directions) }
    }
  }

  /// Derivatives of ln det(1 + F); zero without it.
  ///
  /// - Parameters:
  ///   - sample: the sample.
  ///   - block: 1 + F of the posterior modes.
  private func determinantSlopes(_ sample: Moved, _ block: Cholesky?) throws -> BinSlopes {
    let (bins, count) = (sample.rates.count, values.count)
    var slopes = BinSlopes(
      byRate: [Double](repeating: 0, count: bins), byChange: [Double](repeating: 0, count: bins * count))
    guard let block else { return slopes }
    var transposed = Matrix(rows: block.size, columns: bins)
    for bin in 0..<bins { for k in 0..<block.size { transposed[k, bin] = sample.centered[bin * count + k] } }
    let solved = try block.solve(transposed)
    for bin in 0..<bins {
      for k in 0..<block.size {
        slopes.byRate[bin] += sample.centered[bin * count + k] * solved[k, bin]
        slopes.byChange[bin * count + k] = 2 * sample.expected[bin] * solved[k, bin]
      }
    }
    let term = terms[sample.index]
    let mean =
      term.normalization == nil ? zip(sample.expected, slopes.byRate).reduce(0) { $0 + $1.0 * $1.1 } / term.events : 0
    for bin in 0..<bins { slopes.byRate[bin] = sample.expected[bin] * (slopes.byRate[bin] - mean) }
    return slopes
  }

  /// Adds the derivatives of −2 ln L at fixed R, and those of what the best values do to it as they move.
  ///
  /// - Parameters:
  ///   - answer: a, shape [values].
  ///   - sample: the sample.
  ///   - slopes: those of ln det(1 + F).
  private func addMinimum(_ answer: [Double], of sample: Moved, to slopes: inout BinSlopes) {
    let count = values.count
    for (bin, observed) in terms[sample.index].counts.enumerated() {
      let expected = sample.expected[bin]
      var along = 0.0
      for k in 0..<count {
        along += sample.centered[bin * count + k] * answer[k]
        slopes.byChange[bin * count + k] -= (expected - observed) * answer[k]
      }
      slopes.byRate[bin] += 2 * (expected - observed) - expected * along
    }
  }

  /// H, decomposed. At a minimum it is positive definite; where rounding says otherwise the expected information stands for
  /// it.
  private func curvature(_ information: Matrix, _ samples: [Moved]) throws -> Cholesky {
    var curvature = information
    for sample in samples where directions > 0 {
      let (bins, count) = (sample.rates.count, values.count)
      let excess = zip(sample.expected, terms[sample.index].counts).map { $0 - $1 }
      let second = try self.curvature(
        of: sample.index, zip(excess, sample.rates).map { $1 > 0 ? $0 / $1 : 0 })
      let weighted = sample.changes.indices.map { excess[$0 / count] * sample.changes[$0] }
      let square = try Matrix(rows: bins, columns: count, elements: sample.changes)
        .transposeMultiplied(by: try Matrix(rows: bins, columns: count, elements: weighted))
      for k in 0..<directions { for l in 0..<directions { curvature[k, l] += second[k, l] - square[k, l] } }
    }
    return try (try? Cholesky(curvature)) ?? Cholesky(information)
  }

  /// Derivatives with respect to what a part and the fixed rate of its bin are at the values, shape [parts] and [bins].
  private func movedSlopes(_ slopes: BinSlopes, of sample: Moved) -> (parts: [Double], fixed: [Double]) {
    let count = values.count
    let fixed: [Double] = sample.rates.indices.map { bin in
      guard sample.rates[bin] > 0 else { return 0 }
      let own = (0..<directions).reduce(slopes.byRate[bin]) {
        $0 - slopes.byChange[bin * count + $1] * sample.changes[bin * count + $1]
      }
      return own / sample.rates[bin]
    }
    var parts = [Double](repeating: 0, count: sample.factors.count)
    slopes.byChange.withUnsafeBufferPointer { byChange in
      forEachRow(of: sample.index) { part, row in
        let bin = self.slopes[sample.index].bins[part]
        guard let byChange = byChange.baseAddress, sample.rates[bin] > 0 else { return }
        parts[part] = fixed[bin] + nutune_beam_dot(row, byChange + bin * count, directions) / sample.rates[bin]
      }
    }
    return (parts, fixed)
  }

  /// Adds derivatives with respect to the values, shape [values].
  private func add(_ slopes: BinSlopes, of sample: Moved, to byValue: inout [Double]) {
    let (parts, bins) = (movedSlopes(slopes, of: sample).parts, sample.rates.count)
    forEachRow(of: sample.index) { part, row in
      let weight = rates[sample.index].parts[part] * sample.factors[part] * parts[part]
      nutune_beam_add_scaled(weight, row, directions, &byValue)
    }
    for pull in 0..<pulls {
      for bin in 0..<bins {
        byValue[directions + pull] += slopes.byRate[bin] * rates[sample.index].pulls[pull * bins + bin]
      }
    }
  }

  /// Derivatives with respect to parts, fixed rates and changes by pulls.
  private func rateSlopes(_ slopes: BinSlopes, of sample: Moved) -> ModeRates {
    let (count, bins) = (values.count, sample.rates.count)
    let (parts, fixed) = movedSlopes(slopes, of: sample)
    return ModeRates(
      parts: zip(parts, sample.factors).map { $0 * $1 }, fixed: fixed,
      pulls: (0..<pulls * bins).map { place in
        let (pull, bin) = (directions + place / bins, place % bins)
        return slopes.byRate[bin] * values[pull] + slopes.byChange[bin * count + pull]
      })
  }
}
