import NuTuneCore
import NuTuneFolding
import ResonanceStructureFunctions
import TabulatedFlux
import TestSupport
import Testing

/// Fold tables hold resonances as well as quasi-elastic peaks.
@Suite struct ResonanceFoldTests {
  /// ND bins of DUNE, flux up to 6 GeV: the table against direct quadrature, tv < 5·10⁻⁴.
  @Test func tableAgreesWithDirectFold() throws {
    let model = try ResonanceStructureFunctions(
      PluginConfiguration(parameters: ResonanceStructureFunctions.descriptor.parameters.defaults()))
    let reaction = try DuneFixture.reaction()
    let binning = try DuneFixture.binning()
    let flux = try TabulatedFluxProvider(
      PluginConfiguration(
        parameters: TabulatedFluxProvider.descriptor.parameters.defaults()
          .setting(["file": .text("dune-nd-fhc.csv")]), directory: DuneFixture.fluxFolder))
    let cells = EnergyCells.standard(over: 0.3...6, breakpoints: flux.breakpoints)
    let averaging = try cells.averaging(breakpoints: flux.breakpoints)
    let weights = averaging.means(of: try flux.density(of: .numu, at: averaging.energies).map { 1e8 * $0 })

    // The grid of a study, which reaches to 40 GeV.
    let grid = NodeGrid(maximumEnergy: 40, minimumLeptonEnergy: 0.2)
    let table = try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, threads: 2)
    let points = grid.invariants()
    let values = LeptonTensor(.numu).nodeValues(
      of: model.structureFunctions(of: reaction, at: points), at: points)
    let fast = table.cellResponse(nodeValues: values, threads: 2).rates(weights: weights)
    let direct = try DirectFold.cellResponse(
      of: model, reaction: reaction, binning: binning, cells: cells, threads: 2
    ).rates(weights: weights)
    let difference = ShapeDifference(of: fast, to: direct)
    #expect(difference.totalVariation < 5e-4, "\(difference)")
    #expect(abs(difference.totalRatio - 1) < 5e-4, "\(difference)")
  }
}
