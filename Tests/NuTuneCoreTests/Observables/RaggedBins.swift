import NuTuneCore

/// Bins that are no grid.
enum RaggedBins {
  typealias Ranges = (first: ClosedRange<Double>, second: ClosedRange<Double>)

  /// Rows in cosθ with edges in momentum of their own, one row after the other, as T2K publishes them; the last two rows
  /// have the same edges.
  static var rows: [Ranges] {
    let rows: [(cosines: ClosedRange<Double>, momenta: [Double])] = [
      (-1...0.2, [0, 30]), (0.2...0.6, [0, 0.3, 0.4, 0.5, 0.6, 30]), (0.6...0.8, [0, 0.4, 0.8, 30]),
      (0.8...1, [0, 0.4, 0.8, 30]),
    ]
    return rows.flatMap { row in zip(row.momenta, row.momenta.dropFirst()).map { ($0...$1, row.cosines) } }
  }

  /// The bins of ``rows``.
  static func binning() throws -> Binning { try Binning(ObservablePair(.leptonMomentum, .cosTheta), bins: rows) }

  /// Two by three bins, a grid.
  static func grid() throws -> Binning {
    try Binning(Axis(.leptonEnergy, edges: [0, 1, 3]), Axis(.cosTheta, edges: [-1, 0, 0.5, 1]))
  }

  /// A block of bins in (E_l, cosθ).
  static func block(_ energies: [Double], _ cosines: [Double]) throws -> BinGrid {
    BinGrid(try Axis(.leptonEnergy, edges: energies), try Axis(.cosTheta, edges: cosines))
  }
}
