import Calorimeter
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import TabulatedFlux
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Bins in (E_l, cosθ, E_had) of a far detector, with oscillation and the calorimeter's default resolution, against nested
/// Gauss–Legendre rules (``HadronicReference``).
@Suite struct HadronicReferenceTests {
  private let stream: RandomStream
  private let dataset: Dataset
  private let hadronic: [Double]
  private static let energies = 0.3...5.0

  init() throws {
    let stream = try RandomStream(seed: 17, purpose: "far-bins")
    func edges(from start: Double, _ widths: ClosedRange<Double>, _ count: Int) -> [Double] {
      var edges = [start]
      for _ in 0..<count { edges.append(edges[edges.count - 1] + stream.uniform(in: widths)) }
      return edges
    }
    let energies = edges(from: 0.5, 0.2...0.8, 4)
    let steps = edges(from: 0, 0.3...1, 4)
    // Narrower forward, where the leptons are.
    let cosines = steps.map { 1 - 0.9 * (1 - $0 / steps[4]) * (1 - $0 / steps[4]) }
    hadronic = edges(from: 0, 0.05...0.5, 7)
    dataset = Dataset(
      Sample(
        reaction: try DuneFixture.reaction(), mode: "fhc", site: .far,
        binning: try Binning(
          Axis(.leptonEnergy, edges: energies), Axis(.cosTheta, edges: cosines),
          hadronic: Axis(.hadronicEnergy, edges: hadronic))),
      flux: try TabulatedFluxProvider(
        PluginConfiguration(
          parameters: TabulatedFluxProvider.descriptor.parameters.defaults().setting([
            "file": .text("dune-fd-fhc.csv")
          ]), directory: DuneFixture.fluxFolder)),
      baseline: Baseline(length: 1284.9, density: 2.848), detector: try HadronicEnergyTests.calorimeter())
    self.stream = stream
  }

  private func reference(points: Int, bins: [Int]) throws -> [Double] {
    let reference = HadronicReference(
      model: try SmallNearProblem.toy(), reaction: dataset.sample.reaction, flux: dataset.flux,
      oscillation: ThreeFlavorModel(), baseline: try #require(dataset.baseline), energies: Self.energies, points: points
    )
    return try bins.flatMap { bin in
      let (lepton, cosine) = dataset.sample.binning.lepton.ranges(of: bin)
      return try reference.rates(lepton: lepton, cosTheta: cosine, edges: hadronic)
    }
  }

  private func folded() throws -> [Double] {
    let forward = try ForwardModel([dataset], over: Self.energies, oscillation: ThreeFlavorModel(), threads: 2)
    return try ModelResponses(of: SmallNearProblem.toy(), in: forward).farRates(ThreeFlavorModel())[0]
  }

  /// Fifty random ones of the bins with more than 10⁻⁴ of the events within 0.2 %, all bins together within tv 10⁻⁴.
  @Test func fiftyRandomBins() throws {
    let expected = try reference(points: 4, bins: Array(0..<dataset.sample.binning.leptonCount))
    let found = try folded()
    let (total, sum) = (expected.reduce(0, +), found.reduce(0, +))
    let filled = expected.indices.filter { expected[$0] > 1e-4 * total }
    let bins = stream.shuffled(filled).prefix(50)
    #expect(bins.count == 50)
    for bin in bins {
      #expect(abs(found[bin] / expected[bin] - 1) < 2e-3, "bin \(bin): \(found[bin]) and \(expected[bin])")
    }
    let distance = zip(found, expected).reduce(0) { $0 + abs($1.0 / sum - $1.1 / total) } / 2
    #expect(distance < 1e-4, "\(distance)")
  }

  /// The reference converges: with a point more in every piece and dimension some bins move by a tenth of what is asked of the fold.
  @Test func referenceConverges() throws {
    let bins = [0, 5, 10, 15]
    let (coarse, fine) = (try reference(points: 4, bins: bins), try reference(points: 5, bins: bins))
    let total = fine.reduce(0, +)
    for bin in fine.indices where fine[bin] > 1e-4 * total { #expect(abs(coarse[bin] / fine[bin] - 1) < 3e-4) }
    #expect(zip(coarse, fine).reduce(0) { $0 + abs($1.0 - $1.1) } / (2 * total) < 3e-5)
  }
}
