import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Smearing
import TestSupport
import Testing

/// Any legal binning has the accuracy that a study asks for, 2·10⁻⁴ in bins of more than 10⁻⁴ of the rate.
@Suite(.serialized) struct FoldSweepTests {
  let model: any StructureFunctionModel

  /// Whether the sweep is made with all its cases: minutes instead of seconds.
  static let isLarge = LongTests.areAsked || sweepCount > 0

  init() throws { model = try SmallNearProblem.toy() }

  /// Random bins of random binnings against GSL's adaptive quadrature.
  @Test(arguments: Array(1...(isLarge ? 14 : 1) as ClosedRange<UInt64>)) func randomBinnings(seed: UInt64) throws {
    let sweep = try SweepCase(seed: seed)
    let rates = try sweep.rates(of: model)
    let total = rates.reduce(0, +)
    let stream = try RandomStream(seed: seed, purpose: "bins")
    for bin in stream.shuffled(rates.indices.filter { rates[$0] > 1e-4 * total }).prefix(1) {
      let expected = try sweep.referee(model, bin: bin)
      #expect(
        abs(rates[bin] / expected - 1) < 2e-4,
        "seed \(seed), \(sweep.reaction.species) \(sweep.binning.observableNames[0]), bin \(bin): \(rates[bin] / expected - 1)"
      )
    }
  }

  /// All bins of a binning that misses no lepton, together: every cell and every bin counts. The total cross section in the
  /// flux knows neither.
  @Test(arguments: Array(1...(isLarge ? 14 : 1) as ClosedRange<UInt64>)) func everyLepton(seed: UInt64) throws {
    let sweep = try SweepCase(seed: seed)
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0, 0.3, 0.6, 1, 1.5, 2.2, 3, 4, 6]),
      Axis(.cosTheta, edges: [-1, -0.3, 0.4, 0.7, 0.85, 0.93, 1]))
    let rate = try sweep.rates(of: model, in: binning).reduce(0, +)
    let total = try TotalCrossSection(model: model, reaction: sweep.reaction)
    let rule = try GaussLegendre(points: 4)
    let expected = try zip(SweepCase.knots, SweepCase.knots.dropFirst()).reduce(0) { sum, piece in
      try sum + rule.integrate(over: piece.0...piece.1) { sweep.weight($0) * (try total.value(at: $0)) }
    }
    #expect(abs(rate / expected - 1) < 2e-4, "seed \(seed): \(rate / expected - 1)")
  }

  /// Bins above the highest energy of a flux that ends at its height: the last cells make all of their rate.
  @Test(arguments: isLarge ? [(1002, 128), (1002, 129), (1012, 80)] : [(1012, 80)] as [(UInt64, Int)])
  func binsAtTheEndOfAFlux(seed: UInt64, bin: Int) throws {
    let sweep = try SweepCase(seed: seed)
    let rates = try sweep.rates(of: model)
    #expect(rates[bin] > 1e-4 * rates.reduce(0, +))
    let expected = try sweep.referee(model, bin: bin)
    #expect(abs(rates[bin] / expected - 1) < 2e-4, "seed \(seed), bin \(bin): \(rates[bin] / expected - 1)")
  }

  /// Every bin of binnings of a few, and the total variation of the whole.
  @Test(.enabled(if: isLarge), arguments: [101, 102] as [UInt64]) func wholeBinnings(seed: UInt64) throws {
    let sweep = try SweepCase(seed: seed, most: 3)
    let rates = try sweep.rates(of: model)
    let expected = try rates.indices.map { try sweep.referee(model, bin: $0, tolerance: 5e-5) }
    let difference = ShapeDifference(of: rates, to: expected)
    #expect(difference.worstRatio < 2e-4, "seed \(seed): \(difference)")
    #expect(difference.totalVariation < 3e-4, "seed \(seed): \(difference)")
    #expect(abs(difference.totalRatio - 1) < 2e-4, "seed \(seed): \(difference)")
  }

  /// Behind a detector with errors, as wide as bins are published: the rate of a lepton by adaptive quadrature times its
  /// Gaussian chance to be measured in the bin. (13, 1) holds 3·10⁻⁴ of the rate, over a factor of ten in momentum.
  @Test(.enabled(if: isLarge), arguments: [(13, 1), (13, 2), (12, 1), (5, 2)])
  func smearedBins(_ row: Int, _ column: Int) throws {
    let sweep = try SweepCase(seed: 1)
    let measured = try Binning(
      Axis(.leptonMomentum, edges: [0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 2.5, 3, 30]),
      Axis(.cosTheta, edges: [-1, 0.6, 0.9, 1]))
    let detector = try SmearingDetector(
      PluginConfiguration(parameters: SmearingDetector.descriptor.parameters.defaults()))
    let rates = try sweep.rates(
      of: model, in: detector.trueBinning(for: measured), response: detector.response(for: measured))
    let (low, high) = (measured.grids[0].first.edges[row], measured.grids[0].first.edges[row + 1])
    let angles = measured.grids[0].second.edges.map { acos($0) * 180 / Double.pi }
    func below(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    // Up to the momentum of the fastest lepton.
    let reach = [max(low * 0.8, 0.001), min(high * 1.25, 5.9994)]
    let everything = try AdaptiveFold(
      model: model, reaction: sweep.reaction,
      binning: try Binning(Axis(.leptonMomentum, edges: reach), Axis(.theta, edges: [0, 180])))
    let (left, right) = (angles[column + 1], angles[column])
    let expected = try everything.rate(
      bin: 0, knots: SweepCase.knots, relativeTolerance: 1e-4,
      acceptance: { momentum, angle in
        let width = 0.04 * momentum
        let onAngle = [(left, right), (-right, -left), (360 - right, 360 - left)].reduce(0.0) {
          $0 + below($1.1 - angle) - below($1.0 - angle)
        }
        return (below((high - momentum) / width) - below((low - momentum) / width)) * onAngle
      }, weight: { $0.map(sweep.weight) })
    #expect(abs(rates[row * 3 + column] / expected - 1) < 2e-4, "\(rates[row * 3 + column]) not \(expected)")
  }

  /// The estimate is kept: it grows with the accuracy that is allowed, and stays below.
  @Test func estimateIsKept() throws {
    let sweep = try SweepCase(seed: 3)
    let (cells, weights) = try sweep.cellWeights()
    func quadrature(_ accuracy: Double) throws -> BinQuadrature {
      try BinQuadrature(
        binning: sweep.binning, species: sweep.reaction.species, cells: cells,
        plan: QuadraturePlan(accuracy: accuracy, fluxes: [weights]))
    }
    let (fine, coarse) = (try quadrature(1e-5), try quadrature(1e-3))
    let (fineError, coarseError) = (try #require(fine.estimate), try #require(coarse.estimate))
    #expect(fineError.worstBin < 1e-5 && fineError.worstBin > 0)
    #expect(coarseError.worstBin < 1e-3 && coarseError.worstBin > fineError.worstBin)
    #expect(coarseError.totalVariation > fineError.totalVariation)
    #expect(fine.leptonCount > coarse.leptonCount)
  }
}

/// Number of binnings of the large sweep, from the environment; none in the tests of every day.
private let sweepCount = ProcessInfo.processInfo.environment["NUTUNE_FOLD_SWEEP"].flatMap(Int.init) ?? 0

/// The large sweep, a benchmark: `Benchmarks/run_folding.sh` says how many binnings.
@Suite(.serialized, .enabled(if: sweepCount > 0)) struct FoldSweepBenchmark {
  /// Every bin of random binnings against a dense lattice; bins in (p_T, p_∥) against adaptive quadrature, five of each.
  @Test func sweep() throws {
    let model = try SmallNearProblem.toy()
    print("seed  sample              bins           worst    tv       total")
    var worst = (ratio: 0.0, variation: 0.0)
    for seed in 0..<UInt64(sweepCount) {
      let sweep = try SweepCase(seed: 1000 + seed)
      var rates = try sweep.rates(of: model)
      var expected: [Double]
      var coarse = 0
      if sweep.binning.observableNames[0] == .transverseMomentum {
        let total = rates.reduce(0, +)
        let stream = try RandomStream(seed: seed, purpose: "bins")
        let bins = Array(stream.shuffled(rates.indices.filter { rates[$0] > 1e-4 * total }).prefix(5))
        // CQUAD gives up on some bins that few leptons reach; they are compared more coarsely, and the line says so.
        let referees = try bins.map { bin -> (rate: Double, isCoarse: Bool) in
          do { return (try sweep.referee(model, bin: bin), false) } catch is NumericsError {
            return (try sweep.referee(model, bin: bin, tolerance: 2e-4), true)
          }
        }
        coarse = referees.count(where: \.isCoarse)
        expected = referees.map(\.rate)
        rates = bins.map { rates[$0] }
      } else {
        expected = try DenseFold(model: model, sweep: sweep).rates()
        // The lattice is a sieve: where it disagrees, adaptive quadrature says who is right.
        let total = expected.reduce(0, +)
        for bin in rates.indices
        where expected[bin] > 1e-4 * total && abs(rates[bin] / expected[bin] - 1) > 1.5e-4 {
          expected[bin] = try sweep.referee(model, bin: bin)
        }
      }
      let difference = ShapeDifference(of: rates, to: expected)
      worst = (max(worst.ratio, difference.worstRatio), max(worst.variation, difference.totalVariation))
      let name = "\(sweep.reaction.species.rawValue) \(sweep.reaction.target.name) \(sweep.isFar ? "far" : "near")"
      let grid = sweep.binning.grids[0]
      print(
        "\(1000 + seed)  \(name)  \(grid.first.observable.rawValue) \(grid.first.count) x "
          + "\(grid.second.observable.rawValue) \(grid.second.count)  "
          + String(
            format: "%.1e  %.1e  %+.1e", difference.worstRatio, difference.totalVariation, difference.totalRatio - 1)
          + (coarse > 0 ? "  (\(coarse) bins to 2e-4 only)" : ""))
      #expect(difference.worstRatio < 2e-4 && difference.totalVariation < 3e-4)
    }
    print(String(format: "worst bin %.1e, worst tv %.1e", worst.ratio, worst.variation))
  }
}
