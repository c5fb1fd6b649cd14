import NuTuneNumerics

/// Cells in neutrino energy: within a cell a fold table keeps one number per bin and node, so flux × oscillation enters
/// as its mean over the cell.
public struct EnergyCells: Sendable, Hashable {
  /// Edges in GeV, increasing, shape [cells + 1].
  public let edges: [Double]

  /// Width in GeV of cells before an energy at which a flux ends at a height.
  static let cliffWidth = 0.0125
  /// Energies in GeV before such an end over which cells have ``cliffWidth``.
  static let cliffReach = 0.25
  /// Smallest share of flux × energy in the last ``cliffReach``, at the height of its end, that makes an end a cliff:
  /// a bin of ``QuadraturePlan/smallestShare`` may then have all its neutrinos from there.
  static let smallestCliff = 1e-4

  /// Number of cells.
  public var count: Int { edges.count - 1 }

  /// Creates cells with the given edges.
  public init(edges: [Double]) {
    precondition(edges.count >= 2 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
    self.edges = edges
  }

  /// Returns cells as fine as oscillation and quasi-elastic peaks require: the oscillation phase turns as 1/E, and a
  /// peak at fixed lepton energy is 30–100 MeV wide in E_ν.
  ///
  /// - Parameters:
  ///   - range: neutrino energies in GeV.
  ///   - breakpoints: energies that become edges, where the flux is not smooth.
  ///   - cliffs: energies at which a flux ends at a height, see ``cliff(of:under:)``. A lepton just below has its neutrinos
  ///     from a cell or two, so cells are 12.5 MeV wide over 0.25 GeV before them.
  ///   - scale: factor on all widths.
  public static func standard(
    over range: ClosedRange<Double>, breakpoints: [Double] = [], cliffs: [Double] = [], scale: Double = 1
  ) -> EnergyCells {
    // Upper energy of a region and the cell width in it, GeV.
    let regions: [(upper: Double, width: Double)] = [
      (1, 0.01), (2, 0.0125), (5, 0.025), (8.5, 0.0625), (15, 0.125), (20, 0.5), (.infinity, 2),
    ]
    var knots = [range.lowerBound]
    let starts = cliffs.map { $0 - cliffReach }
    knots += (regions.map(\.upper) + breakpoints + cliffs + starts).filter {
      range.lowerBound < $0 && $0 < range.upperBound
    }.sorted()
    knots.append(range.upperBound)
    var edges: [Double] = [range.lowerBound]
    for (low, high) in zip(knots, knots.dropFirst()) where high - low > 1e-9 {
      let regular = regions.first { low < $0.upper - 1e-12 }?.width ?? 2
      let isBeforeCliff = zip(starts, cliffs).contains { $0 - 1e-9 < low && high < $1 + 1e-9 }
      let width = (isBeforeCliff ? min(regular, cliffWidth) : regular) * scale
      let pieces = max(1, Int((high - low) / width - 1e-9) + 1)
      for piece in 1...pieces { edges.append(low + (high - low) * Double(piece) / Double(pieces)) }
    }
    return EnergyCells(edges: edges)
  }

  /// Returns the energy in GeV at which a flux ends while it is still high enough to fill bins of its own; nil if it
  /// falls off before.
  ///
  /// - Parameters:
  ///   - means: mean flux × oscillation in each cell, shape [cells], in any unit.
  ///   - highest: highest lepton energy of the bins in GeV; far below the end no bin is filled from there alone.
  public func cliff(of means: [Double], under highest: Double = .infinity) -> Double? {
    precondition(means.count == count)
    guard let last = means.lastIndex(where: { $0 != 0 }), highest > edges[last + 1] - Self.cliffReach else {
      return nil
    }
    var sum = 0.0
    for cell in 0...last {
      let (low, high) = (edges[cell], edges[cell + 1])
      sum += means[cell] * (high - low) * (high + low) / 2
    }
    let end = edges[last + 1]
    return means[last] * end * Self.cliffReach > Self.smallestCliff * sum ? end : nil
  }

  /// Merges every `count` neighbouring cells into one; the last may have fewer.
  public func merged(_ count: Int) -> EnergyCells {
    precondition(count >= 1)
    var merged = stride(from: 0, to: edges.count - 1, by: count).map { edges[$0] }
    merged.append(edges[edges.count - 1])
    return EnergyCells(edges: merged)
  }

  /// Computes the means over the cells of ``merged(_:)``, from means over these cells; shape [merged cells].
  public func merged(_ count: Int, means: [Double]) -> [Double] {
    precondition(means.count == self.count)
    return stride(from: 0, to: self.count, by: count).map { first in
      let last = min(first + count, self.count)
      let sum = (first..<last).reduce(0) { $0 + means[$1] * (edges[$1 + 1] - edges[$1]) }
      return sum / (edges[last] - edges[first])
    }
  }

  /// Returns the points inside each cell at which flux × oscillation is averaged: Gauss–Legendre on every smooth piece.
  ///
  /// - Parameters:
  ///   - breakpoints: energies in GeV between which flux × oscillation is smooth.
  ///   - points: number of points on each piece of a cell between breakpoints.
  public func averaging(breakpoints: [Double], points: Int = 6) throws -> CellAveraging {
    let rule = try GaussLegendre(points: points)
    var energies: [Double] = []
    var weights: [Double] = []
    var offsets = [0]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let knots = [low] + breakpoints.filter { low + 1e-12 < $0 && $0 < high - 1e-12 }.sorted() + [high]
      for (left, right) in zip(knots, knots.dropFirst()) {
        let piece = rule.rule(on: left...right)
        energies += piece.nodes
        weights += piece.weights.map { $0 / (high - low) }
      }
      offsets.append(energies.count)
    }
    return CellAveraging(cells: self, energies: energies, weights: weights, offsets: offsets)
  }
}
