import NuTuneFolding
import NuTuneNumerics
import Testing

/// The packed product weights × response against the sum that defines it.
@Suite struct CellRatesTests {
  /// Σ_c w_c R_cb, written out.
  private func sum(_ weights: [Double], _ rows: [[Double]], bin: Int) -> Double {
    var sum = 0.0
    for (weight, row) in zip(weights, rows) { sum += weight * row[bin] }
    return sum
  }

  /// Any number of cells and bins, rows that end in zeros or hold nothing, entries of both signs, cells without flux.
  @Test func ratesAreTheSumOverTheCells() throws {
    let stream = try RandomStream(seed: 1, purpose: "cell-rates", member: 0)
    for (cellCount, binCount) in [(1, 1), (7, 3), (8, 16), (9, 17), (23, 5), (64, 61), (131, 40)] {
      let rows = (0..<cellCount).map { cell in
        // The first cells reach few bins, one in the middle none, the last all.
        let reach = cell == cellCount / 2 && cellCount > 1 ? 0 : (cell + 1) * binCount / cellCount
        return (0..<binCount).map { $0 < reach ? stream.gaussian() : 0 }
      }
      let weights = (0..<cellCount).map { $0 % 5 == 3 ? 0 : stream.gaussian() }
      let cells = EnergyCells(edges: (0...cellCount).map { Double($0) })
      let rates = CellResponse(cells: cells, rows: rows).rates(weights: weights)
      #expect(rates.count == binCount)
      let size = zip(weights, rows).reduce(0) { $0 + abs($1.0) * ($1.1.map { abs($0) }.max() ?? 0) }
      for bin in rates.indices {
        #expect(
          abs(rates[bin] - sum(weights, rows, bin: bin)) <= 1e-14 * size, "\(cellCount) × \(binCount), bin \(bin)")
      }
    }
  }

  /// Several weights at once give what each gives alone, and the transposed product the sums that define it.
  @Test func severalAtOnce() throws {
    let stream = try RandomStream(seed: 2, purpose: "cell-rates", member: 0)
    for (cellCount, binCount, several) in [(1, 1, 1), (7, 3, 2), (9, 17, 4), (64, 61, 5), (131, 40, 11)] {
      let rows = (0..<cellCount).map { cell in
        (0..<binCount).map { $0 <= (cell + 1) * binCount / cellCount - 1 ? stream.gaussian() : 0 }
      }
      let response = CellResponse(cells: EnergyCells(edges: (0...cellCount).map { Double($0) }), rows: rows)
      let weights = (0..<several).map { k in (0..<cellCount).map { ($0 + k) % 5 == 3 ? 0 : stream.gaussian() } }
      for (found, alone) in zip(response.rates(weights: weights), weights.map { response.rates(weights: $0) }) {
        for (one, other) in zip(found, alone) { #expect(abs(one - other) < 1e-13 * Double(cellCount)) }
      }
      let slopes = (0..<several).map { _ in (0..<binCount).map { _ in stream.gaussian() } }
      let found = response.weightSlopes(rateSlopes: slopes)
      for (k, slope) in slopes.enumerated() {
        for cell in 0..<cellCount {
          let expected = zip(slope, rows[cell]).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(found[k][cell] - expected) < 1e-13 * Double(binCount))
        }
      }
    }
  }

  /// Only what cells reach is kept, in whatever order they reach it: bins that no cell reaches, that only high ones reach, that
  /// high ones leave again, and zeros in between; cells that reach nothing, all, or as much as the cell before.
  @Test func zerosAnywhere() throws {
    let stream = try RandomStream(seed: 4, purpose: "cell-rates", member: 0)
    let (cellCount, binCount) = (21, 45)
    // The cells that reach each bin.
    let ranges: [Range<Int>] = (0..<binCount).map { bin in
      switch bin % 6 {
      case 0: 0..<0
      case 1: 20..<21
      case 2: 2..<14
      case 3: (19 - bin / 3)..<21
      default: (bin / 5)..<18
      }
    }
    func rows(_ isReached: (_ cell: Int, _ bin: Int) -> Bool) -> [[Double]] {
      (0..<cellCount).map { cell in (0..<binCount).map { isReached(cell, $0) ? stream.gaussian() : 0 } }
    }
    let cells = EnergyCells(edges: (0...cellCount).map { Double($0) })
    let weights = (0..<7).map { k in (0..<cellCount).map { $0 == 3 || ($0 + k) % 5 == 3 ? 0 : stream.gaussian() } }
    let slopes = (0..<7).map { _ in (0..<binCount).map { _ in stream.gaussian() } }
    let cases = [
      rows { ranges[$1].contains($0) }, rows { $0 % 3 != 1 && $1 % 4 != 2 && $1 > $0 }, rows { _, _ in true },
      rows { _, _ in false }, rows { cell, bin in cell == 20 && bin == 44 },
    ]
    for (index, rows) in cases.enumerated() {
      let response = CellResponse(cells: cells, rows: rows)
      for several in 1...7 {
        let rates = response.rates(weights: Array(weights.prefix(several)))
        let totals = response.weightSlopes(rateSlopes: Array(slopes.prefix(several)))
        for k in 0..<several {
          for bin in 0..<binCount {
            #expect(abs(rates[k][bin] - sum(weights[k], rows, bin: bin)) < 1e-13, "case \(index), bin \(bin)")
          }
          for cell in 0..<cellCount {
            let expected = zip(slopes[k], rows[cell]).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(totals[k][cell] - expected) < 1e-13, "case \(index), cell \(cell)")
          }
          // A bin's sum does not depend on the other weights.
          #expect(rates[k] == response.rates(weights: weights[k]))
        }
      }
    }
  }

  /// Rows that lie one after the other give what each gives alone; the totals bit for bit, whatever they are computed with.
  @Test func companyDoesNotMatter() throws {
    let stream = try RandomStream(seed: 3, purpose: "cell-rates", member: 0)
    for (cellCount, binCount) in [(1, 1), (9, 17), (64, 61), (131, 40)] {
      let rows = (0..<cellCount).map { cell in
        (0..<binCount).map { $0 <= (cell * 7) % 11 * binCount / 11 ? stream.gaussian() : 0 }
      }
      let response = CellResponse(cells: EnergyCells(edges: (0...cellCount).map { Double($0) }), rows: rows)
      let weights = (0..<7).map { _ in (0..<cellCount).map { $0 % 5 == 3 ? 0 : stream.gaussian() } }
      let slopes = (0..<7).map { _ in (0..<binCount).map { _ in stream.gaussian() } }
      for several in 1...7 {
        let rates = response.rates(weights: weights.prefix(several).flatMap { $0 }, several: several)
        for (one, other) in zip(rates, weights.prefix(several).flatMap({ response.rates(weights: $0) })) {
          #expect(abs(one - other) < 1e-13 * Double(cellCount))
        }
        let totals = response.weightSlopes(rateSlopes: slopes.prefix(several).flatMap { $0 }, several: several)
        #expect(totals == slopes.prefix(several).flatMap { response.weightSlopes(rateSlopes: [$0])[0] })
      }
    }
  }

  /// Σ_c t_c w_c(g) with the weights w of values g has the derivatives Σ_c t_c ∂w_c/∂g_i.
  @Test func weightsHaveDerivatives() throws {
    let averaging = try EnergyCells.standard(over: 0.5...3).averaging(breakpoints: [0.777])
    let values = averaging.energies.map { 1 + $0 * $0 / 5 }
    let slopes = (0..<averaging.offsets.count - 1).map { Double(($0 * 37) % 11) - 4 }
    let found = averaging.valueSlopes(of: values, weightSlopes: slopes)
    func sum(_ values: [Double]) -> Double {
      zip(averaging.weights(of: values), slopes).reduce(0) { $0 + $1.0 * $1.1 }
    }
    // At scales and with a factor, on top of what is there.
    let scales = values.indices.map { Double($0 % 7) }
    let (means, weights) = averaging.meansAndWeights(of: values)
    #expect(means == averaging.means(of: values) && weights == averaging.weights(of: values))
    // Weights of parts of the values add up to those of the whole where its means decide which cells share covariances.
    let first = averaging.weights(of: values.map { $0 - 1 / ($0 * $0) }, sharedAs: means)
    let second = averaging.weights(of: values.map { 1 / ($0 * $0) }, sharedAs: means)
    #expect(averaging.weights(of: values, sharedAs: means) == weights)
    for (cell, weight) in weights.enumerated() { #expect(abs(first[cell] + second[cell] - weight) < 1e-13 * weight) }
    var sums = values
    averaging.addValueSlopes(means: means, weightSlopes: slopes, scales: scales, times: -0.5, to: &sums)
    for (index, sum) in sums.enumerated() {
      #expect(abs(sum - values[index] + 0.5 * scales[index] * found[index]) < 1e-14 * (1 + abs(sum)))
    }
    for index in stride(from: 0, to: values.count, by: 23) {
      var (more, less) = (values, values)
      more[index] += 1e-3
      less[index] -= 1e-3
      #expect(abs(found[index] - (sum(more) - sum(less)) / 2e-3) < 1e-9 * (1 + abs(found[index])))
    }
  }

  /// One bin after the last that a low cell reaches, and a cell without weight whose row is not finite.
  @Test func onlyWhatHasWeightIsRead() {
    let rows = [[1, 0, 0], [2, 3, 0], [.nan, .infinity, .nan], [4, 5, 6]]
    let response = CellResponse(cells: EnergyCells(edges: [1, 2, 3, 4, 5]), rows: rows)
    #expect(response.rates(weights: [1, 10, 0, 100]) == [421, 530, 600])
    #expect(response.rates(weights: [0, 0, 0, 0]) == [0, 0, 0])
  }

  /// Means over cells are the same from an array, a part of one, and a collection that is no array.
  @Test func meansDoNotDependOnTheCollection() throws {
    let averaging = try EnergyCells.standard(over: 0.5...3).averaging(breakpoints: [0.777])
    let values = averaging.energies.map { 1 / $0 }
    let expected = (0..<averaging.offsets.count - 1).map { cell in
      (averaging.offsets[cell]..<averaging.offsets[cell + 1]).map { averaging.weights[$0] * values[$0] }.reduce(0, +)
    }
    #expect(averaging.means(of: values) == expected)
    #expect(averaging.means(of: ([0] + values)[1...]) == expected)
    #expect(averaging.means(of: averaging.energies.lazy.map { 1 / $0 }) == expected)
    let weights = averaging.weights(of: values)
    #expect(weights != expected && weights == averaging.weights(of: averaging.energies.lazy.map { 1 / $0 }))
  }
}
