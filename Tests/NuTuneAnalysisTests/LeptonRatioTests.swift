import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Electrons over muons at the far detector, relative to the truth, with the error that the posterior of a model gives.
@Suite struct LeptonRatioTests {
  private func far(_ species: NeutrinoSpecies, from initial: LeptonFlavor? = .muon, mode: String = "fhc") throws
    -> Dataset
  {
    var dataset = try AnalysisFixture.dataset(species, at: .far)
    dataset.flux = FourSpeciesFlux()
    dataset.sample.mode = mode
    dataset.initial = initial
    dataset.sample.component = "\(mode)-\(initial.map { "\($0)" } ?? "all")-to-\(species.rawValue)"
    dataset.measuredAs = dataset.sample.name
    return dataset
  }

  private func ratios(_ model: any CrossSectionModel, _ analysis: Analysis) throws -> [ModelResults.Far.Ratio]? {
    let responses = try ModelResponses(of: model, in: analysis.folded)
    return try ModelComparison(analysis, nearData: [], farData: []).farRatios(
      of: model, try responses.farRates(analysis.oscillation))
  }

  /// ln of the electron rate over the muon rate of a model that is folded anew; the far datasets are muons, electrons.
  private func logRatio(_ model: any CrossSectionModel, _ analysis: Analysis) throws -> Double {
    let totals = try ModelResponses(of: model, in: analysis.folded).farRates(analysis.oscillation)
      .map { $0.reduce(0, +) }
    return log(totals[1] / totals[0])
  }

  @Test func pairsDifferInTheLeptonOnlyAndTheTruthHasOne() throws {
    let analysis = try AnalysisFixture.analysis([
      try AnalysisFixture.dataset(), try far(.numu), try far(.nue), try far(.nue, from: .electron), try far(.numubar),
      try far(.nuebar), try far(.nue, mode: "rhc"), try far(.nuebar, from: nil),
    ])
    let ratios = try #require(try ratios(try SmallNearProblem.toy(), analysis))
    #expect(ratios.map(\.numerator) == ["far-fhc-muon-to-nue", "far-fhc-muon-to-nuebar"])
    #expect(ratios.map(\.denominator) == ["far-fhc-muon-to-numu", "far-fhc-muon-to-numubar"])
    #expect(ratios.allSatisfy { abs($0.value - 1) < 1e-12 && $0.error == nil })
    let muons = try AnalysisFixture.analysis([try AnalysisFixture.dataset(), try far(.numu)])
    #expect(try self.ratios(try SmallNearProblem.toy(), muons) == nil)
  }

  /// Electrons of one experiment are not compared with muons of another on the same target.
  @Test func pairsAreOfOneExperiment() throws {
    var far = try [far(.numu), far(.nue), far(.numu), far(.nue)]
    for index in far.indices {
      far[index].experiment = index < 2 ? "one" : "other"
      far[index].sample.component = "\(far[index].experiment)-\(far[index].sample.reaction.species.rawValue)"
      far[index].measuredAs = far[index].sample.name
    }
    let near = try ["one", "other"].map { experiment in
      var dataset = try AnalysisFixture.dataset(position: experiment)
      dataset.experiment = experiment
      return dataset
    }
    let found = try #require(try ratios(try SmallNearProblem.toy(), try AnalysisFixture.analysis(near + far)))
    #expect(found.map(\.numerator) == ["far-one-nue", "far-other-nue"])
    #expect(found.map(\.denominator) == ["far-one-numu", "far-other-numu"])
  }

  /// The value is that of two folds, and the error √Σ_k (∂ ln ratio/∂z_k)² with every derivative by differences of a model
  /// that is displaced along a column of F and folded again.
  @Test func valueAndErrorAreThoseOfRefoldedModels() throws {
    let analysis = try AnalysisFixture.analysis([try AnalysisFixture.dataset(), try far(.numu), try far(.nue)])
    let factor = try Matrix([[0.2, 0.1, -0.05], [0, 0.15, 0.1], [0, 0, 0.4]])
    let center = WeightedModel(factor: factor)
    let model = try #require(center.displaced(by: [[0.1, 0.3, -0.5]]) as? WeightedModel)
    let ratio = try #require(try ratios(model, analysis)?.first)
    let expected = exp(try logRatio(model, analysis) - logRatio(try SmallNearProblem.toy(), analysis))
    #expect(abs(ratio.value / expected - 1) < 1e-12 && abs(ratio.value - 1) > 1e-4)
    let step = 1e-3
    let slopes = try (0..<3).map { k in
      let column = factor.column(k).map { step * $0 }
      return try
        (logRatio(model.displaced(by: [column]), analysis)
        - logRatio(model.displaced(by: [column.map { -$0 }]), analysis)) / (2 * step)
    }
    let error = expected * slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let found = try #require(ratio.error)
    // Differences leave the square of the step.
    #expect(error > 1e-4 && abs(found / error - 1) < 1e-5, "\(found), \(error)")
  }

  /// The error against the scatter of ratios of models with weights drawn from the posterior of a Gaussian process that
  /// saw muons, each draw with its mirror image, which takes out what is not linear. Forty draws know a standard deviation
  /// to 11 %.
  @Test func theErrorOfAProcessIsTheScatterOfDraws() throws {
    let analysis = try AnalysisFixture.analysis([try AnalysisFixture.dataset(), try far(.numu), try far(.nue)]) {
      $0.near = .init(1e6, .asimov)
      $0.marginalizes = false
    }
    let tuned = try analysis.tuned(
      try AnalysisFixture.detunedProcess(), label: "process", on: try analysis.nearData(of: analysis.truth),
      in: analysis.folded)
    let model = try #require(tuned.model as? any GaussianModel)
    let ratio = try #require(try ratios(model, analysis)?.first)
    let found = try #require(ratio.error)
    let factor = model.weightGroups[0].factor
    let stream = try RandomStream(seed: 5, purpose: "ratio")
    let draws = 40
    var squares = 0.0
    for _ in 0..<draws {
      let change = try factor.multiplied(by: (0..<factor.columns).map { _ in 0.3 * stream.gaussian() })
      let difference =
        try logRatio(model.displaced(by: [change]), analysis)
        - logRatio(model.displaced(by: [change.map { -$0 }]), analysis)
      squares += difference * difference / (0.6 * 0.6)
    }
    let scatter = ratio.value * (squares / Double(draws)).squareRoot()
    #expect(abs(found / scatter - 1) < 0.33, "\(found), \(scatter)")
  }
}
