import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TabulatedFlux
import TestSupport
import Testing
import ThreeFlavorOscillations
import ToyStructureFunctions

/// toy-sf in the DUNE beam, near and far, through a fold table and by other ways.
private struct DuneFold: Sendable {
  /// The one of all tests.
  static let shared = Result { try DuneFold() }

  let model: ToyStructureFunctions
  let reaction: Reaction
  let binning: Binning
  let flux: TabulatedFluxProvider
  let oscillation = ThreeFlavorModel()
  let cells: EnergyCells
  let table: FoldTable
  let response: CellResponse

  init() throws {
    model = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    reaction = try DuneFixture.reaction()
    binning = try DuneFixture.binning()
    flux = try TabulatedFluxProvider(
      PluginConfiguration(
        parameters: TabulatedFluxProvider.descriptor.parameters.defaults()
          .setting(["file": .text("dune-nd-fhc.csv")]), directory: DuneFixture.fluxFolder))
    cells = EnergyCells.standard(over: 0.3...40, breakpoints: flux.breakpoints)
    let grid = NodeGrid(maximumEnergy: 40, minimumLeptonEnergy: 0.2)
    table = try FoldTable(
      binning: binning, species: .numu, cells: cells, grid: grid,
      plan: QuadraturePlan(fluxes: [
        try Self.weights(.near, cells, flux, oscillation), try Self.weights(.far, cells, flux, oscillation),
      ]),
      threads: 2)
    let points = grid.invariants()
    let values = LeptonTensor(.numu).nodeValues(of: model.structureFunctions(of: reaction, at: points), at: points)
    response = table.cellResponse(nodeValues: values, threads: 2)
  }

  /// Flux at some energies in 10⁻⁸ ν/cm²/GeV/POT, times ν_μ survival for the far detector.
  func weight(_ site: DetectorSite, at energies: [Double]) throws -> [Double] {
    try Self.weight(site, at: energies, flux, oscillation)
  }

  private static func weight(
    _ site: DetectorSite, at energies: [Double], _ flux: TabulatedFluxProvider, _ oscillation: ThreeFlavorModel
  ) throws -> [Double] {
    let density = try flux.density(of: .numu, at: energies).map { 1e8 * $0 }
    guard site == .far else { return density }
    let survival = try oscillation.probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .neutrino)[.muon, .muon]
    return zip(density, survival).map { $0 * $1 }
  }

  /// Mean weight in each cell.
  func weights(_ site: DetectorSite, _ cells: EnergyCells) throws -> [Double] {
    try Self.weights(site, cells, flux, oscillation)
  }

  private static func weights(
    _ site: DetectorSite, _ cells: EnergyCells, _ flux: TabulatedFluxProvider, _ oscillation: ThreeFlavorModel
  ) throws -> [Double] {
    let averaging = try cells.averaging(breakpoints: flux.breakpoints)
    return averaging.weights(of: try weight(site, at: averaging.energies, flux, oscillation))
  }
}

@Suite(.serialized) struct FoldAccuracyTests {
  /// Random bins with more than 10⁻⁴ of the rate, near and far, against GSL's adaptive quadrature: within 2·10⁻⁴.
  @Test(arguments: DetectorSite.allCases)
  func agreesWithAdaptiveQuadrature(site: DetectorSite) throws {
    let dune = try DuneFold.shared.get()
    let rates = dune.response.rates(weights: try dune.weights(site, dune.cells))
    let total = rates.reduce(0, +)
    let stream = try RandomStream(seed: 11, purpose: "bins-\(site.rawValue)")
    let bins = stream.shuffled(rates.indices.filter { rates[$0] > 1e-4 * total }).prefix(3)
    #expect(bins.count == 3)
    let referee = try AdaptiveFold(model: dune.model, reaction: dune.reaction, binning: dune.binning)
    // The weight is smooth between the edges of the flux bins; below 1 GeV pieces of 0.1 GeV follow the oscillation.
    let knots = (dune.flux.breakpoints + (3...10).map { Double($0) / 10 }).filter { (0.3...40).contains($0) }
    let chosen = Array(bins)
    let results = try Parallel.map(chosen.count, threads: 2) { index in
      try referee.rate(bin: chosen[index], knots: Set(knots).sorted(), relativeTolerance: 5e-5) {
        try dune.weight(site, at: $0)
      }
    }
    for (bin, reference) in zip(chosen, results) {
      #expect(
        abs(rates[bin] / reference - 1) < 2e-4, "\(site) bin \(bin): \(rates[bin]) against \(reference)")
    }
  }

  /// All bins, near and far, against plain quadrature with cells and points several times finer: tv ≤ 3·10⁻⁴.
  @Test func agreesWithFineQuadrature() throws {
    let dune = try DuneFold.shared.get()
    let fine = EnergyCells.standard(over: 0.3...40, breakpoints: dune.flux.breakpoints, scale: 0.5)
    let direct = try DirectFold.cellResponse(
      of: dune.model, reaction: dune.reaction, binning: dune.binning, cells: fine,
      plan: QuadraturePlan(accuracy: nil, energyPoints: 2, firstPoints: 6, secondPoints: 6), threads: 2)
    for site in DetectorSite.allCases {
      let difference = ShapeDifference(
        of: dune.response.rates(weights: try dune.weights(site, dune.cells)),
        to: direct.rates(weights: try dune.weights(site, fine)))
      #expect(difference.totalVariation < 3e-4, "\(site): \(difference)")
      #expect(difference.worstRatio < 2e-3, "\(site): \(difference)")
      #expect(abs(difference.totalRatio - 1) < 3e-4, "\(site): \(difference)")
    }
  }

  /// Collapsing and then applying to node values is the same as weighting the cells of a fixed model.
  @Test func collapseAgreesWithCellResponse() throws {
    let dune = try DuneFold.shared.get()
    let weights = try dune.weights(.far, dune.cells)
    let runs = dune.table.collapsed(weights: weights, threads: 2)
    let active = ActiveNodes(grid: dune.table.grid, touchedBy: [runs])
    let operation = try CollapsedFold(runs, nodes: active)
    let points = active.invariants()
    let values = LeptonTensor(.numu).nodeValues(
      of: dune.model.structureFunctions(of: dune.reaction, at: points), at: points)
    var rates = [Double](repeating: 0, count: operation.binCount)
    let flat = values.flatMap { $0 }
    flat.withUnsafeBufferPointer { flat in
      rates.withUnsafeMutableBufferPointer { operation.apply(flat, rates: $0, threads: 2) }
    }
    let expected = dune.response.rates(weights: weights)
    let total = expected.reduce(0, +)
    for bin in rates.indices { #expect(abs(rates[bin] - expected[bin]) < 1e-12 * total) }
  }
}
