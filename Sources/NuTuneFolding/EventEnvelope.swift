import NuTuneCore
import NuTuneNumerics

/// An upper bound of the density of events in each cell, by points on its faces and edges and within.
struct EventEnvelope {
  /// Random points that are tried in each cell.
  private static let pilots = 8
  /// What a cell has at least of its neighbours: points may miss what reaches into it.
  private static let share = 0.1

  /// Upper bounds, E_ν slowest and y fastest, shape [cells in energy × cells × cells].
  let values: [Double]
  /// Integral of the density over all cells, roughly.
  let integral: Double

  /// - Parameters:
  ///   - energyEdges: edges of the cells in GeV, shape [cells in energy + 1].
  ///   - cells: cells along x and along y.
  init(_ density: EventDensity, energyEdges: [Double], cells: Int, threads: Int) throws {
    let slices = try Parallel.map(energyEdges.count - 1, threads: threads) { slice in
      try Self.slice(density, energyEdges[slice]...energyEdges[slice + 1], number: slice, cells: cells)
    }
    integral = zip(slices, zip(energyEdges, energyEdges.dropFirst())).reduce(0) { $0 + $1.0.mean * ($1.1.1 - $1.1.0) }
    let found = slices.flatMap(\.largest)
    let size = cells * cells
    values = found.indices.map { cell in
      let (row, column) = (cell / cells % cells, cell % cells)
      var largest = found[cell]
      func reach(_ other: Int, _ isThere: Bool) {
        if isThere { largest = max(largest, Self.share * found[other]) }
      }
      reach(cell - size, cell >= size)
      reach(cell + size, cell + size < found.count)
      reach(cell - cells, row > 0)
      reach(cell + cells, row + 1 < cells)
      reach(cell - 1, column > 0)
      reach(cell + 1, column + 1 < cells)
      return EventSampler.margin * largest
    }
  }

  /// The largest density in each of the cells of one range in energy, shape [cells × cells], and the mean of all.
  private static func slice(
    _ density: EventDensity, _ energies: ClosedRange<Double>, number: Int, cells: Int
  ) throws -> (largest: [Double], mean: Double) {
    var largest = [Double](repeating: 0, count: cells * cells)
    let width = energies.upperBound - energies.lowerBound
    let nodes = 2 * cells + 1
    // The flux may jump at the edges themselves.
    for part in [1e-9, 0.5, 1 - 1e-9] {
      var points = EventDensity.Points()
      for i in 0..<nodes {
        for j in 0..<nodes {
          points.append(
            energies.lowerBound + part * width, Double(i) / Double(nodes - 1), Double(j) / Double(nodes - 1))
        }
      }
      let rates = try density.rate(at: points).values
      for i in 0..<nodes {
        for j in 0..<nodes {
          for row in max((i - 1) / 2, 0)...min(i / 2, cells - 1) {
            for column in max((j - 1) / 2, 0)...min(j / 2, cells - 1) {
              largest[row * cells + column] = max(largest[row * cells + column], rates[i * nodes + j])
            }
          }
        }
      }
    }
    let stream = try RandomStream(seed: 0, purpose: "event-envelope", member: number)
    var points = EventDensity.Points()
    for cell in largest.indices {
      for _ in 0..<pilots {
        points.append(
          stream.uniform(in: energies), (Double(cell / cells) + stream.uniform()) / Double(cells),
          (Double(cell % cells) + stream.uniform()) / Double(cells))
      }
    }
    let rates = try density.rate(at: points).values
    for (point, rate) in rates.enumerated() { largest[point / pilots] = max(largest[point / pilots], rate) }
    return (largest, rates.reduce(0, +) / Double(rates.count))
  }
}
