import CKernels

/// A response R[cell, bin] without most of its zeros, for products with weights of cells and with slopes of bins; of anything that
/// has rates in bins, if not of cells.
///
/// A cell reaches the bins of leptons that its neutrinos can make: none above its energy, and at large angles only those of much
/// less. In the order of the lowest cell that reaches them bins are therefore the start of every row, followed by zeros
/// that are not kept; a third of R is left for 20 angles. Bins that no cell reaches are not kept either.
package struct ReachedRows: Sendable {
  private let cellCount: Int
  private let binCount: Int
  /// Index of every bin that any cell reaches, those of the lowest cells first.
  private let order: [Int32]
  /// Where the row of each cell starts in ``values``, and the end of the last, shape [cells + 1].
  private let offsets: [Int]
  /// What each cell reaches, filled up with zeros to a multiple of eight, one row after the other.
  private let values: [Double]

  /// Keeps what is not zero of a row-major matrix, shape [cells][bins].
  package init(cellCount: Int, binCount: Int, matrix: [Double]) {
    precondition(matrix.count == cellCount * binCount)
    var order: [Int] = []
    var unreached = Array(0..<binCount)
    var offsets = [0]
    var rows: [Double] = []
    matrix.withUnsafeBufferPointer { matrix in
      for cell in 0..<cellCount {
        let row = UnsafeBufferPointer(rebasing: matrix[cell * binCount..<(cell + 1) * binCount])
        order += unreached.filter { row[$0] != 0 }
        unreached.removeAll { row[$0] != 0 }
        for bin in order { rows.append(row[bin]) }
        rows += repeatElement(0, count: (8 - order.count % 8) % 8)
        offsets.append(rows.count)
      }
    }
    self.cellCount = cellCount
    self.binCount = binCount
    self.order = order.map { Int32($0) }
    var first = 0
    values = [Double](unsafeUninitializedCapacity: rows.count + 7) { values, count in
      // Eight numbers of a row are then one line of the processor's cache.
      first = (64 - Int(bitPattern: values.baseAddress) % 64) % 64 / 8
      for index in 0..<first { values.initializeElement(at: index, to: 0) }
      for (index, value) in rows.enumerated() { values.initializeElement(at: first + index, to: value) }
      count = first + rows.count
    }
    self.offsets = offsets.map { first + $0 }
  }

  /// Computes the rates in the bins for several weights of the cells, shape [several × cells] → [several × bins].
  package func rates(weights: [Double], several: Int) -> [Double] {
    precondition(weights.count == several * cellCount)
    return filled(several * binCount) { nutune_cell_rates($0, weights, several, $1) }
  }

  /// Turns derivatives with respect to rates into those with respect to the weights of the cells, shape [several × bins] →
  /// [several × cells].
  package func weightSlopes(rateSlopes: [Double], several: Int) -> [Double] {
    precondition(rateSlopes.count == several * binCount)
    return filled(several * cellCount) { nutune_cell_totals($0, rateSlopes, several, $1) }
  }

  /// Calls a kernel that fills an array.
  private func filled(
    _ count: Int, _ kernel: (UnsafePointer<nutune_cell_response>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { results, initialized in
      order.withUnsafeBufferPointer { order in
        offsets.withUnsafeBufferPointer { offsets in
          values.withUnsafeBufferPointer { values in
            var response = nutune_cell_response(
              cells: cellCount, bins: binCount, reached: order.count, order: order.baseAddress,
              offsets: offsets.baseAddress, values: values.baseAddress)
            if let start = results.baseAddress { kernel(&response, start) }
          }
        }
      }
      initialized = count
    }
  }
}
