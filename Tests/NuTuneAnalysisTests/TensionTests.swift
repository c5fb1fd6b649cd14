import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneResults
import Testing

/// What common functions of several measurements cost.
@Suite struct TensionTests {
  private func results(_ chiSquares: [String: Double], parameters: Double?) -> ModelResults {
    let measured = chiSquares.sorted { $0.key < $1.key }.map { name, chiSquare in
      MeasuredComparison(
        sample: name, statistic: "norm-shape", chiSquare: chiSquare, plain: 0, plainOfZero: 0, residuals: 9, rank: 9,
        threshold: 1e-6, ratio: 1)
    }
    return ModelResults(
      near: .init(
        tv: 0, deviance: chiSquares.values.reduce(0, +), bins: 9, samples: measured.map(\.sample),
        goodnessOfFit: GoodnessOfFit(verdict: .good, effectiveParameters: parameters), measured: measured),
      far: nil, slices: [], support: nil,
      training: .init(converged: true, verdict: "", steps: 1, loss: 0, seconds: 0), oscillation: nil)
  }

  private func study(_ labels: [String], _ values: [String: ParameterValue] = [:]) -> EffectiveStudy {
    EffectiveStudy(name: "s", title: "", models: labels, values: values)
  }

  /// Two parameters are saved, so that the probability is exp(−Δ/2): Δ = 30 − (8 + 16).
  @Test func theDifferenceIsAChiSquare() throws {
    let models = [
      "both": results(["a": 12, "b": 18], parameters: 3), "first": results(["a": 8], parameters: 2.5),
      "second": results(["b": 16], parameters: 2.5),
    ]
    let tensions = try Tension.all(of: study(["first", "both", "second"]), models)
    let one = try #require(tensions.first)
    #expect(tensions.count == 1 && one.joint == "both" && one.alone == ["first", "second"])
    #expect(one.difference == 6 && one.samples == [["a"], ["b"]] && one.savedParameters == 2)
    #expect(abs(try #require(one.pValue) - exp(-3)) < 1e-12)
  }

  /// Three measurements have the parts one by one, and two beside one where a model learned from the two.
  @Test func allPartitionsAreFound() throws {
    let models = [
      "all": results(["a": 10, "b": 10, "c": 10], parameters: nil), "ab": results(["a": 9, "b": 9], parameters: nil),
      "a": results(["a": 8], parameters: nil), "b": results(["b": 7], parameters: nil),
      "c": results(["c": 6], parameters: nil),
    ]
    let tensions = try Tension.all(of: study(["all", "ab", "a", "b", "c"]), models)
    #expect(tensions.map(\.joint) == ["all", "all", "ab"])
    #expect(tensions.map(\.alone) == [["ab", "c"], ["a", "b", "c"], ["a", "b"]])
    #expect(tensions.map(\.difference) == [6, 9, 3] && tensions.allSatisfy { $0.pValue == nil })
  }

  /// Two parts of one measurement are one vector of data together: its χ² counts, and there is no probability.
  @Test func partsShareErrors() throws {
    var models = [
      "both": results(["a": 12, "b": 18], parameters: 3), "first": results(["a": 8], parameters: 2.5),
      "second": results(["b": 16], parameters: 2.5),
    ]
    models["both"]?.near.deviance = 31
    models["both"]?.near.together = [
      JointComparison(samples: ["a", "b"], measurements: ["a", "b"], chiSquare: 31, residuals: 18)
    ]
    for (label, evidence) in [("both", -20.0), ("first", -5), ("second", -9)] {
      models[label]?.training?.logEvidence = evidence
    }
    let one = try #require(try Tension.all(of: study(["both", "first", "second"]), models).first)
    #expect(one.jointChiSquare == 31 && one.difference == 7 && one.savedParameters == 2)
    #expect(one.pValue == nil && one.sharesErrors == true && one.logBayesFactor == -6)
    // A third measurement beside both has none of their errors.
    models["both"] = results(["c": 4], parameters: 1)
    models["all"] = results(["a": 12, "b": 18, "c": 5], parameters: 3)
    models["all"]?.near.deviance = 36
    models["all"]?.near.together = [
      JointComparison(samples: ["a", "b"], measurements: ["a", "b"], chiSquare: 31, residuals: 18)
    ]
    models["first"] = results(["a": 12, "b": 17], parameters: 3)
    let other = try #require(try Tension.all(of: study(["all", "both", "first"]), models).first)
    #expect(
      other.jointChiSquare == 36 && other.sharesErrors == nil && other.pValue != nil && other.logBayesFactor == nil)
  }

  /// Models with other parameters are other functions; what they learn from and their seed are none.
  @Test func onlyTheSameModelIsCompared() throws {
    let models = [
      "both": results(["a": 12, "b": 18], parameters: 3), "first": results(["a": 8], parameters: 2),
      "second": results(["b": 16], parameters: 2),
    ]
    var values: [String: ParameterValue] = [
      "models.first.tune_on": .texts(["a"]), "models.second.network_seed": .integer(3),
    ]
    for label in ["both", "first", "second"] { values["models.\(label).length"] = .number(0.5) }
    let labels = ["both", "first", "second"]
    #expect(try Tension.all(of: study(labels, values), models).count == 1)
    values["models.second.length"] = .number(0.6)
    #expect(try Tension.all(of: study(labels, values), models).isEmpty)
  }
}
