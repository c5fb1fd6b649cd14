import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import Testing
import TestSupport
import ThreeFlavorOscillations

/// Posterior modes of a Gaussian process against the model that is moved along them and folded again.
@Suite struct PosteriorModeTests {
  @Test func slopesAreDerivativesOfFoldedRates() throws {
    let datasets = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far, peak: 2.6)]
    let analysis = try AnalysisFixture.analysis(datasets) { $0.near = .init(1e5, .asimov) }
    let tuned = try analysis.tuned(
      try AnalysisFixture.detunedProcess(), label: "process", on: try analysis.nearData(of: analysis.truth),
      in: analysis.folded)
    let modes = try #require(tuned.modes)
    let gaussian = try #require(tuned.model as? any GaussianModel)
    #expect(modes.count >= 2)
    let folded = analysis.folded
    let weights = try folded.farWeights(ThreeFlavorModel())
    for mode in 0..<min(modes.count, 4) {
      // Small enough for what is not linear, large enough for rounding.
      let step = 0.05
      func direction(_ size: Double) -> [Double] { (0..<modes.count).map { $0 == mode ? size : 0 } }
      func refolded(_ size: Double) throws -> [Double] {
        try ModelResponses(of: try gaussian.displaced(by: try modes.weights(along: direction(size))), in: folded)
          .farRates(weights: weights)[0]
      }
      func taken(_ size: Double) -> [Double] {
        modes.slopes[0].moved(
          modes.rates(sample: 0, weights: weights[0], tuned.responses.far[0]), along: direction(size))
      }
      let model = zip(try refolded(step), try refolded(-step)).map { ($0 - $1) / (2 * step) }
      let fit = zip(taken(step), taken(-step)).map { ($0 - $1) / (2 * step) }
      let (change, missed) = zip(model, fit).reduce((0.0, 0.0)) {
        ($0.0 + $1.0 * $1.0, $0.1 + ($1.0 - $1.1) * ($1.0 - $1.1))
      }
      // Groups of neutrino energy share a slope, which leaves a tenth.
      #expect(missed < 0.02 * change, "mode \(mode): \((missed / change).squareRoot())")
    }
  }
}
