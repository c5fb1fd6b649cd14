import NuTuneCore
import NuTuneNumerics

extension ThreeFlavorModel {
  /// Probabilities averaged uniformly over energy cells, shape [9][cells].
  ///
  /// Each cell is cut into panels of at most 2 rad of phase, 8 Gauss–Legendre points each: about 1e-12 where the cell
  /// is resolved. A cell of more than 512 rad (or one that starts at zero) gets 256 panels; what is left of its wiggles
  /// then averages to a few 1e-3 or less.
  /// - Parameter edges: GeV, strictly increasing, from zero on; shape [cells + 1].
  public func averages(
    overCells edges: [Double], baseline: Baseline, helicity: Helicity
  ) throws -> OscillationProbabilities {
    guard edges.count >= 2, edges[0] >= 0, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw NuTuneError(
        .badData, key: "energy cells", found: "edges \(edges.prefix(3))…",
        expected: "at least 2 strictly increasing energies ≥ 0 in GeV")
    }
    let splitting = max(abs(mixing.deltaMassSquared31), abs(mixing.deltaMassSquared21), abs(mixing.deltaMassSquared32))
    let phase = 2 * constants.phase * baseline.length * splitting
    let rule = try GaussLegendre(points: 8)
    var energies: [Double] = []
    var weights: [Double] = []
    var starts = [0]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let turned = phase * (1 / max(low, 1e-6 * high) - 1 / high)
      // 1/E and the potential need panels of their own in a cell that is wide beside its energy.
      let panels = Int(min(max(turned / 2, 4 * (high / max(low, 1e-6 * high) - 1), 1), 256).rounded(.up))
      for panel in 0..<panels {
        let step = (high - low) / Double(panels)
        let (nodes, nodeWeights) = rule.rule(on: low + Double(panel) * step...low + Double(panel + 1) * step)
        energies += nodes
        weights += nodeWeights.map { $0 / (high - low) }
      }
      starts.append(energies.count)
    }
    let points = try probabilities(at: energies, over: baseline, helicity: helicity)
    let cells = edges.count - 1
    var values = [Double](repeating: 0, count: 9 * cells)
    for row in 0..<9 {
      for cell in 0..<cells {
        var sum = 0.0
        for point in starts[cell]..<starts[cell + 1] {
          sum += weights[point] * points.values[row * points.count + point]
        }
        values[row * cells + cell] = sum
      }
    }
    return OscillationProbabilities(count: cells, values: values)
  }
}
