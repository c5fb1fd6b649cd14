import FittedTheory
import Foundation
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// Residuals of counts and of values, whose sum of squares is −2lnL, and their derivatives.
@Suite struct NearResidualTests {
  /// r² is the Poisson deviance of a bin, and the slope that of a difference.
  @Test(arguments: [0, 1, 3, 250, 1e6]) func devianceResidualsSquareToTheDeviance(events: Double) {
    for ratio in [1e-12, 0.01, 0.4, 0.9, 0.9995, 1, 1.0000001, 1.0009, 1.0011, 1.3, 7] {
      let expected = ratio * max(events, 1)
      let residual = DevianceResidual(events: events, expected: expected)
      let deviance = PoissonDeviance.value(events: events, mean: expected)
      #expect(abs(residual.value * residual.value - deviance) <= 1e-9 * deviance + 1e-12, "\(events) \(expected)")
      #expect(events == 0 || (residual.value > 0) == (expected > events) || residual.value == 0)
      let step = 1e-4 * expected
      let (up, down) = (
        DevianceResidual(events: events, expected: expected + step).value,
        DevianceResidual(events: events, expected: expected - step).value
      )
      #expect(abs((up - down) / (2 * step) / residual.slope - 1) < 1e-6, "\(events) \(expected)")
    }
  }

  /// Rates of a sample that is a sum are those of its components, each with the structure functions of its sign.
  @Test func ratesOfASumAreThoseOfItsComponents() throws {
    var small = try SmallNearProblem(species: [.numu, .numubar], events: 3000)
    let toy = try SmallNearProblem.toy()
    func rates() throws -> [[Double]] {
      let near = try NearResiduals(small.problem, infiniteEvents: 1e9)
      return near.rates(try near.nodeValues(of: toy))
    }
    let pure = try rates()
    small.problem.samples[1].others = small.problem.samples[0].components
    #expect(try rates() == [pure[0], zip(pure[1], pure[0]).map { $0 + $1 }])
  }

  private static func terms(_ small: SmallNearProblem) throws -> [(any LikelihoodTerm)?] {
    let rates = try small.rates(of: try SmallNearProblem.toy(), small.problem.samples[0])
    let values = rates.map { 1.1 * max($0, 0) + 0.01 }
    var covariance = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices { covariance[i, j] = values[i] * values[j] * (i == j ? 0.05 : 0.02) }
    }
    let measured = try MeasuredValues(values: values, covariance: covariance)
    return [
      nil, try PoissonTerm(counts: rates.map { (2000 * max($0, 0)).rounded() }, normalization: 1700),
      try GaussianTerm(measured), try NormShapeTerm(measured),
    ]
  }

  /// Sum of squares is −2lnL of the term, and the Jacobian is that of differences along a change of all rates; where
  /// data agree with the prediction the information of counts is that of the residuals.
  @Test(arguments: 0..<4) func jacobiansAreDifferences(kind: Int) throws {
    var small = try SmallNearProblem(events: 3000)
    small.problem.samples[0].term = try Self.terms(small)[kind]
    let sample = small.problem.samples[0]
    let near = try NearResiduals(small.problem, infiniteEvents: 1e9)
    let toy = try SmallNearProblem.detunedToy()
    let rates = near.rates(try near.nodeValues(of: toy))
    #expect(rates[0] == (try small.rates(of: toy, sample)))
    // Bins that no lepton reaches stay where they are held.
    let least = 1e-9 * rates[0].reduce(0, +)
    let slopes = (0..<2).map { parameter in
      rates.map { $0.enumerated().map { $1 > least ? $1 * (0.3 + 0.5 * sin(Double((parameter + 2) * $0))) : 0 } }
    }
    let found = try near.residuals(of: rates, slopes: slopes)[0]
    let held = rates[0].map { max($0, 1e-11 * rates[0].reduce(0) { $0 + max($1, 0) }) }
    let expected = try sample.likelihoodTerm().minusTwoLogLikelihood(of: held).value
    #expect(abs(found.values.reduce(0) { $0 + $1 * $1 } / expected - 1) < 1e-9)
    for parameter in 0..<2 {
      func at(_ step: Double) throws -> [Double] {
        let moved = zip(rates[0], slopes[parameter][0]).map { $0 + step * $1 }
        return try near.residuals(of: [moved])[0].values
      }
      let (up, down) = (try at(1e-5), try at(-1e-5))
      let scale = found.jacobian.column(parameter).reduce(0) { max($0, abs($1)) }
      for row in found.values.indices {
        #expect(abs((up[row] - down[row]) / 2e-5 - found.jacobian[row, parameter]) < 1e-4 * scale, "row \(row)")
      }
    }
    guard kind == 0 else { return }
    small.problem.samples[0].probabilities = held.map { $0 / held.reduce(0, +) }
    let exact = try NearResiduals(small.problem, infiniteEvents: 1e9).residuals(of: rates, slopes: slopes)[0]
    let (information, squares) = (try exact.design.gram(), try exact.jacobian.gram())
    for i in 0..<2 { for j in 0..<2 { #expect(abs(squares[i, j] - information[i, j]) < 1e-9 * information[0, 0]) } }
  }
}
