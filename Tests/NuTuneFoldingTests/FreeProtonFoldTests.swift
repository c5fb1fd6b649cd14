import NuTuneCore
import NuTuneFolding
import Testing
import ToyStructureFunctions

/// The line of a free proton, 8 MeV wide, through fold tables on the grid of the studies.
@Suite struct FreeProtonFoldTests {
  /// Sum over all bins in each stretch of 0.5 GeV against the total cross section, integrated in another way.
  @Test(arguments: [NeutrinoSpecies.numubar, .nuebar])
  func sumIsTheTotalCrossSection(species: NeutrinoSpecies) throws {
    let model = try ToyStructureFunctions(
      PluginConfiguration(
        parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(["dis.scale": .number(0)])))
    let reaction = Reaction(species: species, target: try Target(named: "H1"))
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0] + (1...20).map { 0.1 * Double($0) }),
      Axis(.cosTheta, edges: [-1, -0.5, 0, 0.4, 0.7, 0.85, 0.95, 1]))
    let cells = EnergyCells(edges: (0...30).map { 0.5 + 0.05 * Double($0) })
    let grid = NodeGrid(maximumEnergy: 40)
    let stretches = stride(from: 0, to: 30, by: 10).map { first in
      (0..<30).map { (first..<first + 10).contains($0) ? 1.0 : 0 }
    }
    let table = try FoldTable(
      binning: binning, species: species, cells: cells, grid: grid,
      plan: QuadraturePlan(fluxes: stretches, peakWidth: QuadraturePlan.peakWidth(of: reaction.target)), threads: 2)
    let points = grid.invariants()
    let values = LeptonTensor(species).nodeValues(of: model.structureFunctions(of: reaction, at: points), at: points)
    let response = table.cellResponse(nodeValues: values, threads: 2)
    let sigma = try TotalCrossSection(model: model, reaction: reaction)
    for first in stride(from: 0, to: 30, by: 10) {
      let folded = response.rates(weights: (0..<30).map { (first..<first + 10).contains($0) ? 1 : 0 }).reduce(0, +)
      // Simpson's rule in ten steps.
      let low = 0.5 + 0.05 * Double(first)
      var exact = 0.0
      for step in 0...10 {
        let weight = step == 0 || step == 10 ? 1.0 : step % 2 == 1 ? 4 : 2
        exact += weight * (try sigma.value(at: low + 0.05 * Double(step))) * 0.05 / 3
      }
      #expect(abs(folded / exact - 1) < 2e-3, "from \(low) GeV: \(folded) against \(exact)")
    }
  }
}
