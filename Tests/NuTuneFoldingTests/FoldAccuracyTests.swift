import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing
import ToyStructureFunctions

@Suite struct FoldAccuracyTests {
  @Test func scratch() throws {
    let model = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let reaction = try DuneFixture.reaction()
    let binning = try DuneFixture.binning()
    let flux: (Double) -> Double = { e in exp(-0.5 * pow((e - 2.2) / 0.9, 2)) + 0.015 * exp(-(e / 8)) }
    let survival: (Double) -> Double = { e in
      let s = sin(1.2669 * 2.45e-3 * 1285 / e)
      return 1 - 0.97 * s * s
    }
    let fine = EnergyCells.standard(over: 0.2...40, scale: 0.25)
    let fineAveraging = try fine.averaging(breakpoints: [])
    let clock = ContinuousClock()
    var direct: CellResponse!
    let directTime = try clock.measure {
      direct = try DirectFold.cellResponse(
        of: model, reaction: reaction, binning: binning, cells: fine,
        plan: .init(energyPoints: 3, firstPoints: 10, secondPoints: 8), threads: 2)
    }
    print("direct", directTime)
    for (scale, plan, nt, nu) in [
      (1.0, QuadraturePlan(), 140, 80), (0.5, QuadraturePlan(), 140, 80),
      (1.0, QuadraturePlan(firstPoints: 10, secondPoints: 6), 140, 80), (1.0, QuadraturePlan(), 200, 100),
    ] {
      let cells = EnergyCells.standard(over: 0.2...40, scale: scale)
      let grid = NodeGrid(maximumEnergy: 40, minimumLeptonEnergy: 0.2, tCount: nt, uCount: nu)
      var table: FoldTable!
      let built = try clock.measure {
        table = try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, plan: plan, threads: 2)
      }
      let averaging = try cells.averaging(breakpoints: [])
      let near = averaging.means(of: averaging.energies.map(flux))
      let far = averaging.means(of: averaging.energies.map { flux($0) * survival($0) })
      var runs: NodeRuns!
      let collapse = clock.measure { runs = table.collapsed(weights: near, threads: 2) }
      print(
        "cells", cells.count, "triples", table.tripleCount, "built", built, "collapse", collapse, "nnz", runs.a.count,
        "runs", runs.start.count)
      let invariants = grid.invariants()
      let nodeValues = LeptonTensor(.numu).nodeValues(
        of: model.structureFunctions(of: reaction, at: invariants), at: invariants)
      let response = table.cellResponse(nodeValues: nodeValues, threads: 2)
      let fineNear = fineAveraging.means(of: fineAveraging.energies.map(flux))
      let fineFar = fineAveraging.means(of: fineAveraging.energies.map { flux($0) * survival($0) })
      print("ND", ShapeDifference(of: response.rates(weights: near), to: direct.rates(weights: fineNear)))
      print("FD", ShapeDifference(of: response.rates(weights: far), to: direct.rates(weights: fineFar)))
    }
  }
}
