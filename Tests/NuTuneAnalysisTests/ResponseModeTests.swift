import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing
import ThreeFlavorOscillations

/// The posterior of a hadronic response that was fitted to near data, in the bins of a far detector that has it, too.
@Suite struct ResponseModeTests {
  private let analysis: Analysis
  private let near: [SampleData]
  private let tuned: TunedModel
  private let gaussian: any GaussianModel
  private let posterior: ResponsePosterior
  private let weights: [[Double]]

  private static func analysis(_ nuisances: [HadronicNuisance]) throws -> Analysis {
    let detector = try HadronicEnergyTests.calorimeter()
    return try AnalysisFixture.analysis([
      HadronicEnergyTests.dataset(detector: detector), HadronicEnergyTests.dataset(at: .far, detector: detector),
    ]) {
      $0.near = .init(1e5, .asimov)
      $0.hadronicNuisances = nuisances
    }
  }

  private static func process() throws -> GaussianProcessStructureFunctions {
    try AnalysisFixture.smoothProcess()
  }

  init() throws {
    analysis = try Self.analysis([HadronicNuisance("scale", width: 0.05)])
    near = try analysis.nearData(of: analysis.truth)
    tuned = try analysis.tuned(Self.process(), label: "process", on: near, in: analysis.folded)
    gaussian = try #require(tuned.model as? any GaussianModel)
    posterior = try #require(gaussian.responsePosterior)
    weights = try analysis.folded.farWeights(ThreeFlavorModel())
  }

  private func shape(_ rates: [Double]) -> [Double] {
    let total = rates.reduce(0, +)
    return rates.map { $0 / total }
  }

  /// Half the difference of the shapes at both sides.
  private func change(_ rates: (Double) throws -> [Double]) throws -> [Double] {
    zip(shape(try rates(1)), shape(try rates(-1))).map { 0.5 * ($0 - $1) }
  }

  private func missed(_ found: [Double], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / expected.reduce(0) { $0 + $1 * $1 }
  }

  /// The last direction is that of the scale: a standard deviation of it changes far rates as models that are tuned again with
  /// the scale held there do, and not as weights that stay would. Errors of far bins are those of a model that is tuned with the
  /// scale held at its best value, and this change.
  @Test func directionOfTheScaleIsThatOfRefits() throws {
    let modes = try #require(tuned.modes)
    let fitted = try #require(tuned.record?.response?["scale"])
    #expect(abs(posterior.numbers[0, 0] / fitted.error - 1) < 1e-9 && posterior.names == ["scale"])
    let held = try Self.analysis([])
    func folded(_ sign: Double) throws -> ForwardModel {
      try held.folded.settingHadronicParameters(["scale": fitted.value + sign * fitted.error])
    }
    func refit(_ sign: Double) throws -> TunedModel {
      try held.tuned(Self.process(), label: "process", on: near, in: folded(sign))
    }
    let refitted = try change { try refit($0).responses.farRates(weights: weights)[0] }
    let taken = try change { sign in
      modes.slopes[0].moved(
        modes.rates(sample: 0, weights: weights[0], tuned.responses.far[0]),
        along: (0..<modes.count).map { $0 == modes.count - 1 ? sign : 0 })
    }
    let withoutWeights = try change { sign in
      try ModelResponses(of: tuned.model, in: folded(sign)).farRates(weights: weights)[0]
    }
    // Groups of neutrino energy share a slope, which leaves a tenth, and what shifts of the scale are not linear in some per cent.
    #expect(missed(taken, refitted) < 0.06, "\(missed(taken, refitted))")
    #expect(missed(withoutWeights, refitted) > 0.1, "\(missed(withoutWeights, refitted))")

    let errors = try errors(of: tuned, in: analysis)
    let atBest = try self.errors(of: refit(0), in: held)
    for bin in errors.indices {
      let expected = (atBest[bin] * atBest[bin] + refitted[bin] * refitted[bin]).squareRoot()
      #expect(abs(errors[bin] - expected) < 0.06 * expected + 1e-7, "bin \(bin)")
    }
    #expect(zip(errors, atBest).contains { $0 > 1.001 * $1 })
  }

  /// Standard deviations of the far bins.
  private func errors(of tuned: TunedModel, in analysis: Analysis) throws -> [Double] {
    let comparison = try ModelComparison(
      analysis, nearData: near, farData: analysis.farData(of: analysis.truth))
    var predictions = try comparison.predictions()
    try comparison.addUncertainties(
      of: try #require(tuned.model as? any GaussianModel), tuned.responses, label: "process", to: &predictions)
    return try #require(predictions.samples[1].uncertainties?["process"]).bins
  }

  /// Slopes along all directions against the model with moved weights and numbers that is folded again.
  @Test func slopesAreDerivativesOfFoldedRates() throws {
    let modes = try #require(tuned.modes)
    for mode in Set([0, 1, modes.count - 1]) {
      // Small enough for what is not linear, large enough for rounding.
      func direction(_ sign: Double) -> [Double] { (0..<modes.count).map { $0 == mode ? 0.05 * sign : 0 } }
      let refolded = try change { sign in
        try ModelResponses(
          of: gaussian.displaced(by: modes.weights(along: direction(sign))),
          in: modes.moved(tuned.responses.folded, along: direction(sign))
        ).farRates(weights: weights)[0]
      }
      let taken = try change { sign in
        modes.slopes[0].moved(
          modes.rates(sample: 0, weights: weights[0], tuned.responses.far[0]), along: direction(sign))
      }
      #expect(missed(taken, refolded) < 0.02, "mode \(mode): \(missed(taken, refolded))")
    }
  }
}
