import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Norms without a prior, and norms of single samples.
@Suite struct FreeScaleTests {
  private static let place = 2.35e-3

  /// Muons of both signs, near and far; the antineutrinos are measured together with the neutrinos when asked.
  private func analysis(
    isSum: Bool = false, _ norms: [NormUncertainty], backgrounds: [Background] = [], statistic: Statistic = .poisson
  ) throws -> Analysis {
    var datasets = try [NeutrinoSpecies.numu, .numubar].map { try AnalysisFixture.dataset($0) }
    datasets += try [NeutrinoSpecies.numu, .numubar].map { try AnalysisFixture.dataset($0, at: .far) }
    for index in datasets.indices { datasets[index].flux = FourSpeciesFlux() }
    for index in 2...3 {
      datasets[index].statistic = statistic
      if isSum { datasets[index].measuredAs = "far-muons" }
    }
    return try AnalysisFixture.analysis(datasets, fitted: ["dm2_32"]) {
      $0.nuisance.norms = norms
      $0.backgrounds = backgrounds
      $0.near = .init(1e5, .asimov)
    }
  }

  /// Expected events, shape [components][bins].
  private func events(_ analysis: Analysis, _ dm2: Double? = nil) throws -> [[Double]] {
    let truth = try analysis.closureTruth()
    let unit = 5000 / (try truth.farRates(ThreeFlavorModel()).joined().reduce(0, +))
    return try truth.farRates(try ThreeFlavorModel().setting(dm2.map { ["dm2_32": $0] } ?? [:]))
      .map { $0.map { unit * $0 } }
  }

  private func deviance(_ counts: [Double], _ expected: [Double]) -> Double {
    zip(counts, expected).reduce(0) { $0 + PoissonDeviance.value(events: $1.0, mean: $1.1) }
  }

  /// A free scale of each sign has its best value in closed form, events over expected events of each sample; −2lnL is
  /// that
  /// of shapes.
  @Test func aScaleOfEachSignIsEventsOverExpectation() throws {
    let free = try analysis([NormUncertainty(.neutrino, sigma: nil), NormUncertainty(.antineutrino, sigma: nil)])
    let data = try free.farData(of: free.truth)
    let moved = try events(free, Self.place)
    let expected = zip(data, moved).reduce(0) { sum, sample in
      let scale = sample.0.contents.reduce(0, +) / sample.1.reduce(0, +)
      return sum + deviance(sample.0.contents, sample.1.map { scale * $0 })
    }
    let found = try free.fit(try free.preparedTruth(), data).minusTwoLogLikelihood(at: [Self.place])
    #expect(abs(found - expected) < 1e-7 * expected, "\(found) and \(expected)")
    // Both known, there is more to see.
    let known = try analysis([])
    let more = try known.fit(try known.preparedTruth(), data).minusTwoLogLikelihood(at: [Self.place])
    #expect(more > expected * (1 + 1e-6))
    let shapes = try analysis([], statistic: .shape)
    let shape = try shapes.fit(try shapes.preparedTruth(), data).minusTwoLogLikelihood(at: [Self.place])
    #expect(abs(found - shape) < 1e-7 * shape)
  }

  /// In a sample that is a sum with a background a scale acts on the components of its sign: −2lnL is the minimum over
  /// the
  /// scale beside a norm with a prior, written down again. The results have the scale, also of a model with modes.
  @Test func aScaleActsOnComponents() throws {
    let background = Background("other", in: "far-muons", events: (0..<40).map { 0.2 * Double($0) })
    let analysis = try analysis(
      isSum: true, [NormUncertainty(.common, sigma: 0.03), NormUncertainty(.antineutrino, sigma: nil)],
      backgrounds: [background])
    var data = try analysis.farData(of: analysis.truth)
    // 40 % more antineutrinos than the near data say.
    data[1].contents = data[1].contents.map { 1.4 * $0 }
    let counts = data[0].contents.indices.map { data[0].contents[$0] + data[1].contents[$0] + background.events[$0] }
    let truth = try analysis.preparedTruth()
    let fit = try analysis.fit(truth, data)
    let moved = try events(analysis, Self.place)
    let brute = try Minimizer.bfgs(from: [0, 1], gradientTolerance: 1e-6) { x in
      let common = 0.03 * x[0]
      return x[0] * x[0]
        + deviance(
          counts,
          counts.indices.map {
            (1 + common) * moved[0][$0] + (x[1] + common) * moved[1][$0] + background.events[$0]
          })
    }
    let found = try fit.minusTwoLogLikelihood(at: [Self.place])
    #expect(brute.status.isConverged && abs(found - brute.value) < 1e-6 * brute.value, "\(found) and \(brute.value)")
    let results = try fit.record(against: nil).results
    #expect(abs(try #require(results.scales?["norm_antineutrino"]) - 1.4) < 1e-3)
    #expect(results.pulls?.keys.sorted() == ["norm_common"] && abs(results.pulls?["norm_common"] ?? 1) < 0.01)
    #expect(fit.nuisanceNames == ["norm_common", "norm_antineutrino"] && fit.nuisanceWidths == [0.03, nil])
    let near = try analysis.nearData(of: analysis.truth)
    let tuned = try analysis.tuned(
      try AnalysisFixture.smoothProcess(), label: "process", on: near, in: analysis.folded)
    let marginalFit = try analysis.fit(tuned, data)
    let marginal = try marginalFit.record(against: nil).results
    for (fit, results) in [(fit, results), (marginalFit, marginal)] {
      let pulls = try fit.pulls(try fit.likelihood(), at: [try #require(results.nearestMinimum["dm2_32"])])
      let expected = [results.pulls?["norm_common"], results.scales?["norm_antineutrino"]].compactMap { $0 }
      #expect(pulls == expected)
    }
    let scale = try #require(marginal.scales?["norm_antineutrino"])
    #expect(tuned.modes != nil && abs(scale - 1.4) < 0.2, "\(scale)")
    #expect(marginal.pulls?.keys.sorted() == ["norm_common"])
  }

  /// A norm of one sample is a norm of all that it is a sum of and of nothing else.
  @Test func aSampleHasItsNorm() throws {
    func value(_ norm: NormUncertainty, isSum: Bool) throws -> Double {
      let analysis = try analysis(isSum: isSum, [norm])
      let data = try analysis.farData(of: analysis.truth)
      return try analysis.fit(try analysis.preparedTruth(), data).minusTwoLogLikelihood(at: [Self.place])
    }
    let sum = NormUncertainty(ofSample: "far-muons", titled: "muons", sigma: 0.04)
    #expect(sum.name == "norm_sample_muons")
    #expect(try value(sum, isSum: true) == value(NormUncertainty(.common, sigma: 0.04), isSum: true))
    let alone = NormUncertainty(ofSample: "far-numubar-fhc", sigma: 0.04)
    #expect(try value(alone, isSum: false) == value(NormUncertainty(.antineutrino, sigma: 0.04), isSum: false))
    #expect(try value(alone, isSum: false) < value(NormUncertainty(ofSample: "other", sigma: 0.04), isSum: false))
  }

  /// Scales that imitate one another are refused, and one that acts on nothing changes nothing.
  @Test func scalesAreToldApart() throws {
    let signs = [NormUncertainty(.neutrino, sigma: nil), NormUncertainty(.antineutrino, sigma: nil)]
    let error = #expect(throws: NuTuneError.self) { try analysis(signs + [NormUncertainty(.common, sigma: nil)]) }
    #expect(error?.found == "a free scale that norm_neutrino, norm_antineutrino can imitate")
    let idle = try analysis([NormUncertainty(.electron, sigma: nil)])
    let none = try analysis([])
    let data = try none.farData(of: none.truth)
    let values = try [idle, none].map {
      try $0.fit(try $0.preparedTruth(), data).minusTwoLogLikelihood(at: [Self.place])
    }
    #expect(abs(values[0] - values[1]) < 1e-10 * values[1])
  }
}
