import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

/// Terms of independent values as one, and one flux of several measurements.
@Suite struct SideBySideTermTests {
  private static let values: [Double] = [3, 5, 2, 7, 4]
  private static let rates: [Double] = [1.4, 2.6, 0.9, 3.7, 2.1]
  private static let parts = [0..<2, 2..<5]
  private static let norm = 0.2

  /// 10 % in every bin, with a correlation of the two bins of the first part, and a common norm that is the flux.
  private static func covariance(flux: Bool) -> Matrix {
    var matrix = Matrix(rows: 5, columns: 5)
    for i in 0..<5 {
      for j in 0..<5 {
        let own = i == j ? 0.01 : i + j == 1 ? 0.004 : 0
        matrix[i, j] = values[i] * values[j] * (own + (flux ? norm * norm : 0))
      }
    }
    return matrix
  }

  private static func measured(_ bins: Range<Int>, flux: Bool) throws -> MeasuredValues {
    try MeasuredValues(
      values: Array(values[bins]), covariance: covariance(flux: flux).selecting(Array(bins)), normalization: 2.1)
  }

  @Test("a covariance in blocks is one of independent terms")
  func blocks() throws {
    for log in [false, true] {
      func term(_ bins: Range<Int>) throws -> any ResidualTerm {
        let measured = try Self.measured(bins, flux: false)
        return log ? try LogNormalTerm(measured) : try GaussianTerm(measured)
      }
      let (whole, halves) = (try term(0..<5), SideBySideTerm(try Self.parts.map(term)))
      #expect(halves.binCount == 5 && halves.residualCount == 5 && halves.whitening.rank == 5)
      let (expected, found) = (
        try whole.minusTwoLogLikelihood(of: Self.rates), try halves.minusTwoLogLikelihood(of: Self.rates)
      )
      #expect(abs(found.value / expected.value - 1) < 1e-12)
      for (a, b) in zip(found.gradient, expected.gradient) { #expect(abs(a - b) < 1e-10 * max(abs(b), 1)) }
      let residuals = try halves.residuals(of: Self.rates)
      #expect(abs(residuals.chiSquare / expected.value - 1) < 1e-12)
      let (own, other) = (try residuals.jacobian.gram(), try whole.residuals(of: Self.rates).jacobian.gram())
      for (a, b) in zip(own.elements, other.elements) { #expect(abs(a - b) < 1e-9 * max(abs(b), 1)) }
    }
  }

  /// Two halves whose flux has one set of pulls are the whole, whose covariance of logarithms holds the flux in every block.
  @Test("halves with one flux have the pulls of the whole")
  func oneFlux() throws {
    let inside = try LogNormalTerm(try Self.measured(0..<5, flux: true))
    let components = try Self.parts.map { bins in
      let values = Array(Self.values[bins])
      var flux = Matrix(rows: bins.count, columns: bins.count)
      for i in values.indices { for j in values.indices { flux[i, j] = Self.norm * Self.norm * values[i] * values[j] } }
      return (components: try FluxComponents(flux, of: values, count: 3), values: values)
    }
    let shared = FluxComponents.shared(components)
    #expect(shared.changes.count == 1 && shared.changes[0].allSatisfy { abs(abs($0) - Self.norm) < 1e-12 })
    #expect(Set(shared.changes[0].map { $0 > 0 }).count == 1)
    let halves = SideBySideTerm(try Self.parts.map { try LogNormalTerm(try Self.measured($0, flux: false)) })
    let term = try FluxComponentTerm(halves, components: try Matrix(shared.changes))
    let expected = try inside.minusTwoLogLikelihood(of: Self.rates).value
    #expect(abs(try term.minusTwoLogLikelihood(of: Self.rates).value / expected - 1) < 1e-10)
    let whole = try FluxComponentTerm(
      try LogNormalTerm(try Self.measured(0..<5, flux: false)), components: try Matrix(shared.changes))
    #expect(abs(try term.pulls(of: Self.rates)[0] - whole.pulls(of: Self.rates)[0]) < 1e-10)
  }

  /// A component of the second measurement that falls where that of the first rises is turned over; one that the second does
  /// not have changes nothing of it.
  @Test("shared components are oriented by the sums of all values")
  func orientation() throws {
    let first = try FluxComponents(relative: Matrix(diagonal: [0.04, 0.01]), count: 2)
    let second = try FluxComponents(relative: Matrix(diagonal: [0.09]), count: 2)
    let shared = FluxComponents.shared([(first, [1, 1]), (second, [-2])])
    #expect(shared.changes.count == 2 && shared.selecting(2..<3).changes == [[shared.changes[0][2]], [0]])
    #expect(abs(abs(shared.changes[0][2]) - 0.3) < 1e-12)
    let rise = shared.changes[0][0] + shared.changes[0][1]
    #expect(rise * (-2 * shared.changes[0][2]) > 0)
  }
}
