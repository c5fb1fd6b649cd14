import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// Kernels that are added.
@Suite struct SumOfKernelsTests {
  private typealias Model = GaussianProcessStructureFunctions

  /// A short kernel and a long one, with their own correlations between the functions.
  private static let shortAndLong: [String: ParameterValue] = [
    "kernel.amplitude": .numbers([0.3, 0.5]), "kernel.length_w2": .numbers([1, 2]),
    "kernel.length_q2": .numbers([1.5, 3]), "kernel.correlation": .numbers([0.2, 0.8]),
  ]

  private func untuned(_ changes: [String: ParameterValue]) throws -> Model {
    var configuration = PluginConfiguration(parameters: Model.descriptor.parameters.defaults().setting(changes))
    configuration.components["prior"] = try SmallNearProblem.detunedToy()
    return try Model(configuration)
  }

  /// toy-sf in absolute values with an independent error of 5 % and a common one of 10 %.
  private func measured() throws -> SmallNearProblem {
    var small = try SmallNearProblem()
    let rates = try small.rates(of: try SmallNearProblem.toy(), small.problem.samples[0])
    let least = 1e-3 * (rates.max() ?? 0)
    let values = rates.map { max($0, 1e-3 * least) }
    var covariance = Matrix(diagonal: values.map { pow(0.05 * $0, 2) + least * least })
    for i in values.indices { for j in values.indices { covariance[i, j] += 0.01 * values[i] * values[j] } }
    small.problem.samples[0].term = try GaussianTerm(values: values, covariance: covariance)
    return small
  }

  /// a²/2 + a²/2 = a²: predictions, their covariance, effective parameters and ln of the evidence are those of the one kernel.
  @Test(arguments: [true, false]) func twoEqualKernelsAreOne(_ isAbsolute: Bool) throws {
    let small = try isAbsolute ? measured() : SmallNearProblem(events: 1e5)
    let sample = small.problem.samples[0]
    let lengths: [String: ParameterValue] = ["kernel.length_w2": .number(1), "kernel.length_q2": .number(1.5)]
    let half = 0.4 / 2.0.squareRoot()
    let amplitudes: [ParameterValue] = [.number(0.4), .numbers([half, half])]
    let found = try amplitudes.map { amplitude in
      let result = try untuned(lengths.merging(["kernel.amplitude": amplitude]) { $1 }).tuned(on: small.problem)
      let model = try #require(result.model as? Model)
      let factor = model.weightGroups[0].factor
      let spread = try small.design(model).multiplied(by: factor)
      return (
        rates: try small.rates(of: model, sample), covariance: try spread.rowGram(),
        evidence: try #require(result.record.logEvidence),
        parameters: try #require(result.record.effectiveParameters?[sample.sample.name]?.trace), count: factor.rows
      )
    }
    #expect(found[1].count == 2 * found[0].count)
    let largest = found[0].rates.max() ?? 0
    for (one, two) in zip(found[0].rates, found[1].rates) { #expect(abs(one - two) < 1e-9 * largest) }
    let widest = found[0].covariance.diagonal.max() ?? 0
    #expect(widest > 0)
    for (one, two) in zip(found[0].covariance.elements, found[1].covariance.elements) {
      #expect(abs(one - two) < 1e-9 * widest)
    }
    #expect(abs(found[0].evidence - found[1].evidence) < 1e-9 * abs(found[0].evidence))
    #expect(abs(found[0].parameters - found[1].parameters) < 1e-9 * found[0].parameters)
  }

  /// Before data say anything the variance of a modulation is the sum of the kernels, that between two functions the sum
  /// with the correlation of each. The basis is good to 10⁻³ of a variance.
  @Test func theCovarianceIsTheSum() throws {
    let small = try SmallNearProblem(events: 1e-6)
    let model = try #require(try untuned(Self.shortAndLong).tuned(on: small.problem).model as? Model)
    let points = InvariantPoints(omega: [0.5, 0.6, 1.2], q2: [0.5, 0.5, 1.6])
    let basis = try #require(
      try model.basis(ofGroup: 0, weights: 0..<model.weightGroups[0].count, reaction: small.reaction, at: points))
    let center = try model.structureFunctions(of: small.reaction, at: points)
    // Relative changes of W₋ = ½(W₁ + |q|W₃/2M) and W₊.
    func part(_ functions: StructureFunctions, _ sign: Double, _ i: Int) -> Double {
      let momentum = (points.q2[i] + points.omega[i] * points.omega[i]).squareRoot()
      return functions.w[0][i] + sign * functions.w[2][i] * momentum / (2 * PhysicalConstants.nucleonMass)
    }
    let t = (0..<3).map { asinh((2 * PhysicalConstants.nucleonMass * points.omega[$0] - points.q2[$0]) / 0.25) }
    let u = points.q2.map { log($0 + 0.03) }
    for i in 0..<3 {
      for j in 0..<3 {
        func covariance(_ a: Double, _ b: Double) -> Double {
          basis.reduce(0) { $0 + part($1, a, i) / part(center, a, i) * part($1, b, j) / part(center, b, j) }
        }
        let short = 0.09 * exp(-0.5 * (pow(t[i] - t[j], 2) + pow((u[i] - u[j]) / 1.5, 2)))
        let long = 0.25 * exp(-0.5 * (pow((t[i] - t[j]) / 2, 2) + pow((u[i] - u[j]) / 3, 2)))
        #expect(abs(covariance(1, 1) - short - long) < 1e-3 * 0.34)
        #expect(abs(covariance(1, -1) - 0.2 * short - 0.8 * long) < 1e-3 * 0.34)
      }
    }
  }

  /// Sums over the grid are those of basis functions folded one by one, which are the derivatives of the displaced model;
  /// and a state keeps all kernels.
  @Test func slopesAndState() throws {
    let small = try SmallNearProblem(events: 1e5)
    let (nodes, sample) = (small.problem.nodes, small.problem.samples[0])
    let untuned = try untuned(Self.shortAndLong)
    let result = try untuned.tuned(on: small.problem)
    let model = try #require(result.model as? Model)
    let direct = try small.design(model)
    let functionals = small.functionalsOfBins()
    let slopes = try #require(try model.slopes(ofGroup: 0, of: functionals, reaction: small.reaction, at: nodes))
    let scale = direct.elements.reduce(0) { max($0, abs($1)) }
    #expect(slopes.rows == direct.rows && slopes.columns == direct.columns && scale > 0)
    for (one, other) in zip(slopes.elements, direct.elements) { #expect(abs(one - other) < 1e-10 * scale) }
    let again = try #require(try untuned.restored(from: result.state) as? Model)
    let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
    func first(_ model: any StructureFunctionModel) throws -> [Double] {
      try model.structureFunctions(of: small.reaction, at: points).w[0]
    }
    for (one, other) in zip(try first(model), try first(again)) { #expect(abs(one - other) < 1e-12 * one) }
    let count = slopes.columns
    for weight in [1, count / 2, count - 2] {
      let slope = try #require(
        try again.basis(ofGroup: 0, weights: weight..<weight + 1, reaction: small.reaction, at: points))[0].w[0]
      let sides = try [1e-5, -1e-5].map { step in
        try first(try again.displaced(by: [(0..<count).map { $0 == weight ? step : 0 }]))
      }
      for i in 0..<3 { #expect(abs((sides[0][i] - sides[1][i]) / 2e-5 - slope[i]) < 1e-6 * sides[0][i]) }
    }
    var broken = result.state
    broken.card["neutrino.axis_q2.2"] = nil
    #expect(throws: NuTuneError.self) { try untuned.restored(from: broken) }
  }

  /// A grid scales all kernels of a sum: with ten million events and a prior that is wrong, evidence takes the whole and
  /// not a thousandth.
  @Test func evidenceScalesASum() throws {
    let grid: [String: ParameterValue] = [
      "kernel.choice": .text("grid"), "kernel.scales": .numbers([0.001, 1]), "kernel.correlations": .numbers([0.5]),
    ]
    let card = try untuned(Self.shortAndLong.merging(grid) { $1 })
      .tuned(on: try SmallNearProblem(events: 1e7).problem).state.card
    #expect(card["neutrino.kernel"] == .numbers([1, 1.5, 0.3, 0.5]))
    #expect(card["neutrino.kernel.2"] == .numbers([2, 3, 0.5, 0.5]))
  }

  @Test func wrongSumsAreRefused() throws {
    let cases: [(changes: [String: ParameterValue], key: String, text: String)] = [
      (["kernel.correlation": .numbers([0.1, 0.2, 0.3])], "kernel.amplitude", "one number for each of 3 kernels"),
      (
        ["kernel.choice": .text("grid"), "kernel.lengths_w2": .numbers([1, 2])], "kernel.lengths_w2",
        "kernel.correlations or kernel.scales"
      ),
      (["kernel.scales": .numbers([1])], "kernel.scales", "`kernel.choice: grid`"),
      (
        ["kernel.choice": .text("grid"), "kernel.scales": .numbers([1, 2])], "kernel.scales", "at most 0.6"
      ),
    ]
    for wrong in cases {
      let error = #expect(throws: NuTuneError.self) {
        try untuned(Self.shortAndLong.merging(wrong.changes) { $1 })
      }
      #expect(error?.key == wrong.key && error?.expected.contains(wrong.text) == true, "\(error?.description ?? "")")
    }
  }

  /// What is searched is bounded, and the sentence says what every kernel takes.
  @Test func tooManyWeightsAreRefused() throws {
    let untuned = try untuned([
      "kernel.amplitude": .numbers([0.4, 0.4]), "kernel.length_w2": .number(0.15), "kernel.length_q2": .number(0.3),
    ])
    let error = #expect(throws: NuTuneError.self) { try untuned.tuned(on: try SmallNearProblem().problem) }
    let sentence = error?.description ?? ""
    #expect(sentence.contains("weights, 3 functions on") && sentence.contains(" + "), "\(sentence)")
  }
}
