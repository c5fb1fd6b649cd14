import NuTuneCore
import NuTuneNumerics

/// Folding by plain quadrature, for models that are not linear in structure functions and as a check of fold tables.
public enum DirectFold {
  /// Computes R[cell, bin] of any cross-section model.
  ///
  /// - Complexity: one model evaluation for each quadrature point, about 10⁷ for 780 bins × 220 cells.
  public static func cellResponse(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, cells: EnergyCells,
    plan: QuadraturePlan = .init(), response: DetectorResponse = .identity, threads: Int
  ) throws -> CellResponse {
    let quadrature = try BinQuadrature(
      binning: binning, species: reaction.species, cells: cells, plan: plan, threads: threads)
    return try cellResponse(
      of: model, reaction: reaction, quadrature: quadrature, cells: cells, response: response, threads: threads)
  }

  /// Computes R[cell, bin] of any cross-section model with given points, for example the points of a fold table.
  ///
  /// - Parameters:
  ///   - model: the cross section.
  ///   - reaction: neutrino species and target.
  ///   - quadrature: the points, of true bins.
  ///   - cells: cells in neutrino energy.
  ///   - hadronic: probabilities of the hadronic bins that divide every bin, taken at the ω of each point; nil for none.
  ///   - response: from true bins to measured ones.
  ///   - threads: number of threads; the result does not depend on it.
  public static func cellResponse(
    of model: any CrossSectionModel, reaction: Reaction, quadrature: BinQuadrature, cells: EnergyCells,
    hadronic: HadronicProbabilities? = nil, response: DetectorResponse = .identity, threads: Int
  ) throws -> CellResponse {
    precondition(quadrature.energies.cellCount == cells.count)
    let parts = hadronic.flatMap { $0.isCertain ? nil : $0 }
    let needed = parts?.columns(trueBins: quadrature.binning.count, response: response)
    let byBin = try Parallel.map(quadrature.binning.count, threads: threads) { bin in
      try columns(
        of: model, reaction: reaction, bin: bin, quadrature: quadrature, hadronic: parts,
        groups: needed?.groups[bin] ?? [0])
    }
    return CellResponse(cells: cells, columns: byBin.flatMap { $0 })
      .measured(through: needed?.response ?? response, parts: parts?.binCount ?? 1, threads: threads)
      .summed(parts?.places)
  }

  /// Computes rates at one fixed neutrino energy in the bins of the lepton, shape [lepton bins].
  public static func slice(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, energy: Double,
    plan: QuadraturePlan = .init()
  ) throws -> [Double] {
    let quadrature = try BinQuadrature(binning: binning, species: reaction.species, energy: energy, plan: plan)
    return try slice(of: model, reaction: reaction, quadrature: quadrature, threads: 1)
  }

  /// Computes rates at the one neutrino energy of a quadrature in the bins of the lepton, shape [lepton bins].
  ///
  /// - Parameters:
  ///   - model: the cross section.
  ///   - reaction: neutrino species and target.
  ///   - quadrature: the points, of one energy.
  ///   - threads: number of threads; the result does not depend on it.
  public static func slice(
    of model: any CrossSectionModel, reaction: Reaction, quadrature: BinQuadrature, threads: Int
  ) throws -> [Double] {
    precondition(quadrature.energies.cellCount == 1)
    return try Parallel.map(quadrature.binning.count, threads: threads) {
      try columns(of: model, reaction: reaction, bin: $0, quadrature: quadrature)[0][0]
    }
  }

  /// Rates of one bin cell by cell, in each of its hadronic bins with the probabilities of each group, shape
  /// [groups × hadronic bins][cells].
  private static func columns(
    of model: any CrossSectionModel, reaction: Reaction, bin: Int, quadrature: BinQuadrature,
    hadronic: HadronicProbabilities? = nil, groups: [Int] = [0]
  ) throws -> [[Double]] {
    var points = KinematicPoints()
    var weights: [Double] = []
    var ends: [Int] = []
    for cell in 0..<quadrature.energies.cellCount {
      quadrature.forEachPoint(bin: bin, cell: cell) { energy, lepton, weight in
        points.append(neutrinoEnergy: energy, leptonEnergy: lepton.energy, cosTheta: lepton.cosTheta)
        weights.append(weight)
      }
      ends.append(weights.count)
    }
    let values = try model.crossSection(of: reaction, at: points)
    var start = 0
    guard let hadronic else {
      return [
        ends.map { end in
          defer { start = end }
          return (start..<end).reduce(0) { $0 + weights[$1] * values[$1] }
        }
      ]
    }
    let parts = hadronic.binCount
    var sums = [Double](repeating: 0, count: groups.count * parts)
    var columns = [[Double]](repeating: [Double](repeating: 0, count: ends.count), count: sums.count)
    for (cell, end) in ends.enumerated() {
      sums.withUnsafeMutableBufferPointer { sums in
        guard let sum = sums.baseAddress else { return }
        sum.update(repeating: 0, count: sums.count)
        for i in start..<end {
          for (place, group) in groups.enumerated() {
            hadronic.add(
              at: points.neutrinoEnergy[i] - points.leptonEnergy[i], group: group, times: weights[i] * values[i],
              to: sum + place * parts)
          }
        }
      }
      for part in sums.indices { columns[part][cell] = sums[part] }
      start = end
    }
    return columns
  }
}
