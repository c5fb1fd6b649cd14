import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// The functions that weights of a process multiply.
@Suite struct BasisFunctionTests {
  /// Basis functions are the derivatives of the displaced model.
  @Test(arguments: [[NeutrinoSpecies.numu], [.numu, .nue]]) func basisFunctionsAreDerivatives(
    _ species: [NeutrinoSpecies]
  ) throws {
    let small = try SmallNearProblem(species: species, events: 1e5)
    for prior in [try SmallNearProblem.detunedToy() as (any CrossSectionModel)?, nil] {
      let model = try small.tunedProcess(prior: prior)
      let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
      let count = model.weightGroups[0].count
      for weight in stride(from: 3, to: count, by: count / 9) {
        let slope = try #require(
          try model.basis(ofGroup: 0, weights: weight..<weight + 1, reaction: small.reaction, at: points))[0]
        let sides = try [1e-5, -1e-5].map { step in
          var change = [Double](repeating: 0, count: count)
          change[weight] = step
          return try model.displaced(by: [change]).structureFunctions(of: small.reaction, at: points)
        }
        for index in 0..<5 {
          for i in 0..<3 {
            let difference = (sides[0].w[index][i] - sides[1].w[index][i]) / 2e-5
            let scale = abs(sides[0].w[0][i]) + abs(sides[0].w[index][i])
            #expect(abs(difference - slope.w[index][i]) < 1e-6 * scale)
          }
        }
      }
    }
  }

  /// Slopes of the rates of all bins by sums over the grid, against basis functions that are folded one by one.
  @Test(arguments: [[NeutrinoSpecies.numu], [.numu, .nue]]) func slopesOfBinsAreThoseOfFoldedBasisFunctions(
    _ species: [NeutrinoSpecies]
  ) throws {
    let small = try SmallNearProblem(species: species, events: 1e5)
    let nodes = small.problem.nodes
    let functionals = small.functionalsOfBins()
    for prior in [try SmallNearProblem.detunedToy() as (any CrossSectionModel)?, nil] {
      let model = try small.tunedProcess(prior: prior)
      let direct = try small.design(model)
      let slopes = try #require(
        try model.slopes(ofGroup: 0, of: functionals, reaction: small.reaction, at: nodes))
      #expect(slopes.rows == direct.rows && slopes.columns == direct.columns)
      let scale = direct.elements.reduce(0) { max($0, abs($1)) }
      #expect(scale > 0)
      for (one, other) in zip(slopes.elements, direct.elements) { #expect(abs(one - other) < 1e-10 * scale) }
      let antineutrinos = Reaction(species: .numubar, target: small.reaction.target)
      let others = try model.slopes(ofGroup: 0, of: functionals, reaction: antineutrinos, at: nodes)
      #expect(others == Matrix(rows: functionals.count, columns: direct.columns))
    }
  }

  /// Before data say anything the covariance of two modulations is the kernel, and 0.5 of it between two functions. The
  /// basis is spaced by 0.7 lengths, good to 10⁻³ of the variance.
  @Test func theBasisHasTheCovarianceOfTheKernel() throws {
    let small = try SmallNearProblem()
    let prior = try SmallNearProblem.toy()
    let lengths: [String: ParameterValue] = ["kernel.length_w2": .number(0.5), "kernel.length_q2": .number(0.7)]
    let model = try small.tunedProcess(lengths, prior: prior)
    let points = InvariantPoints(omega: [0.5, 0.6, 1.2, 1.2], q2: [0.5, 0.5, 0.8, 1.6])
    let count = model.weightGroups[0].count
    let basis = try #require(try model.basis(ofGroup: 0, weights: 0..<count, reaction: small.reaction, at: points))
    let theory = try model.structureFunctions(of: small.reaction, at: points)
    // Relative changes of W₋ = ½(W₁ + |q|W₃/2M) and W₊.
    func part(_ functions: StructureFunctions, _ sign: Double, _ i: Int) -> Double {
      let momentum = (points.q2[i] + points.omega[i] * points.omega[i]).squareRoot()
      return functions.w[0][i] + sign * functions.w[2][i] * momentum / (2 * PhysicalConstants.nucleonMass)
    }
    let mass = PhysicalConstants.nucleonMass
    let t = (0..<4).map { asinh((2 * mass * points.omega[$0] - points.q2[$0]) / 0.25) }
    let u = (0..<4).map { log(points.q2[$0] + 0.03) }
    for i in 0..<4 {
      for j in 0..<4 {
        let distance = pow((t[i] - t[j]) / 0.5, 2) + pow((u[i] - u[j]) / 0.7, 2)
        let expected = 0.16 * exp(-0.5 * distance)
        func covariance(_ a: Int, _ b: Int) -> Double {
          basis.reduce(0) {
            $0 + part($1, a == 0 ? 1 : -1, i) / part(theory, a == 0 ? 1 : -1, i) * part($1, b == 0 ? 1 : -1, j)
              / part(theory, b == 0 ? 1 : -1, j)
          }
        }
        #expect(abs(covariance(0, 0) - expected) < 1e-3 * 0.16)
        #expect(abs(covariance(0, 2) - 0.5 * expected) < 1e-3 * 0.16)
      }
    }
  }
}
