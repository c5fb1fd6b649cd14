import NuTuneCore
import NuTuneNumerics

/// What a fixed cross-section model gives in each bin for a unit flux in each E_ν cell: R[cell, bin]. An oscillation fit
/// needs nothing else of the model, since rates are the product of mean flux × oscillation per cell with R.
public struct CellResponse: Sendable {
  /// The cells.
  public let cells: EnergyCells
  /// Number of bins.
  public let binCount: Int
  /// R, row-major, shape [cells][bins], in 10⁻³⁸ cm² · GeV per nucleon.
  public let values: [Double]

  /// A response from one row of bins per cell.
  public init(cells: EnergyCells, rows: [[Double]]) {
    precondition(rows.count == cells.count)
    self.cells = cells
    binCount = rows.first?.count ?? 0
    values = rows.flatMap { $0 }
  }

  /// A response from one column of cells per bin.
  init(cells: EnergyCells, columns: [[Double]]) {
    self.cells = cells
    binCount = columns.count
    var values = [Double](repeating: 0, count: cells.count * columns.count)
    for (bin, column) in columns.enumerated() {
      for cell in 0..<cells.count { values[cell * columns.count + bin] = column[cell] }
    }
    self.values = values
  }

  /// The response of measured bins, from this one of true bins.
  ///
  /// - Complexity: O(entries of the response · cells).
  /// - Parameters:
  ///   - response: of measured bins, in rows, to the true bins of this one.
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

  /// Rates in the bins for one weight per cell, shape [bins].
  public func rates(weights: [Double]) -> [Double] {
    precondition(weights.count == cells.count)
    var rates = [Double](repeating: 0, count: binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { values in
        for cell in 0..<weights.count where weights[cell] != 0 {
          let row = values.baseAddress! + cell * binCount
          let weight = weights[cell]
          for bin in 0..<binCount { rates[bin] += weight * row[bin] }
        }
      }
    }
    return rates
  }
}
