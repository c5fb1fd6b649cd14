import Foundation
import NuTuneNumerics
import Testing

/// Reference values computed with mpmath at 40 digits.
@Suite struct SpecialFunctionsTests {
  @Test func gammaAndBeta() throws {
    #expect(abs(try SpecialFunctions.gamma(0.5) / Double.pi.squareRoot() - 1) < 1e-14)
    #expect(abs(try SpecialFunctions.gamma(10) / 362_880 - 1) < 1e-14)
    #expect(abs(try SpecialFunctions.logGamma(0.1) - 2.252712651734205959869701646) < 1e-14)
    #expect(abs(try SpecialFunctions.beta(2.5, 0.75) / 0.6390081251923158439679586625 - 1) < 1e-14)
    #expect(throws: NumericsError.self) { try SpecialFunctions.gamma(-1) }
    #expect(throws: NumericsError.self) { try SpecialFunctions.gamma(200) }
    #expect(throws: NumericsError.self) { try SpecialFunctions.beta(-0.5, 1) }
  }

  @Test func logOnePlusMinusKeepsItsDigits() throws {
    for x in [1e-9, -1e-9, 1e-5, 3e-4] {
      // Four terms: the next is x⁶/6, relative x⁴/3 < 3e-15.
      let series = -x * x / 2 * (1 - 2 * x / 3 + x * x / 2 - 2 * x * x * x / 5)
      #expect(abs(try SpecialFunctions.logOnePlusMinus(x) / series - 1) < 1e-14)
    }
    #expect(abs(try SpecialFunctions.logOnePlusMinus(3) - (log(4) - 3)) < 1e-15)
    #expect(throws: NumericsError.self) { try SpecialFunctions.logOnePlusMinus(-1) }
  }

  @Test func betaIsItsIntegral() throws {
    // Valence normalisation of the toy structure functions: ∫ x^−0.3 (1−x)^3.5 dx = B(0.7, 4.5); x = t^(10/7) removes
    // the singularity.
    let integral = try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-11) { t in
      let x = pow(t, 10.0 / 7)
      return 10.0 / 7 * pow(1 - x, 3.5)
    }
    #expect(abs(integral.value / (try SpecialFunctions.beta(0.7, 4.5)) - 1) < 1e-10)
  }

  @Test func quantiles() throws {
    #expect(abs(try SpecialFunctions.normalQuantile(0.975) - 1.959963984540054235524594) < 1e-12)
    #expect(abs(try SpecialFunctions.normalQuantile(1e-10) + 6.361340902404056199100396) < 1e-12)
    #expect(try SpecialFunctions.normalQuantile(0.5) == 0)
    #expect(abs(try SpecialFunctions.chiSquareQuantile(0.95, degreesOfFreedom: 1) - 3.841458820694125958361375) < 1e-12)
    #expect(abs(try SpecialFunctions.chiSquareQuantile(0.95, degreesOfFreedom: 5) - 11.07049769351635417816027) < 1e-12)
    #expect(
      abs(try SpecialFunctions.chiSquareQuantile(0.6827, degreesOfFreedom: 3) - 3.526822178865991271494297) < 1e-12)
    #expect(
      abs(try SpecialFunctions.chiSquareQuantile(0.6827, degreesOfFreedom: 2) - 2.295815160785974337606375) < 1e-12)
    #expect(
      abs(try SpecialFunctions.chiSquareQuantile(0.9545, degreesOfFreedom: 2) - 6.180085906050464640624733) < 1e-12)
    #expect(throws: NumericsError.self) { try SpecialFunctions.normalQuantile(1) }
    #expect(throws: NumericsError.self) { try SpecialFunctions.chiSquareQuantile(1.2, degreesOfFreedom: 2) }
    #expect(throws: NumericsError.self) { try SpecialFunctions.chiSquareQuantile(.nan, degreesOfFreedom: 2) }
  }

  /// Critical distances of finite numbers of samples, L. H. Miller, J. Am. Stat. Assoc. 51 (1956) 111.
  @Test func kolmogorovDistances() throws {
    for (samples, distance, probability) in [
      (10, 0.40925, 0.05), (20, 0.29408, 0.05), (20, 0.35241, 0.01), (50, 0.18845, 0.05), (50, 0.22604, 0.01),
    ] {
      let found = try SpecialFunctions.kolmogorovProbability(above: distance, samples: samples)
      #expect(abs(found - probability) < 0.0005, "\(samples), \(distance): \(found)")
    }
    #expect(try SpecialFunctions.kolmogorovProbability(above: 0, samples: 50) == 1)
    #expect(try SpecialFunctions.kolmogorovProbability(above: 1, samples: 50) < 1e-30)
    // λ = 0.149 and 0.151, on both sides of where the series starts.
    for distance in [0.000149, 0.000151] {
      #expect(abs(try SpecialFunctions.kolmogorovProbability(above: distance, samples: 1_000_000) - 1) < 1e-14)
    }
    #expect(throws: NumericsError.self) { try SpecialFunctions.kolmogorovProbability(above: 1.1, samples: 3) }
    #expect(throws: NumericsError.self) { try SpecialFunctions.kolmogorovProbability(above: 0.1, samples: 0) }
  }

  @Test func probabilities() throws {
    let above = try SpecialFunctions.chiSquareProbability(above: 11, degreesOfFreedom: 5)
    #expect(abs(above - 0.0513799834830695322074) < 1e-14)
    #expect(abs(SpecialFunctions.probability(withinSigmas: 1) - 0.682689492137085897) < 1e-15)
    #expect(abs(SpecialFunctions.probability(withinSigmas: 2) - 0.954499736103641585) < 1e-15)
    #expect(abs(SpecialFunctions.normalProbability(below: 1) - 0.841344746068542949) < 1e-15)
  }
}
