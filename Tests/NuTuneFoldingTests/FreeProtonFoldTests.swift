import NuTuneCore
import NuTuneFolding
import Testing
import ToyStructureFunctions

/// The line of a free proton, 8 MeV wide, through fold tables on the grid of the studies.
@Suite struct FreeProtonFoldTests {
  /// Sum over all bins in each stretch of 0.5 GeV against the total cross section, integrated in another way: 0.3 % on the
  /// usual nodes, which are one width of the line apart, and 3·10⁻⁴ on nodes three times as dense, so that it is the nodes
  /// and not the points of the bins that are left.
  @Test(arguments: [(140, 4e-3), (400, 3e-4)])
  func sumIsTheTotalCrossSection(nodes: Int, tolerance: Double) throws {
    let species = NeutrinoSpecies.numubar
    let model = try ToyStructureFunctions(
      PluginConfiguration(
        parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(["dis.scale": .number(0)])))
    let reaction = Reaction(species: species, target: try Target(named: "H1"))
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0] + (1...20).map { 0.1 * Double($0) }),
      Axis(.cosTheta, edges: [-1, -0.5, 0, 0.4, 0.7, 0.85, 0.95, 1]))
    let cells = EnergyCells(edges: (0...30).map { 0.5 + 0.05 * Double($0) })
    let grid = NodeGrid(maximumEnergy: 40, tCount: nodes)
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
    for low in [0.5, 1, 1.5] {
      let weights = zip(cells.edges, cells.edges.dropFirst()).map { edges in
        (low...low + 0.5).contains((edges.0 + edges.1) / 2) ? 1.0 : 0
      }
      let folded = response.rates(weights: weights).reduce(0, +)
      // Simpson's rule in ten steps.
      var exact = 0.0
      for step in 0...10 {
        let weight = step == 0 || step == 10 ? 1.0 : step % 2 == 1 ? 4 : 2
        exact += weight * (try sigma.value(at: low + 0.05 * Double(step))) * 0.05 / 3
      }
      #expect(abs(folded / exact - 1) < tolerance, "from \(low) GeV: \(folded) against \(exact)")
    }
  }
}
