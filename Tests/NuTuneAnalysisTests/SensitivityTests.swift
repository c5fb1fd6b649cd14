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
  private func analysis(fitted: [String]) throws -> Analysis {
    var datasets = [
      try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far), try AnalysisFixture.dataset(.nue, at: .far),
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

  @Test func ordering() throws {
    let analysis = try analysis(fitted: ["dm2_32"])
    let answer = try analysis.sensitivity(.ordering, with: try analysis.preparedTruth(), at: 1)
    let brute = try Minimizer.bfgs(from: [-2.5], gradientTolerance: 1e-4) {
      try distance(analysis, from: ["delta_cp": 1], to: ["delta_cp": 1, "dm2_32": $0[0] * 1e-3])
    }
    #expect(answer.converged && brute.value > 1)
    #expect(abs((answer.values["delta"] ?? 0) / brute.value - 1) < 1e-3)
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
