import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing

/// Posterior over prior width of the structure functions.
@Suite struct PosteriorWidthTests {
  private func widths(_ model: any CrossSectionModel, _ analysis: Analysis) throws -> [String: PosteriorWidths]? {
    var comparison = try #require(
      try StructureFunctionComparison(ModelComparison(analysis, nearData: [], farData: [])))
    let responses = try ModelResponses(of: model, in: analysis.folded)
    return try comparison.add(model, label: "model", responses, truth: try analysis.closureTruth())?.posteriorOverPrior
  }

  /// With one weight for W₁, W₂ and W₃ together and one for W₅ the ratios are the standard deviations of the weights, at
  /// every point and so in the mean; W₄ has no width.
  @Test func aWeightHasTheWidthOfItsFunction() throws {
    let analysis = try AnalysisFixture.analysis([try AnalysisFixture.dataset()], fitted: [])
    var model = WeightedModel(factor: Matrix(diagonal: [0.3, 0.3, 0.8]))
    let found = try #require(try widths(model, analysis))
    #expect(Array(found.keys) == ["neutrino"])
    let ratios = try #require(found["neutrino"]).all
    for (ratio, expected) in zip(ratios, [0.3, 0.3, 0.3, nil, 0.8]) {
      #expect((ratio == nil) == (expected == nil) && abs((ratio ?? 0) - (expected ?? 0)) < 1e-12)
    }
    model.hasUnitPrior = false
    #expect(try widths(model, analysis) == nil)
    #expect(try widths(try SmallNearProblem.toy(), analysis) == nil)
  }

  /// With near data on two targets each has widths of its own: a process is much narrower on the target of many events.
  @Test func eachTargetHasItsWidths() throws {
    let water = try AnalysisFixture.dataset(target: "H2O", peak: 1.4, position: "water", exposure: 1e-4)
    let argon = try AnalysisFixture.dataset(position: "argon")
    let analysis = try AnalysisFixture.analysis([water, argon], fitted: []) { $0.near = .init(1e6, .asimov) }
    let tuned = try analysis.tuned(
      try AnalysisFixture.detunedProcess(), label: "process", on: try analysis.nearData(of: analysis.truth),
      in: analysis.folded)
    let found = try #require(try widths(tuned.model, analysis))
    #expect(found.keys.sorted() == ["neutrino-Ar40", "neutrino-H2O"])
    let (many, few) = (try #require(found["neutrino-Ar40"]?.w2), try #require(found["neutrino-H2O"]?.w2))
    #expect(many > 0.01 && many < 0.7 * few && few < 1, "\(many), \(few)")
    // A model with the same weights for all targets has the same width on each.
    let same = try #require(try widths(WeightedModel(factor: Matrix(diagonal: [0.3, 0.3, 0.8])), analysis))
    #expect(same.count == 2 && same.values.allSatisfy { abs(($0.w1 ?? 0) - 0.3) < 1e-12 })
  }

  /// A Gaussian process without data is as wide as its prior; with muons it is narrower, in W₄ and W₅ by much less than in
  /// W₂.
  @Test func nothingIsLearnedWithoutData() throws {
    func process(_ events: Double) throws -> PosteriorWidths {
      let analysis = try AnalysisFixture.analysis([try AnalysisFixture.dataset()], fitted: []) {
        $0.near = .init(events, .asimov)
      }
      let untuned = try AnalysisFixture.detunedProcess(
        ["functions": .text("five"), "kernel.length_w2": .number(1), "kernel.length_q2": .number(1.5)])
      let tuned = try analysis.tuned(
        untuned, label: "process", on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
      return try #require(try widths(tuned.model, analysis)?["neutrino"])
    }
    let before = try process(1e-6).all.map { try #require($0) }
    #expect(before.allSatisfy { abs($0 - 1) < 1e-4 }, "\(before)")
    let learned = try process(1e7).all.map { try #require($0) }
    #expect(learned.allSatisfy { $0 > 0.01 && $0 < 1 })
    #expect(learned[1] < 0.8 && learned[1] < learned[3] && learned[1] < learned[4], "\(learned)")
  }
}
