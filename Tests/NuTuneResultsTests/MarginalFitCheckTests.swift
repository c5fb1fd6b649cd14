import Foundation
import NuTuneResults
import Testing

@Suite struct MarginalFitCheckTests {
  @Test func aSoundFitIsTrusted() {
    let check = MarginalFitCheck(
      profileShift: 0.1, refoldShift: 0.2, drawnShift: 0.3, slopeRatio: 1, slopeError: 0.05, leastErrorRatio: 1.02)
    #expect(check.reasons.isEmpty && check.warning == nil)
  }

  /// Each number withholds by itself, and so does one that is not a number.
  @Test(arguments: [
    (0.6, 0.0, 0.0, 1.0), (0, 0.6, 0, 1), (0, 0, 0.6, 1), (0, 0, 0, 0.45), (.nan, 0, 0, 1), (0, .nan, 0, 1),
    (0, 0, .nan, 1), (0, 0, 0, .nan),
  ]) func eachNumberWithholds(_ numbers: (Double, Double, Double, Double)) throws {
    let check = MarginalFitCheck(
      profileShift: numbers.0, refoldShift: numbers.1, drawnShift: numbers.2, slopeRatio: 1, slopeError: 0.05,
      leastErrorRatio: numbers.3)
    #expect(check.reasons.count == 1)
    #expect(try #require(check.warning).contains("withheld"))
    var model = ModelResults(
      near: ModelResults.Near(tv: 0, deviance: 0, bins: 1), far: nil, slices: [], support: nil, training: nil,
      oscillation: OscillationResults(
        converged: true, verdict: "", parameters: [], bestFit: [:], nearestMinimum: [:], errors: [:], correlation: 0,
        intervals: [:], minima: [], contours: [:]))
    model.apply(check)
    // Nothing wrong is the headline, and a program sees it.
    #expect(model.oscillation == nil && model.warnings?.count == 1)
  }
}
