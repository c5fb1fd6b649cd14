import NuTuneCore
import NuTuneFolding
import TestSupport
import Testing

/// Bins that are no grid, in the beams of ``SweepCase``, as a study would fold them.
@Suite(.serialized) struct RaggedFoldTests {
  let model: any StructureFunctionModel

  /// Rates in the bins of ``polar``.
  private static let polarRates = Result {
    try SweepCase(seed: polar.seed).rates(of: SmallNearProblem.toy(), in: polar.binning())
  }

  init() throws { model = try SmallNearProblem.toy() }

  /// Rows of bins with edges of their own along the first observable, as published.
  struct Rows: Sendable, CustomTestStringConvertible {
    let first: Observable
    let second: Observable
    let rows: [(second: [Double], first: [Double])]
    /// Seed of the beam and the reaction.
    let seed: UInt64

    var testDescription: String { "\(first.rawValue), \(second.rawValue)" }

    func binning() throws -> Binning {
      try Binning(rows.map { BinGrid(try Axis(first, edges: $0.first), try Axis(second, edges: $0.second)) })
    }
  }

  /// Slow leptons of the third row are left out, and the last bins reach further than the flux.
  static let polar = Rows(
    first: .leptonMomentum, second: .cosTheta,
    rows: [
      ([-1, 0.3], [0, 0.4, 10]), ([0.3, 0.7], [0, 0.3, 0.5, 0.8, 10]), ([0.7, 0.9], [0.2, 0.5, 0.8, 1.2, 10]),
      ([0.9, 1], [0, 0.5, 1.2, 2, 3.5, 10]),
    ], seed: 51)
  static let components = Rows(
    first: .transverseMomentum, second: .longitudinalMomentum,
    rows: [
      ([-0.5, 0.3], [0, 0.2, 0.5, 1.5]), ([0.3, 1], [0, 0.1, 0.2, 0.3, 0.5, 1.5]), ([1, 2.5], [0, 0.25, 0.5, 1.5]),
      ([2.5, 6], [0, 0.3, 1.5]),
    ], seed: 52)

  /// A bin holds what the cells of the common grid hold together, within the stated accuracy of each.
  @Test(arguments: [polar, components]) func binsAreTheSumsOfTheirCells(_ rows: Rows) throws {
    let sweep = try SweepCase(seed: rows.seed)
    let ragged = try rows.binning()
    let (grid, cells) = try ragged.commonRefinement()
    let found = try sweep.rates(of: model, in: ragged)
    let ofCells = try sweep.rates(of: model, in: Binning(grid.first, grid.second))
    let total = found.reduce(0, +)
    #expect(found.count { $0 > 1e-4 * total } > found.count / 2)
    for bin in found.indices where found[bin] > 1e-4 * total {
      let sum = cells[bin].reduce(0) { $0 + ofCells[$1] }
      #expect(abs(sum / found[bin] - 1) < 2e-4, "bin \(bin): \(found[bin]) or \(sum)")
    }
  }

  /// One bin in the middle of the third row against GSL's adaptive quadrature.
  @Test func aBinAgreesWithAdaptiveQuadrature() throws {
    let sweep = try SweepCase(seed: Self.polar.seed)
    let ragged = try Self.polar.binning()
    let bin = 7
    #expect(ragged.ranges(of: bin) == (first: 0.5...0.8, second: 0.7...0.9))
    let rates = try Self.polarRates.get()
    #expect(rates[bin] > 1e-2 * rates.reduce(0, +))
    let expected = try AdaptiveFold(model: model, reaction: sweep.reaction, binning: ragged).rate(
      bin: bin, knots: SweepCase.knots, relativeTolerance: 5e-5
    ) { $0.map(sweep.weight) }
    #expect(abs(rates[bin] / expected - 1) < 2e-4, "\(rates[bin]) not \(expected)")
  }

  /// Blocks in another order have the same rates, to rounding.
  @Test func theOrderOfBlocksDoesNotMatter() throws {
    let sweep = try SweepCase(seed: Self.polar.seed)
    let ragged = try Self.polar.binning()
    let order = [2, 0, 3, 1]
    let starts = ragged.grids.indices.map { block in ragged.grids[..<block].reduce(0) { $0 + $1.count } }
    let places = order.flatMap { block in (0..<ragged.grids[block].count).map { starts[block] + $0 } }
    #expect(places == [6, 7, 8, 9, 0, 1, 10, 11, 12, 13, 14, 2, 3, 4, 5])
    let rates = try Self.polarRates.get()
    let permuted = try sweep.rates(of: model, in: Binning(order.map { ragged.grids[$0] }))
    for (rate, place) in zip(permuted, places) { #expect(abs(rate - rates[place]) <= 1e-13 * rates[place]) }
  }
}
