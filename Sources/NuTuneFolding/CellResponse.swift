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
  ///   - threads: number of threads; the result does not depend on it.
  public func measured(through response: DetectorResponse, threads: Int) -> CellResponse {
    guard case .rows(let rows) = response else { return self }
    let cellCount = cells.count
    let trueBins = (0..<binCount).map { bin in (0..<cellCount).map { values[$0 * binCount + bin] } }
    let columns = Parallel.map(rows.count, threads: threads) { row in
      var sums = [Double](repeating: 0, count: cellCount)
      sums.withUnsafeMutableBufferPointer { sums in
        for (trueBin, probability) in rows[row] {
          trueBins[trueBin].withUnsafeBufferPointer { rates in
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
}
