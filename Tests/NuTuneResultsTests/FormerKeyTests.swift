import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults
import Testing

/// Files of older versions have other names of some keys.
@Suite struct FormerKeyTests {
  /// A fit in which no value is absent.
  private var fit: OscillationResults {
    let best = ["sin2_theta23": 0.47, "dm2_32": 2.4381e-3]
    var fit = OscillationResults(
      converged: true, verdict: "minimum found from 4 starts", parameters: ["sin2_theta23", "dm2_32"], bestFit: best,
      nearestMinimum: ["sin2_theta23": 0.566, "dm2_32": 2.4365e-3], errors: ["sin2_theta23": 0.0148], correlation: 0.28,
      intervals: [
        "dm2_32": .init(
          lower: 2.4273e-3, upper: 2.4489e-3, spansSeveralMinima: false, reachesBound: true, oneSided: .upperLimit)
      ],
      minima: [.init(parameters: best, delta: 0)],
      contours: ["68.27": .init(probability: 0.6827, level: 2.3, lines: [[[0.4, 2.4e-3], [0.5, 2.4e-3]]])],
      biasSigma: ["dm2_32": 0.1], sigmaStat: ["dm2_32": 1.08e-5], overlap1Sigma: 0.87)
    fit.correlations = [[1, 0.28], [0.28, nil]]
    fit.hypotheses = ["octant": ["upper": .init(bestFit: best, delta: 0.31, converged: true)]]
    fit.priors = ["dm2_32": [2.43e-3, 2e-5]]
    fit.pulls = ["flux_1": 0.2]
    fit.scales = ["norm_neutrino": 1.02]
    fit.profiles = ["dm2_32": .init(values: [2.4e-3, 2.5e-3], delta: [0, 1])]
    fit.pairContours = [
      "dm2_32,delta_cp": ["68.27": .init(probability: 0.6827, level: 2.3, lines: [], fillsScan: true)]
    ]
    fit.remarks = ["every point of the scan lies inside"]
    fit.feldmanCousins = [
      "68.27": .init(
        probability: 0.6827, experiments: 100, criticalValues: [2.1, 2.5], atMinimum: [2.3, 0.1], lines: [])
    ]
    return fit
  }

  /// A model of which no result is absent.
  private var model: ModelResults {
    let deviation = StructureFunctionDeviations.Deviation(mean: 0.1, nearWeighted: 0.05, farWeighted: 0.06)
    var model = ModelResults(
      near: .init(tv: 0.01, deviance: 1.5, bins: 4), elsewhere: .init(tv: 0.02, deviance: 2.5, bins: 4),
      far: .init(tv: 0.03, rateRatio: 1.01, deviance: 0.5), slices: [.init(energy: 2, tv: 0.1)],
      support: .init(overlap: 0.9, uncovered: 0.001),
      training: .init(converged: true, verdict: "the loss has settled", steps: 100, loss: 0.25, seconds: 2),
      oscillation: fit, oscillationAtPosteriorMean: fit,
      structureFunctions: .init(w1: deviation, w2: deviation, w3: deviation), warnings: ["little near data"])
    model.oscillationCheck = MarginalFitCheck(
      profileShift: 0.1, refoldShift: 0.2, drawnShift: 0.3, slopeRatio: 1, slopeError: 0.05, leastErrorRatio: 1.02)
    return model
  }

  private func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONFile.bytes(of: value), as: UTF8.self)
  }

  private func read<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONFile.decode(type, Data(text.utf8), path: "results.json", expected: "results")
  }

  /// The same text with the former names.
  private func former(_ text: String) -> String {
    FormerKey.names.reduce(text) { $0.replacing("\"\($1.key)\"", with: "\"\($1.value)\"") }
  }

  /// Names of the properties that are nil.
  private func absent(in value: Any) -> [String] {
    Mirror(reflecting: value).children.compactMap { child in
      let content = Mirror(reflecting: child.value)
      return content.displayStyle == .optional && content.children.isEmpty ? child.label : nil
    }
  }

  /// Decoding is written out by hand: a property that it forgets would be nil.
  @Test func everyPropertyIsReadBack() throws {
    #expect(absent(in: fit).isEmpty && absent(in: model).isEmpty, "fill it in above, so that this test sees it")
    #expect(try text(read(OscillationResults.self, text(fit))) == text(fit))
    #expect(try text(read(ModelResults.self, text(model))) == text(model))
  }

  @Test func formerKeysAreReadAndNotWritten() throws {
    let today = try text(model)
    #expect(today.contains("\"nearest_minimum\"") && today.contains("\"oscillation_at_posterior_mean\""))
    #expect(!today.contains("compared_fit") && !today.contains("oscillation_frozen"))
    let old = former(today)
    #expect(old.contains("\"compared_fit\"") && old.contains("\"oscillation_frozen\""))
    #expect(!old.contains("nearest_minimum") && !old.contains("oscillation_at_posterior_mean"))
    let found = try read(ModelResults.self, old)
    #expect(found.oscillationAtPosteriorMean?.nearestMinimum == fit.nearestMinimum)
    #expect(try text(found) == today)
  }

  /// A fit as 0.1.0 wrote it.
  @Test func aFitOfTheFirstVersionIsRead() throws {
    let fit = try read(
      OscillationResults.self,
      """
      {"best_fit": {"dm2_32": 0.0024}, "compared_fit": {"dm2_32": 0.0025}, "contours": {}, "converged": true,
       "correlation": 0, "errors": {}, "intervals": {}, "minima": [], "parameters": ["dm2_32"], "verdict": "found"}
      """)
    #expect(fit.nearestMinimum == ["dm2_32": 0.0025] && fit.bestFit == ["dm2_32": 0.0024])
  }

  @Test func theNameOfTodayComesFirst() throws {
    let today = try text(fit)
    let both = "{\"compared_fit\": {}, \(today.dropFirst())"
    #expect(try read(OscillationResults.self, both).nearestMinimum == fit.nearestMinimum)
  }

  @Test func aFitWithoutEitherIsRefusedByTheNameOfToday() throws {
    let neither = try text(fit).replacing("\"nearest_minimum\"", with: "\"nearest\"")
    let error = #expect(throws: NuTuneError.self) { try read(OscillationResults.self, neither) }
    #expect(error?.category == .badData && error?.key == "nearest_minimum" && error?.found == "no value")
  }

  @Test func labelsOfCoverageAreThoseOfToday() throws {
    let counted = CoverageResults.Model(
      experiments: 4, failed: 0, coverage68: [:], coverage95: [:], shift: [:], spread: [:])
    let results = CoverageResults(
      schema: CoverageResults.schemaName,
      study: EffectiveStudy(name: "coverage", title: "", models: ["process"], values: [:]), experiments: 4,
      parameters: ["dm2_32"],
      models: ["truth": counted, "process": counted, FitLabel.atPosteriorMean(of: "process"): counted])
    let today = try text(results)
    #expect(today.contains("\"process.at_posterior_mean\""))
    let old = today.replacing(".at_posterior_mean", with: ".frozen")
    #expect(old.contains("\"process.frozen\""))
    #expect(try text(read(CoverageResults.self, old)) == today)
  }

  @Test func labelsOfFitsNameTheirModel() {
    let label = FitLabel.atPosteriorMean(of: "process")
    #expect(FitLabel.isAtPosteriorMean(label) && FitLabel.model(of: label) == "process")
    #expect(!FitLabel.isAtPosteriorMean("process") && FitLabel.model(of: "process") == "process")
    // What no model of the study explains stays as it is.
    #expect(FitLabel.today(of: "other.frozen", models: ["process"]) == "other.frozen")
    #expect(FitLabel.today(of: "process", models: ["process"]) == "process")
  }
}
