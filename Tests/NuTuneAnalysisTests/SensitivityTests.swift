import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Sensitivities against −2lnL minimised on a grid, written down again.
@Suite struct SensitivityTests {
  private func analysis(fitted: [String], baseline: Baseline? = nil) throws -> Analysis {
    var datasets = [
      try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far, baseline: baseline),
      try AnalysisFixture.dataset(.nue, at: .far, baseline: baseline),
    ]
    for index in 1...2 { datasets[index].statistic = .poisson }
    return try AnalysisFixture.analysis(datasets, fitted: fitted)
  }

  /// 2 Σ [μ − n + n ln(n/μ)] of far rates at two sets of parameters, with the exposure of the study.
  private func distance(_ analysis: Analysis, from truth: [String: Double], to other: [String: Double]) throws -> Double
  {
    let responses = try analysis.closureTruth()
    let nominal = try responses.farRates(analysis.oscillation).joined().reduce(0, +)
    let factor = 5000 / nominal
    let (n, mu) = (
      try responses.farRates(analysis.oscillation.setting(truth)).joined().map { factor * $0 },
      try responses.farRates(analysis.oscillation.setting(other)).joined().map { factor * $0 }
    )
    return zip(n, mu).reduce(0) { $0 + 2 * ($1.1 - $1.0) + ($1.0 > 0 ? 2 * $1.0 * log($1.0 / $1.1) : 0) }
  }

  @Test func octant() throws {
    let analysis = try analysis(fitted: ["sin2_theta23", "dm2_32"])
    let answer = try analysis.sensitivity(.octant, with: try analysis.preparedTruth(), at: 0.44)
    let brute = try Minimizer.bfgs(from: [0.56, 2.438], gradientTolerance: 1e-4) {
      try distance(
        analysis, from: ["sin2_theta23": 0.44], to: ["sin2_theta23": $0[0], "dm2_32": $0[1] * 1e-3])
    }
    #expect(answer.converged && brute.value > 0.5)
    #expect(abs((answer.values["delta"] ?? 0) / brute.value - 1) < 1e-3)
  }

  /// Where norms let the wrong octant imitate the right one at maximal mixing, its lowest point is the edge, behind a barrier
  /// from the minimum inside.
  @Test func octantAtItsEdge() throws {
    var analysis = try analysis(fitted: ["sin2_theta23", "dm2_32"])
    analysis.options.nuisance.norms = [.electron, .common].map { NormUncertainty($0, sigma: 0.02) }
    let model = try analysis.preparedTruth()
    let answer = try analysis.sensitivity(.octant, with: model, at: 0.47)
    let fit = try analysis.fit(model, try analysis.farData(of: analysis.truth, sampling: .asimov))
    let profile = try stride(from: 0.5, to: 0.62, by: 0.005).map { mixing in
      try Minimizer.bfgs(from: [2.438], gradientTolerance: 1e-4) {
        try fit.minusTwoLogLikelihood(at: [mixing, $0[0] * 1e-3])
      }.value
    }
    let inside = profile.indices.dropFirst().dropLast().filter {
      profile[$0] < profile[$0 - 1] && profile[$0] < profile[$0 + 1]
    }
    #expect(inside.count == 1 && profile[inside[0]] > 1.5 * profile[0])
    #expect(answer.converged && abs((answer.values["delta"] ?? 0) / profile[0] - 1) < 1e-6)
  }

  @Test func violationOfCP() throws {
    let analysis = try analysis(fitted: ["delta_cp", "dm2_32"])
    let truth = -Double.pi / 2
    let answer = try analysis.sensitivity(.cp, with: try analysis.preparedTruth(), at: truth)
    let brute =
      try [0, Double.pi].map { held in
        try Minimizer.bfgs(from: [2.438], gradientTolerance: 1e-4) {
          try distance(analysis, from: ["delta_cp": truth], to: ["delta_cp": held, "dm2_32": $0[0] * 1e-3])
        }.value
      }.min() ?? 0
    #expect(answer.converged && brute > 1)
    #expect(abs((answer.values["delta"] ?? 0) / brute - 1) < 1e-3)
    // Nothing violates CP at δ = 0.
    let none = try analysis.sensitivity(.cp, with: try analysis.preparedTruth(), at: 0)
    #expect(abs(none.values["delta"] ?? 1) < 1e-6)
  }

  /// In neutrinos alone and little matter the wrong ordering imitates CP violation: where the ordering is open it counts.
  @Test func violationOfCPWithAnOpenOrdering() throws {
    var analysis = try analysis(fitted: ["delta_cp", "dm2_32"], baseline: Baseline(length: 1285, density: 0.9))
    let truth = Double.pi / 2
    let known = try analysis.sensitivity(.cp, with: try analysis.preparedTruth(), at: truth).values["delta"] ?? 0
    analysis.options.questions = ["octant", "ordering"]
    let open = try analysis.sensitivity(.cp, with: try analysis.preparedTruth(), at: truth)
    let brute =
      try [0, Double.pi].flatMap { held in
        try [2.438, -2.5].map { splitting in
          try Minimizer.bfgs(from: [splitting], gradientTolerance: 1e-4) {
            try distance(analysis, from: ["delta_cp": truth], to: ["delta_cp": held, "dm2_32": $0[0] * 1e-3])
          }.value
        }
      }.min() ?? 0
    #expect(open.converged && brute > 0.01 && brute < 0.3 * known, "\(brute), \(known)")
    #expect(abs((open.values["delta"] ?? 0) - brute) < 1e-3 * (1 + brute))
  }

  @Test func ordering() throws {
    let analysis = try analysis(fitted: ["dm2_32"])
    let answer = try analysis.sensitivity(.ordering, with: try analysis.preparedTruth(), at: 1)
    let brute = try Minimizer.bfgs(from: [-2.5], gradientTolerance: 1e-4) {
      try distance(analysis, from: ["delta_cp": 1], to: ["delta_cp": 1, "dm2_32": $0[0] * 1e-3])
    }
    #expect(answer.converged && brute.value > 1)
    #expect(abs((answer.values["delta"] ?? 0) / brute.value - 1) < 1e-3)
  }

  /// Where effects are small, the change of −2lnL by one parameter that is held follows the noncentral χ² law of one degree of
  /// freedom, whose noncentrality λ is the change without fluctuations: its mean is λ + 1 and its variance 4 λ + 2. So it is where
  /// norms are uncertain, as long as they are thrown as the fit believes.
  @Test(arguments: [0, 0.02]) func experimentsScatterAsTheyShould(sigma: Double) throws {
    var analysis = try analysis(fitted: ["delta_cp", "dm2_32"])
    if sigma > 0 { analysis.options.nuisance.norms = [.electron, .common].map { NormUncertainty($0, sigma: sigma) } }
    let model = try analysis.preparedTruth()
    let point = Analysis.SensitivityPoint(exposure: sigma > 0 ? 100 : 10, truth: ["delta_cp": 0.2])
    let asimov = try analysis.sensitivity(.cp, with: model, at: point).values["delta"] ?? 0
    let answers = try analysis.sensitivities(.cp, with: model, truth: model, at: point, experiments: 0..<200)
    let values = answers.map { $0.values["delta"] ?? 0 }
    let mean = values.reduce(0, +) / 200
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    let expected = (4 * asimov + 2).squareRoot()
    #expect(answers.allSatisfy(\.converged) && asimov > 3)
    #expect(abs(mean - asimov - 1) < 3.5 * expected / 200.0.squareRoot(), "\(mean), \(asimov), \(expected)")
    #expect(abs(deviation / expected - 1) < 0.2, "\(deviation), \(expected)")
    // The data of an experiment are the same whichever others there are.
    let one = try analysis.sensitivities(.cp, with: model, truth: model, at: point, experiments: 7..<8)
    #expect(one[0].values["delta"] == values[7])
  }

  /// With hardly an event all that speaks against δ = 0 is the prior, whose mean m scatters around the truth: Δ = m²/σ² has the
  /// mean 1 + δ²/σ² and the variance 2 + 4 δ²/σ².
  @Test func priorsAreThrown() throws {
    var analysis = try analysis(fitted: ["delta_cp", "dm2_32"])
    analysis.options.priors = [try GaussianPrior(parameter: "delta_cp", mean: 1, sigma: 0.3)]
    let model = try analysis.preparedTruth()
    let point = Analysis.SensitivityPoint(exposure: 1e-4, truth: ["delta_cp": 1])
    let values = try analysis.sensitivities(.cp, with: model, truth: model, at: point, experiments: 0..<100).map {
      $0.values["delta"] ?? 0
    }
    let mean = values.reduce(0, +) / 100
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99).squareRoot()
    let (expected, spread) = (1 + 1 / 0.09, (2 + 4 / 0.09).squareRoot())
    #expect(abs(mean - expected) < 3 * spread / 10, "\(mean), \(expected)")
    #expect(abs(deviation / spread - 1) < 0.25, "\(deviation), \(spread)")
  }

  /// Events have the variance μ + (μ σ)² of a Poisson law whose mean μ is uncertain by σ; a pull without a prior moves nothing,
  /// and what has no rate stays where it is.
  @Test func normsAreThrown() throws {
    let expected = ExpectedEvents(
      events: [[400, 900], [30]],
      prediction: LinearPrediction(rates: [[4, 9], [0]], directions: [[0.4, 0.9, 2, 2], [0, 0]]),
      pulls: 2, free: [1])
    #expect(zip(expected.moved(to: [1, 0]).joined(), [440, 990, 30]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(expected.moved(to: [-11, 0])[0] == [0, 0])
    let draws = try (0..<4000).map { try expected.thrown(try RandomStream(seed: 1, purpose: "test", member: $0)) }
    func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
    }
    let (first, last) = (moments(draws.map { $0[0][0] }), moments(draws.map { $0[1][0] }))
    #expect(abs(first.mean - 400) < 3 && abs(first.variance / (400 + 1600) - 1) < 0.1)
    #expect(abs(last.mean - 30) < 0.4 && abs(last.variance / 30 - 1) < 0.1)
    // Both bins of a sample follow one pull.
    let sum = moments(draws.map { $0[0][0] + $0[0][1] })
    #expect(abs(sum.variance / (1300 + 130 * 130) - 1) < 0.1)
  }

  /// Four times the exposure halves an error, up to what is not a parabola.
  @Test func resolution() throws {
    let analysis = try analysis(fitted: ["dm2_32"])
    let model = try analysis.preparedTruth()
    let errors = try [1.0, 4].map { try analysis.sensitivity(.resolution, with: model, at: $0).values["dm2_32"] ?? 0 }
    #expect(abs(errors[0] / errors[1] - 2) < 0.02 && errors[1] > 1e-6)
  }

  /// Without norms and priors Δ(−2lnL) grows as the exposure; a norm does not shrink with it.
  @Test func exposuresScaleStatisticsAndNotNorms() throws {
    let free = try analysis(fitted: ["sin2_theta23", "dm2_32"])
    var normed = free
    normed.options.nuisance.norms = [NormUncertainty(.electron, sigma: 0.03)]
    func ratio(_ analysis: Analysis) throws -> Double {
      let model = try analysis.preparedTruth()
      let deltas = try [1.0, 4].map {
        try analysis.sensitivity(.octant, with: model, at: 0.44, exposure: $0).values["delta"] ?? 0
      }
      return deltas[1] / deltas[0]
    }
    #expect(abs(try ratio(free) - 4) < 4e-3)
    let held = try ratio(normed)
    #expect(held > 1.2 && held < 3.9, "\(held)")
  }

  /// A resolution at a true δ is that of an analysis whose δ it is, with the far events that it has there.
  @Test func resolutionElsewhere() throws {
    let analysis = try analysis(fitted: ["dm2_32"])
    let model = try analysis.preparedTruth()
    let there = try analysis.sensitivity(.resolution, with: model, at: .init(exposure: 2, truth: ["delta_cp": 1.5]))
    var other = analysis
    other.oscillation = try analysis.oscillation.setting(["delta_cp": 1.5])
    let events = try [other, analysis].map { analysis in
      try analysis.closureTruth().farRates(analysis.oscillation).joined().reduce(0, +)
    }
    let factor = 2 * events[0] / events[1]
    let direct = try other.sensitivity(.resolution, with: model, at: factor)
    let here = try analysis.sensitivity(.resolution, with: model, at: factor)
    let (found, expected) = (there.values["dm2_32"] ?? 0, direct.values["dm2_32"] ?? 1)
    #expect(abs(found / expected - 1) < 1e-6)
    #expect(abs(found / (here.values["dm2_32"] ?? 0) - 1) > 1e-5)
  }
}
