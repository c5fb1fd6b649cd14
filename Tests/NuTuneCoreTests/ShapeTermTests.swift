import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

@Suite struct ShapeTermTests {
  func evaluate(_ deviance: ShapeTerm, _ y: [Double]) throws -> (Double, [Double]) {
    var gradient = [Double](repeating: .nan, count: y.count)
    let loss = try y.withUnsafeBufferPointer { y in
      try gradient.withUnsafeMutableBufferPointer { try deviance.evaluate(rates: y, gradient: $0) }
    }
    return (loss, gradient)
  }

  @Test func knownValues() throws {
    let deviance = try ShapeTerm(data: [1, 1, 2, 0])
    let (loss, gradient) = try evaluate(deviance, [3, 1, 2, 2])
    let expected = 0.25 * log(0.25 / 0.375) + 0.25 * log(0.25 / 0.125) + 0.5 * log(0.5 / 0.25)
    #expect(abs(loss - expected) < 1e-15)
    #expect(gradient == [-0.25 / 3 + 0.125, -0.25 + 0.125, -0.25 + 0.125, 0.125])
  }

  @Test func zeroWhereTheShapesAgree() throws {
    let deviance = try ShapeTerm(data: [0.1, 0.2, 0.7, 0])
    let (loss, _) = try evaluate(deviance, [1, 2, 7, 0])
    #expect(loss >= 0 && loss < 1e-30)
  }

  /// A relative difference e in one bin costs ½ P(1−P) e² to leading order: small losses keep their digits.
  @Test func smallDifferencesKeepTheirDigits() throws {
    let deviance = try ShapeTerm(data: [0.25, 0.75])
    let e = 1e-5
    let (loss, _) = try evaluate(deviance, [0.25 * (1 + e), 0.75])
    #expect(abs(loss / (0.5 * 0.25 * 0.75 * e * e) - 1) < 2e-5)
  }

  @Test func gradientEqualsFiniteDifferences() throws {
    let stream = try RandomStream(seed: 3, purpose: "bins")
    let data = (0..<12).map { $0 % 4 == 0 ? 0 : stream.uniform() }
    let y = (0..<12).map { _ in 0.5 + 1.5 * stream.uniform() }
    let deviance = try ShapeTerm(data: data)
    let (_, gradient) = try evaluate(deviance, y)
    for bin in y.indices {
      var (up, down) = (y, y)
      up[bin] += 1e-5
      down[bin] -= 1e-5
      let difference = (try evaluate(deviance, up).0 - evaluate(deviance, down).0) / 2e-5
      #expect(abs(difference - gradient[bin]) < 1e-9)
    }
  }

  @Test func impossiblePredictionsAreNamed() throws {
    let deviance = try ShapeTerm(data: [1, 0, 3])
    #expect(throws: TermError.predictionNotPositive(bin: 2, prediction: 0, data: 0.75)) {
      try evaluate(deviance, [1, 1, 0])
    }
    #expect(throws: TermError.self) { try evaluate(deviance, [1, -1, 1]) }
    #expect(throws: TermError.self) { try evaluate(deviance, [1, .nan, 1]) }
    #expect(throws: TermError.self) { try evaluate(deviance, [.nan, 1, 1]) }
    #expect(throws: TermError.self) { try evaluate(deviance, [.infinity, 1, 1]) }
  }

  @Test func impossibleDataAreErrors() {
    #expect(throws: TermError.self) { try ShapeTerm(data: [1, -1]) }
    #expect(throws: TermError.self) { try ShapeTerm(data: [0, 0]) }
    #expect(throws: TermError.self) { try ShapeTerm(data: [1, .nan]) }
    #expect(throws: TermError.self) { try ShapeTerm(data: []) }
  }
}

/// What a failed training is told to look at.
@Suite struct TermErrorTests {
  private func failure(_ prediction: [Double], data: [Double]) -> TermError? {
    do {
      let deviance = try ShapeTerm(data: data, sample: "near-numu-fhc")
      var gradient = prediction
      _ = try prediction.withUnsafeBufferPointer { y in
        try gradient.withUnsafeMutableBufferPointer { try deviance.evaluate(rates: y, gradient: $0) }
      }
      return nil
    } catch { return error as? TermError }
  }

  @Test("a finite negative rate is not blamed on the learning rate; a training that runs away is")
  func causes() throws {
    for data in [[1.0, 0, 3], [1, 2, 3]] {
      let negative = try #require(failure([1, -5.85e-18, 2], data: data))
      #expect(negative.description.contains("bin 1 of near-numu-fhc"))
      #expect(negative.expectation.contains("response of the detector"))
      #expect(!negative.expectation.contains("learning_rate"))
      let wild = try #require(failure([1, .nan, 2], data: data))
      #expect(wild.expectation.contains("learning_rate"))
    }
    #expect(!TermError.invalidData("bin 1 contains -1").expectation.contains("learning_rate"))
  }
}
