import NuTuneCore

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
