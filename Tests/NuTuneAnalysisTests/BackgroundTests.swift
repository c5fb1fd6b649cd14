import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Backgrounds of far samples: events that no model predicts, in data and fits.
@Suite struct BackgroundTests {
  private static let place = [0.53, 2.35e-3]

  private func datasets(_ statistic: Statistic = .poisson) throws -> [Dataset] {
    var datasets = [
      try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far), try AnalysisFixture.dataset(.nue, at: .far),
    ]
    for index in 1...2 { datasets[index].statistic = statistic }
    datasets[2].measuredAs = "far-electrons"
    return datasets
  }

  /// Neutral currents that fall with the bin, and as many ν_τ in every second bin, in the sample of electrons; the
  /// muons
  /// have their own.
  private func backgrounds(norm: Double = 0) -> [Background] {
    let bins = 40
    return [
      Background(
        "neutral-current", in: "far-electrons", events: (0..<bins).map { 6 * exp(-Double($0) / 9) }, sigma: norm),
      Background("nutau", in: "far-electrons", events: (0..<bins).map { Double($0 % 2) }),
      Background(
        "neutral-current", in: "far-numu-fhc", events: (0..<bins).map { 0.5 + 0.1 * Double($0) }, sigma: 2 * norm),
    ]
  }

  private func analysis(
    _ statistic: Statistic = .poisson, norm: Double = 0, fitted: [String] = ["sin2_theta23", "dm2_32"],
    _ change: (inout AnalysisOptions) -> Void = { _ in }
  ) throws -> Analysis {
    try AnalysisFixture.analysis(try datasets(statistic), fitted: fitted) {
      $0.backgrounds = backgrounds(norm: norm)
      change(&$0)
    }
  }

  /// Expected events of charged currents, shape [samples][bins].
  private func signal(_ analysis: Analysis, _ values: [String: Double] = [:]) throws -> [[Double]] {
    let truth = try analysis.closureTruth()
    let unit = 5000 / (try truth.farRates(ThreeFlavorModel()).joined().reduce(0, +))
    return try truth.farRates(ThreeFlavorModel().setting(values)).map { $0.map { unit * $0 } }
  }

  /// Events of backgrounds with one pull η of the neutral currents, shape [samples][bins].
  private func others(norm: Double = 0, _ pull: Double = 0) -> [[Double]] {
    let all = backgrounds(norm: norm)
    func moved(_ index: Int) -> [Double] { all[index].events.map { $0 * (1 + pull * all[index].sigma) } }
    return [moved(2), zip(moved(0), moved(1)).map { $0 + $1 }]
  }

  private func sum(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    zip(a, b).map { zip($0, $1).map { $0 + $1 } }
  }

  /// 2 Σ [ν − n + n ln(n/ν)].
  private func deviance(_ counts: [[Double]], _ expected: [[Double]], shapes: Bool = false) -> Double {
    zip(counts, expected).reduce(0) { total, sample in
      let factor = shapes ? sample.0.reduce(0, +) / sample.1.reduce(0, +) : 1
      // n = ν (1 + d): the numbers of events cancel before they are rounded.
      return zip(sample.0, sample.1).reduce(total) { sum, bin in
        let expected = factor * bin.1
        guard bin.0 > 0 else { return sum + 2 * expected }
        let difference = (bin.0 - expected) / expected
        return sum + 2 * expected * ((1 + difference) * log1p(difference) - difference)
      }
    }
  }

  /// −2lnL is that of signal and backgrounds together, which belong to the data as well; of shapes with the share that
  /// the
  /// backgrounds have beside the signal.
  @Test(arguments: [Statistic.poisson, .shape]) func theLikelihoodAddsThem(statistic: Statistic) throws {
    let analysis = try analysis(statistic)
    let fit = try analysis.fit(try analysis.preparedTruth(), try analysis.farData(of: analysis.truth))
    let counts = sum(try signal(analysis), others())
    let moved = try signal(analysis, ["sin2_theta23": Self.place[0], "dm2_32": Self.place[1]])
    let expected = deviance(counts, sum(moved, others()), shapes: statistic == .shape)
    let found = try fit.minusTwoLogLikelihood(at: Self.place)
    #expect(abs(found - expected) < 1e-6 * expected, "\(found) and \(expected)")
    #expect(abs(try fit.minusTwoLogLikelihood(at: [0.47, 2.4381e-3])) < 1e-6)
    // Without them in the fit it would be another one.
    #expect(abs(deviance(counts, moved, shapes: statistic == .shape) / expected - 1) > 0.05)
  }

  /// A model whose cross section has another scale is scaled to near data, and the backgrounds are not.
  @Test func nearDataDoNotScaleThem() throws {
    let analysis = try analysis(.shape)
    let data = try analysis.farData(of: analysis.truth)
    let truth = try analysis.preparedTruth()
    var half = truth
    half.scales = [NearGroup(.neutrino): 0.5]
    let counts = sum(try signal(analysis), others())
    let expected = deviance(
      counts, sum(try signal(analysis).map { $0.map { 0.5 * $0 } }, others()), shapes: true)
    let found = try analysis.fit(half, data).minusTwoLogLikelihood(at: [0.47, 2.4381e-3])
    #expect(expected > 1 && abs(found - expected) < 1e-6 * expected, "\(found) and \(expected)")
  }

  /// Their norm is one pull of all backgrounds of a name, beside those of charged currents: the minimum over both,
  /// written
  /// down again.
  @Test(arguments: [Statistic.poisson, .shape]) func theirNormIsProfiled(statistic: Statistic) throws {
    let norm = 0.2
    let analysis = try analysis(statistic, norm: norm) {
      if statistic == .poisson { $0.nuisance.norms = [NormUncertainty(.electron, sigma: 0.05)] }
    }
    let model = try analysis.preparedTruth()
    let names = statistic == .poisson ? ["norm_electron", "norm_neutral-current"] : ["norm_neutral-current"]
    #expect(model.nuisances?.names == names)
    let fit = try analysis.fit(model, try analysis.farData(of: analysis.truth))
    let counts = sum(try signal(analysis), others())
    let moved = try signal(analysis, ["sin2_theta23": Self.place[0], "dm2_32": Self.place[1]])
    let start = names.map { _ in 0.0 }
    let brute = try Minimizer.bfgs(from: start, gradientTolerance: 1e-6) { pulls in
      var signal = moved
      if pulls.count == 2 { signal[1] = signal[1].map { $0 * (1 + 0.05 * pulls[0]) } }
      return pulls.reduce(0) { $0 + $1 * $1 }
        + deviance(counts, sum(signal, others(norm: norm, pulls[pulls.count - 1])), shapes: statistic == .shape)
    }
    #expect(brute.status.isConverged && abs(brute.position[start.count - 1]) > 0.01)
    let found = try fit.minusTwoLogLikelihood(at: Self.place)
    #expect(abs(found - brute.value) < 1e-6 * brute.value, "\(found) and \(brute.value)")
  }

  /// Events of backgrounds are drawn beside those of components, which they do not change.
  @Test func theyAreDrawn() throws {
    func data(_ member: Int, _ analysis: Analysis) throws -> [SampleData] {
      try analysis.farData(of: analysis.truth, member: member, sampling: .poisson)
    }
    let with = try analysis()
    let without = try AnalysisFixture.analysis(try datasets())
    let (first, again, other) = (try data(1, with), try data(1, with), try data(2, with))
    #expect(first.map(\.contents) == (try data(1, without)).map(\.contents))
    #expect(first[1].backgrounds == again[1].backgrounds && first[1].backgrounds != other[1].backgrounds)
    #expect(first[1].backgrounds?.keys.sorted() == ["neutral-current", "nutau"])
    let drawn = try #require(first[1].backgrounds?["nutau"])
    #expect(drawn.allSatisfy { $0 == $0.rounded() } && drawn.indices.allSatisfy { $0 % 2 == 1 || drawn[$0] == 0 })
    // The sum of 100 draws of 20 events has a standard deviation of 45.
    let mean = try (1...100).reduce(0.0) { sum, member in
      sum + (try data(member, with)[1].backgrounds?["nutau"] ?? []).reduce(0, +)
    }
    #expect(abs(mean - 2000) < 200)
  }

  /// With posterior modes backgrounds are a part of the rates that no mode moves: the same likelihood put together by
  /// hand.
  @Test func modesLeaveThemAlone() throws {
    let analysis = try analysis { $0.near = .init(1e5, .asimov) }
    let near = try analysis.nearData(of: analysis.truth)
    let tuned = try analysis.tuned(
      try AnalysisFixture.smoothProcess(), label: "process", on: near, in: analysis.folded)
    let modes = try #require(tuned.modes)
    let data = try analysis.farData(of: analysis.truth)
    let unit = 5000 / (try analysis.closureTruth().farRates(ThreeFlavorModel()).joined().reduce(0, +))
    let factor = unit * (try #require(tuned.scales[NearGroup(.neutrino)]))
    let counts = sum(try signal(analysis), others())
    let values = ["sin2_theta23": Self.place[0], "dm2_32": Self.place[1]]
    let likelihood = try MarginalizedCountLikelihood(
      terms: counts.map { try CountTerm(counts: $0, normalization: 1) }, slopes: modes.slopes,
      directionCount: modes.count
    ) { _ in
      let weights = try analysis.folded.farWeights(try ThreeFlavorModel().setting(values))
      return weights.indices.map { sample in
        var rates = modes.rates(sample: sample, weights: weights[sample], tuned.responses.far[sample])
        rates.parts = rates.parts.map { factor * $0 }
        rates.fixed = zip(rates.fixed, others()[sample]).map { factor * $0 + $1 }
        return rates
      }
    }
    let expected = try likelihood.minusTwoLogLikelihood(at: [])
    let found = try analysis.fit(tuned, data).minusTwoLogLikelihood(at: Self.place)
    #expect(abs(found - expected) < 1e-6 * expected, "\(found) and \(expected)")
  }

  /// More exposure means more of them: the resolution is that of a study with all numbers as many times larger.
  @Test func theExposureScalesThem() throws {
    let plain = try analysis(fitted: ["dm2_32"])
    let longer = try analysis(fitted: ["dm2_32"]) {
      $0.far.number = 4 * 5000
      $0.backgrounds = backgrounds().map {
        Background($0.name, in: $0.sample, events: $0.events.map { 4 * $0 }, sigma: $0.sigma)
      }
    }
    func width(_ analysis: Analysis, _ factor: Double) throws -> Double {
      try #require(
        try analysis.sensitivity(.resolution, with: try analysis.preparedTruth(), at: factor).values["dm2_32"])
    }
    let (scaled, expected, short) = (try width(plain, 4), try width(longer, 1), try width(plain, 1))
    #expect(abs(scaled / expected - 1) < 1e-6)
    #expect(abs(short / scaled / 2 - 1) < 0.05)
  }

  /// Backgrounds that are no histogram of a far sample are refused.
  @Test func whatIsNoBackgroundIsRefused() throws {
    func refuses(_ found: String, _ change: (inout [Background]) -> Void) throws {
      var backgrounds = backgrounds()
      change(&backgrounds)
      let error = #expect(throws: NuTuneError.self) {
        try AnalysisFixture.analysis(try datasets()) { $0.backgrounds = backgrounds }
      }
      #expect(error?.found.contains(found) ?? false, "\(String(describing: error))")
    }
    try refuses("no such sample") { $0[0].sample = "far-muons" }
    try refuses("no such sample") { $0[0].sample = "near-numu-fhc" }
    try refuses("39 contents") { $0[0].events.removeLast() }
    try refuses("negative") { $0[0].events[3] = -1 }
    try refuses("negative") { $0[0].events = $0[0].events.map { _ in 0 } }
    try refuses("two backgrounds") { $0[1].name = "neutral-current" }
    try refuses("uncertainty") { $0[1].sigma = -.infinity }
    let clash = try AnalysisFixture.analysis(try datasets()) {
      $0.backgrounds = backgrounds(norm: 0.1)
      $0.backgrounds[0].name = "common"
      $0.nuisance.norms = [NormUncertainty(.common, sigma: 0.1)]
    }
    #expect(throws: NuTuneError.self) { try clash.preparedTruth() }
  }
}
