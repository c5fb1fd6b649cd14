import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ToyStructureFunctions

@Suite struct PointFoldTests {
  let cells = EnergyCells.standard(over: 0.3...5, scale: 5)
  let reaction: Reaction
  let binning: Binning
  let flux: [Double]

  init() throws {
    reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    binning = try Binning(
      Axis(.leptonEnergy, edges: [0.2, 0.6, 1, 2, 3]), Axis(.cosTheta, edges: [-1, 0, 0.6, 0.9, 1]))
    flux = (0..<cells.count).map { 1 + Double($0 % 7) }
  }

  /// Two measured bins from three true ones, the last bins lost.
  let response = DetectorResponse.rows([[(0, 0.5), (3, 0.25)], [(3, 0.5), (7, 1)]])

  func rates(_ fold: PointFold, _ values: [Double]) -> [Double] {
    var rates = [Double](repeating: 0, count: fold.binCount)
    values.withUnsafeBufferPointer { values in
      rates.withUnsafeMutableBufferPointer { fold.apply(values, rates: $0, threads: 1) }
    }
    return rates
  }

  /// The same points and weights as direct folding, in another order.
  @Test func agreesWithDirectFolding() throws {
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    for response in [DetectorResponse.identity, response] {
      let fold = try PointFold(
        binning: binning, species: reaction.species, cells: cells, weights: flux, plan: .init(),
        response: response)
      let direct = try DirectFold.cellResponse(
        of: toy, reaction: reaction, binning: binning, cells: cells, response: response, threads: 2
      ).rates(weights: flux)
      let ours = rates(fold, try toy.crossSection(of: reaction, at: fold.points))
      #expect(ours.count == direct.count)
      for (a, b) in zip(ours, direct) { #expect(abs(a - b) <= 1e-12 * b) }
      #expect(direct.reduce(0, +) > 0)
    }
  }

  /// ⟨Ax, y⟩ = ⟨x, Aᵀy⟩.
  @Test func transpose() throws {
    let stream = try RandomStream(seed: 1, purpose: "transpose")
    for response in [DetectorResponse.identity, response] {
      let fold = try PointFold(
        binning: binning, species: reaction.species, cells: cells, weights: flux,
        plan: .init(accuracy: nil, energyPoints: 1, firstPoints: 2, secondPoints: 2), response: response)
      let x = stream.gaussians(fold.points.count)
      let y = stream.gaussians(fold.binCount)
      var back = x
      y.withUnsafeBufferPointer { y in
        back.withUnsafeMutableBufferPointer { fold.applyTranspose(y, values: $0, threads: 2) }
      }
      let left = zip(rates(fold, x), y).reduce(0) { $0 + $1.0 * $1.1 }
      let right = zip(x, back).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(left - right) <= 1e-12 * zip(x, back).reduce(0) { $0 + abs($1.0 * $1.1) })
    }
  }

  /// Points with one (E_ν, E_l) follow one another, and all lie inside the energies.
  @Test func order() throws {
    let fold = try PointFold(
      binning: binning, species: reaction.species, cells: cells, weights: flux,
      plan: .init(accuracy: nil, energyPoints: 2, firstPoints: 2, secondPoints: 2))
    let points = fold.points
    for i in 1..<points.count {
      let before = (points.neutrinoEnergy[i - 1], points.leptonEnergy[i - 1], points.cosTheta[i - 1])
      let isAfter = before < (points.neutrinoEnergy[i], points.leptonEnergy[i], points.cosTheta[i])
      #expect(isAfter)
    }
    #expect(points.neutrinoEnergy.allSatisfy(fold.neutrinoEnergies.contains))
    let pairs = Set(zip(points.neutrinoEnergy, points.leptonEnergy).map { SIMD2($0, $1) })
    #expect(points.count == pairs.count * binning.grids[0].second.count * 2)
  }

  @Test func mergedCellsKeepTheFlux() {
    for count in [1, 3, 4, 1000] {
      let merged = cells.merged(count)
      let means = cells.merged(count, means: flux)
      #expect(merged.count == (cells.count + count - 1) / count && means.count == merged.count)
      func integral(_ cells: EnergyCells, _ means: [Double]) -> Double {
        means.indices.reduce(0) { $0 + means[$1] * (cells.edges[$1 + 1] - cells.edges[$1]) }
      }
      #expect(abs(integral(merged, means) / integral(cells, flux) - 1) < 1e-13)
      #expect(merged.edges.first == cells.edges.first && merged.edges.last == cells.edges.last)
    }
  }
}
