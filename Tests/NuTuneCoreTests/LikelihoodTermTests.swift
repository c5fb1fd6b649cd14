import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

/// Terms of a likelihood against their formulas, written down again, and against finite differences.
@Suite struct LikelihoodTermTests {
  private static let counts: [Double] = [12, 0, 5, 31]
  private static let rates: [Double] = [1.1, 0.2, 0.45, 2.9]

  private static func covariance() -> Matrix {
    var matrix = Matrix(rows: 4, columns: 4)
    for i in 0..<4 { for j in 0..<4 { matrix[i, j] = (i == j ? 2.0 : 0) + 0.5 * Double(i + 1) * Double(j + 1) / 4 } }
    return matrix
  }

  private static func terms() throws -> [any LikelihoodTerm] {
    [
      try ShapeTerm(data: counts, events: counts.reduce(0, +)), try PoissonTerm(counts: counts, normalization: 10.5),
      try GaussianTerm(values: counts, covariance: covariance(), normalization: 10.5),
    ]
  }

  @Test func valuesAreTheirFormulas() throws {
    let (n, rates) = (Self.counts, Self.rates)
    let (events, total) = (n.reduce(0, +), rates.reduce(0, +))
    let shape = zip(n, rates).reduce(0) { $1.0 > 0 ? $0 + 2 * $1.0 * log($1.0 * total / ($1.1 * events)) : $0 }
    let poisson = zip(n, rates).reduce(0) { sum, bin in
      let mu = 10.5 * bin.1
      return sum + 2 * (mu - bin.0 + (bin.0 > 0 ? bin.0 * log(bin.0 / mu) : 0))
    }
    // (2 + u uᵀ)⁻¹ of u = √(1/8) (1, 2, 3, 4) by Sherman and Morrison.
    let difference = zip(n, rates).map { 10.5 * $1 - $0 }
    let u = (1...4).map { Double($0) / 8.0.squareRoot() }
    let along = zip(u, difference).reduce(0) { $0 + $1.0 * $1.1 }
    let squares = u.reduce(0) { $0 + $1 * $1 }
    let gaussian = difference.reduce(0) { $0 + $1 * $1 } / 2 - along * along / 4 / (1 + squares / 2)
    for (term, expected) in zip(try Self.terms(), [shape, poisson, gaussian]) {
      #expect(abs(try term.minusTwoLogLikelihood(of: rates).value - expected) < 1e-12 * expected, "\(type(of: term))")
    }
  }

  @Test func gradientsAreFiniteDifferences() throws {
    for term in try Self.terms() {
      let gradient = try term.minusTwoLogLikelihood(of: Self.rates).gradient
      for bin in Self.rates.indices {
        func value(_ step: Double) throws -> Double {
          var rates = Self.rates
          rates[bin] += step
          return try term.minusTwoLogLikelihood(of: rates).value
        }
        let difference = try (value(1e-6) - value(-1e-6)) / 2e-6
        #expect(abs(gradient[bin] - difference) < 1e-6 * max(abs(difference), 1), "\(type(of: term)) \(bin)")
      }
    }
  }

  /// A shape is Poisson with a free norm: minimised over its normalization the one is the other.
  @Test func aShapeIsPoissonWithAFreeNorm() throws {
    let best = Self.counts.reduce(0, +) / Self.rates.reduce(0, +)
    let poisson = try PoissonTerm(counts: Self.counts, normalization: best).minusTwoLogLikelihood(of: Self.rates)
    let shape = try Self.terms()[0].minusTwoLogLikelihood(of: Self.rates)
    #expect(abs(poisson.value - shape.value) < 1e-12 * shape.value)
    for factor in [0.9, 1.1] {
      #expect(
        try PoissonTerm(counts: Self.counts, normalization: best * factor).minusTwoLogLikelihood(of: Self.rates).value
          > shape.value)
    }
  }

  @Test func whatIsNoDataIsRefused() throws {
    #expect(throws: TermError.self) { try PoissonTerm(counts: [1, -1], normalization: 1) }
    #expect(throws: TermError.self) { try PoissonTerm(counts: [1, 1], normalization: 0) }
    #expect(throws: TermError.invalidData("a covariance that is not positive definite")) {
      try GaussianTerm(values: [1, 2], covariance: try Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 1]))
    }
    #expect(throws: TermError.predictionNotPositive(bin: 1, prediction: 0, data: 2)) {
      try PoissonTerm(counts: [1, 2], normalization: 1).minusTwoLogLikelihood(of: [1, 0])
    }
    #expect(throws: TermError.self) {
      try GaussianTerm(values: [1], covariance: try Matrix(rows: 1, columns: 1, elements: [1]))
        .minusTwoLogLikelihood(of: [.nan])
    }
  }
}
