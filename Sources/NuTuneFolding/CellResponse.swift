import CKernels
import NuTuneCore
import NuTuneNumerics

/// Rates of a fixed cross-section model in each bin for a unit flux in each E_ν cell: R[cell, bin]. An oscillation fit
/// needs nothing else of the model, since rates are the product of mean flux × oscillation per cell with R.
public struct CellResponse: Sendable {
  /// The cells.
  public let cells: EnergyCells
  /// Number of bins.
  public let binCount: Int
  /// R, row-major, shape [cells][bins], in 10⁻³⁸ cm² · GeV per nucleon.
  public let values: [Double]
  /// Index of the last bin that each cell reaches, plus one, shape [cells]: no lepton has more energy than its
  /// neutrino, so where bins are ordered by lepton energy the rows of low cells end in zeros.
  private let reach: [Int32]

  /// Creates a response from one row of bins per cell.
  public init(cells: EnergyCells, rows: [[Double]]) {
    precondition(rows.count == cells.count)
    self.init(cells: cells, binCount: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }

  /// Creates a response from one column of cells per bin.
  init(cells: EnergyCells, columns: [[Double]]) {
    var values = [Double](repeating: 0, count: cells.count * columns.count)
    for (bin, column) in columns.enumerated() {
      for cell in 0..<cells.count { values[cell * columns.count + bin] = column[cell] }
    }
    self.init(cells: cells, binCount: columns.count, values: values)
  }

  private init(cells: EnergyCells, binCount: Int, values: [Double]) {
    precondition(values.count == cells.count * binCount)
    self.cells = cells
    self.binCount = binCount
    self.values = values
    reach = (0..<cells.count).map { cell in
      let row = values[cell * binCount..<(cell + 1) * binCount]
      return Int32((row.lastIndex { $0 != 0 } ?? row.startIndex - 1) + 1 - row.startIndex)
    }
  }

  /// Computes the response of measured bins from this response of true bins.
  ///
  /// - Complexity: O(entries of the response · cells).
  /// - Parameters:
  ///   - response: detector response, from the true bins of this response to measured bins.
  ///   - parts: number of hadronic bins into which true and measured bins are divided alike, one for none.
  ///   - threads: number of threads; the result does not depend on it.
  public func measured(through response: DetectorResponse, parts: Int = 1, threads: Int) -> CellResponse {
    guard case .rows(let rows) = response else { return self }
    let cellCount = cells.count
    let trueBins = (0..<binCount).map { bin in (0..<cellCount).map { values[$0 * binCount + bin] } }
    let columns = Parallel.map(rows.count * parts, threads: threads) { bin in
      let (row, part) = (bin / parts, bin % parts)
      var sums = [Double](repeating: 0, count: cellCount)
      sums.withUnsafeMutableBufferPointer { sums in
        for (trueBin, probability) in rows[row] {
          trueBins[trueBin * parts + part].withUnsafeBufferPointer { rates in
            for cell in 0..<cellCount { sums[cell] += probability * rates[cell] }
          }
        }
      }
      return sums
    }
    return CellResponse(cells: cells, columns: columns)
  }

  /// Computes the rates in the bins for one weight per cell, shape [bins].
  ///
  /// - Complexity: O(cells of weight not zero · bins they reach): some 10 µs for 220 cells and 780 bins.
  public func rates(weights: [Double]) -> [Double] {
    precondition(weights.count == cells.count)
    return [Double](unsafeUninitializedCapacity: binCount) { rates, count in
      if let start = rates.baseAddress {
        nutune_cell_rates(weights, reach, weights.count, values, binCount, start)
      }
      count = binCount
    }
  }

  /// Computes the rates in the bins for several weights of the cells in one pass, shape [several][cells] → [several][bins].
  public func rates(weights: [[Double]]) -> [[Double]] {
    precondition(weights.allSatisfy { $0.count == cells.count })
    return Self.passed(weights, width: binCount) { input, output in
      nutune_cell_rates_of_several(input, weights.count, reach, cells.count, values, binCount, output)
    }
  }

  /// Turns derivatives with respect to rates in the bins into those with respect to the weights of the cells, several at
  /// once, shape [several][bins] → [several][cells].
  public func weightSlopes(rateSlopes: [[Double]]) -> [[Double]] {
    precondition(rateSlopes.allSatisfy { $0.count == binCount })
    return Self.passed(rateSlopes, width: cells.count) { input, output in
      nutune_cell_totals_of_several(input, rateSlopes.count, reach, cells.count, values, binCount, output)
    }
  }

  /// Computes the rates in the bins for several weights of the cells that lie one after the other, shape [several × cells] →
  /// [several × bins].
  package func rates(weights: [Double], several: Int) -> [Double] {
    precondition(weights.count == several * cells.count)
    return [Double](unsafeUninitializedCapacity: several * binCount) { rates, count in
      if let start = rates.baseAddress {
        nutune_cell_rates_of_several(weights, several, reach, cells.count, values, binCount, start)
      }
      count = several * binCount
    }
  }

  /// Turns derivatives with respect to rates that lie one after the other into those with respect to the weights of the cells,
  /// shape [several × bins] → [several × cells].
  package func weightSlopes(rateSlopes: [Double], several: Int) -> [Double] {
    precondition(rateSlopes.count == several * binCount)
    return [Double](unsafeUninitializedCapacity: several * cells.count) { slopes, count in
      if let start = slopes.baseAddress {
        nutune_cell_totals_of_several(rateSlopes, several, reach, cells.count, values, binCount, start)
      }
      count = several * cells.count
    }
  }

  /// Calls a kernel with rows that lie one after the other.
  private static func passed(
    _ rows: [[Double]], width: Int, _ kernel: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [[Double]] {
    guard !rows.isEmpty, width > 0 else { return rows.map { _ in [] } }
    let flat = rows.count == 1 ? rows[0] : rows.flatMap { $0 }
    let results = [Double](unsafeUninitializedCapacity: rows.count * width) { results, count in
      flat.withUnsafeBufferPointer { flat in
        if let input = flat.baseAddress, let output = results.baseAddress { kernel(input, output) }
      }
      count = rows.count * width
    }
    return rows.count == 1 ? [results] : rows.indices.map { Array(results[$0 * width..<($0 + 1) * width]) }
  }

  /// Whether both are one and the same response in memory.
  package func isSame(as other: CellResponse) -> Bool {
    binCount == other.binCount && cells.count == other.cells.count
      && values.withUnsafeBufferPointer { own in
        other.values.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress }
      }
  }
}
