import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing
import ToyStructureFunctions

/// The line of a free proton, 8 MeV wide, through fold tables on the grid of the studies.
@Suite struct FreeProtonFoldTests {
  /// Energies in GeV at which stretches of 0.5 GeV start.
  private static let stretches = LongTests.areAsked ? [0.5, 1, 1.5] : [1]

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
    let (first, count) = (Self.stretches[0], 10 * Self.stretches.count)
    let cells = EnergyCells(edges: (0...count).map { first + 0.05 * Double($0) })
    let binning = try Binning(
      Axis(.leptonEnergy, edges: (0...Int((10 * (first + 0.05 * Double(count))).rounded())).map { 0.1 * Double($0) }),
      Axis(.cosTheta, edges: [-1, -0.5, 0, 0.4, 0.7, 0.85, 0.95, 1]))
    let grid = NodeGrid(maximumEnergy: 40, tCount: nodes)
    let fluxes = Self.stretches.indices.map { stretch in
      (0..<count).map { $0 / 10 == stretch ? 1.0 : 0 }
    }
    let table = try FoldTable(
      binning: binning, species: species, cells: cells, grid: grid,
      plan: QuadraturePlan(fluxes: fluxes, peakWidth: QuadraturePlan.peakWidth(of: reaction.target)), threads: 2)
    let points = grid.invariants()
    let values = LeptonTensor(species).nodeValues(of: model.structureFunctions(of: reaction, at: points), at: points)
    let response = table.cellResponse(nodeValues: values, threads: 2)
    let sigma = try TotalCrossSection(model: model, reaction: reaction)
    for (low, flux) in zip(Self.stretches, fluxes) {
      let folded = response.rates(weights: flux).reduce(0, +)
      let exact = try GaussLegendre(points: 4).integrate(over: low...low + 0.5, sigma.value(at:))
      #expect(abs(folded / exact - 1) < tolerance, "from \(low) GeV: \(folded) against \(exact)")
    }
  }
}
