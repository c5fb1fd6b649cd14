import NuTuneFolding

extension CellResponse {
  /// Adds responses of the same bins and cells, each times its share.
  static func sum(of parts: [(response: CellResponse, share: Double)]) -> CellResponse {
    guard parts.count > 1 || parts[0].share != 1 else { return parts[0].response }
    return parts[0].response.mapped { index, _ in parts.reduce(0) { $0 + $1.share * $1.response.values[index] } }
  }

  /// Rate of all bins in each cell, shape [cells].
  func cellTotals(weights: [Double]) -> [Double] {
    (0..<cells.count).map { cell in
      weights[cell] * values[cell * binCount..<(cell + 1) * binCount].reduce(0, +)
    }
  }

  /// Rates in the bins from a range of cells, shape [bins].
  package func rates(weights: [Double], cells: Range<Int>) -> [Double] {
    var rates = [Double](repeating: 0, count: binCount)
    for cell in cells where weights[cell] != 0 {
      for bin in 0..<binCount { rates[bin] += weights[cell] * values[cell * binCount + bin] }
    }
    return rates
  }

  /// Turns derivatives with respect to those rates, shape [bins], into those with respect to the weights of the cells, shape
  /// [cells of the range].
  func weightSlopes(rateSlopes: [Double], cells: Range<Int>) -> [Double] {
    cells.map { cell in
      var sum = 0.0
      for bin in 0..<binCount { sum += rateSlopes[bin] * values[cell * binCount + bin] }
      return sum
    }
  }

  /// Every entry times a factor.
  func scaled(by factor: Double) -> CellResponse { mapped { $1 * factor } }

  /// (self − other) · factor.
  func difference(from other: CellResponse, times factor: Double) -> CellResponse {
    mapped { ($1 - other.values[$0]) * factor }
  }

  private func mapped(_ entry: (_ index: Int, _ value: Double) -> Double) -> CellResponse {
    CellResponse(
      cells: cells,
      rows: (0..<cells.count).map { cell in
        (cell * binCount..<(cell + 1) * binCount).map { entry($0, values[$0]) }
      })
  }
}
