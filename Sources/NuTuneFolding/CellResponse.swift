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
  /// R as products read it.
  private let rows: ReachedRows

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
    rows = ReachedRows(cellCount: cells.count, binCount: binCount, matrix: values)
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

  /// Computes the response of bins that are sums of those of this response.
  ///
  /// - Parameter places: the bin of the sum for each of these bins, −1 for none, with their number; nil for the same bins.
  func summed(_ places: (ofParts: [Int], count: Int)?) -> CellResponse {
    guard let places else { return self }
    precondition(places.ofParts.count == binCount)
    var sums = [Double](repeating: 0, count: cells.count * places.count)
    for cell in 0..<cells.count {
      for (bin, place) in places.ofParts.enumerated() where place >= 0 {
        sums[cell * places.count + place] += values[cell * binCount + bin]
      }
    }
    return CellResponse(cells: cells, binCount: places.count, values: sums)
  }

  /// Computes the rates in the bins for one weight per cell, shape [bins].
  ///
  /// - Complexity: O(cells of weight not zero · bins they reach): some 10 µs for 383 cells and 780 bins.
  public func rates(weights: [Double]) -> [Double] { rates(weights: weights, several: 1) }

  /// Computes the rates in the bins for several weights of the cells in one pass, shape [several][cells] → [several][bins].
  public func rates(weights: [[Double]]) -> [[Double]] {
    precondition(weights.allSatisfy { $0.count == cells.count })
    return Self.divided(rates(weights: weights.flatMap { $0 }, several: weights.count), into: weights.count)
  }

  /// Turns derivatives with respect to rates in the bins into those with respect to the weights of the cells, several at
  /// once, shape [several][bins] → [several][cells].
  public func weightSlopes(rateSlopes: [[Double]]) -> [[Double]] {
    precondition(rateSlopes.allSatisfy { $0.count == binCount })
    return Self.divided(
      weightSlopes(rateSlopes: rateSlopes.flatMap { $0 }, several: rateSlopes.count), into: rateSlopes.count)
  }

  /// Computes the rates in the bins for several weights of the cells that lie one after the other, shape [several × cells] →
  /// [several × bins].
  package func rates(weights: [Double], several: Int) -> [Double] { rows.rates(weights: weights, several: several) }

  /// Turns derivatives with respect to rates that lie one after the other into those with respect to the weights of the cells,
  /// shape [several × bins] → [several × cells].
  package func weightSlopes(rateSlopes: [Double], several: Int) -> [Double] {
    rows.weightSlopes(rateSlopes: rateSlopes, several: several)
  }

  private static func divided(_ values: [Double], into count: Int) -> [[Double]] {
    let width = values.count / max(count, 1)
    return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// Whether both are one and the same response in memory.
  package func isSame(as other: CellResponse) -> Bool {
    binCount == other.binCount && cells.count == other.cells.count
      && values.withUnsafeBufferPointer { own in
        other.values.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress }
      }
  }
}
