import NuTuneCore

/// A hadronic response from a table: probabilities in bins of visible energy at some energy transfers, linear in between and
/// constant beyond the ends.
package struct TabulatedResponse: HadronicResponse {
  private let transfers: [Double]
  /// Probability of each bin at each tabulated energy transfer, shape [transfers][bins].
  private let rows: [[Double]]

  /// Sums the bins of a table into those of an axis.
  ///
  /// - Throws: `NuTuneError` when a bin of the table would have to be divided.
  init(_ table: HadronicTable, axis: Axis) throws {
    var places: [Int] = []
    for edge in axis.edges.dropFirst().dropLast() {
      guard let place = table.edges.firstIndex(where: { abs($0 - edge) <= 1e-9 * max(abs(edge), 1e-3) }) else {
        throw NuTuneError(
          .badData, at: table.place, key: "table", found: "no edge at \(edge) GeV, where bins of hadronic_energy meet",
          expected: "every inner edge of the measured bins among those of the table")
      }
      places.append(place)
    }
    let ends = [0] + places + [table.edges.count - 1]
    transfers = table.transfers
    rows = table.probabilities.map { row in zip(ends, ends.dropFirst()).map { row[$0..<$1].reduce(0, +) } }
  }

  /// Computes P(bin | ω), shape [bins][energy transfers].
  package func probabilities(at energyTransfers: [Double]) -> [[Double]] {
    var result = rows[0].map { _ in [Double](repeating: 0, count: energyTransfers.count) }
    for (index, omega) in energyTransfers.enumerated() {
      let above = transfers.firstIndex { $0 > omega } ?? transfers.count - 1
      let below = max(above - 1, 0)
      let distance = transfers[above] - transfers[below]
      let share = distance > 0 ? min(max((omega - transfers[below]) / distance, 0), 1) : 0
      for bin in result.indices { result[bin][index] = (1 - share) * rows[below][bin] + share * rows[above][bin] }
    }
    return result
  }
}
