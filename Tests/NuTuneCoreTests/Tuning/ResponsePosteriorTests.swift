import NuTuneCore
import NuTuneNumerics
import Testing

@Suite struct ResponsePosteriorTests {
  /// Weights at given numbers and the changes with the numbers make up the covariance that is marginal over them; of a single
  /// weight and number with the correlation 0.6 a share of 0.8 of its error is left.
  @Test func covarianceIsASum() throws {
    let stream = try RandomStream(seed: 2, purpose: "response-posterior")
    func random(_ rows: Int, _ columns: Int, _ size: Double) throws -> Matrix {
      try Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in size * stream.gaussian() })
    }
    let factor = try random(6, 6, 1)
    var weights = try random(6, 2, 0.2)
    for row in 0..<6 { weights[row, 1] = row == 0 ? weights[row, 1] : 2 * weights[row, 0] }
    let posterior = ResponsePosterior(
      names: ["scale", "visible"], numbers: try Matrix([[0.01, 0], [0.002, 0.03]]), weights: [weights])
    let conditional = try posterior.conditionalFactor(of: 0, factor)
    let changes = try posterior.weightChanges(of: 0, factor)
    let sum = [conditional, changes].map { try? $0.multiplied(by: $0.transposed) }
    let whole = try factor.multiplied(by: factor.transposed)
    for index in whole.elements.indices {
      let found = sum.reduce(0) { $0 + ($1?.elements[index] ?? .nan) }
      #expect(abs(found - whole.elements[index]) < 1e-12)
    }
    #expect(posterior.numberChanges(along: [1, -2]) == ["scale": 0.01, "visible": 0.002 - 0.06])
    let single = ResponsePosterior(
      names: ["scale"], numbers: Matrix(diagonal: [0.1]), weights: [Matrix(diagonal: [0.6])])
    #expect(abs(try single.conditionalFactor(of: 0, Matrix(diagonal: [2]))[0, 0] - 1.6) < 1e-14)
    #expect(try single.weightChanges(of: 0, Matrix(diagonal: [2]))[0, 0] == 1.2)
    // Weights that follow the numbers alone have nothing left.
    let bound = ResponsePosterior(
      names: ["scale"], numbers: Matrix(diagonal: [0.1]), weights: [Matrix(diagonal: [1])])
    #expect(abs(try bound.conditionalFactor(of: 0, Matrix(diagonal: [2]))[0, 0]) < 1e-7)
  }
}
