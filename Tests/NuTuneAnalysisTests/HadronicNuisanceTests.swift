import Calorimeter
import Foundation
import GaussianProcessStructureFunctions
import NeuralStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing

/// Numbers of a hadronic response that are fitted with a model, and data of another response than the assumed one.
@Suite struct HadronicNuisanceTests {
  /// Data whose scale is 3 % above that of the detector, unless `truth` says otherwise.
  private static func analysis(
    _ nuisances: [HadronicNuisance], near: AnalysisOptions.Events = .init(1e7, .poisson),
    truth: [String: Double] = ["scale": 1.03]
  ) throws -> Analysis {
    var dataset = try HadronicEnergyTests.dataset(detector: HadronicEnergyTests.calorimeter())
    dataset.trueDetector = try HadronicEnergyTests.calorimeter(truth)
    return try AnalysisFixture.analysis([dataset, AnalysisFixture.dataset(at: .far)], fitted: []) {
      $0.near = near
      $0.hadronicNuisances = nuisances
    }
  }

  private static func results(_ analysis: Analysis) throws -> ModelResults {
    let truth = try #require(analysis.truth)
    let near = try analysis.nearData(of: truth)
    let tuned = try analysis.tuned(AnalysisFixture.detunedProcess(), label: "process", on: near, in: analysis.folded)
    let comparison = try ModelComparison(analysis, nearData: near, farData: analysis.farData(of: truth))
    var predictions = try comparison.predictions()
    return try comparison.results(
      of: tuned.model, tuned.responses, record: tuned.record, seconds: 0, fit: nil, label: "process",
      into: &predictions)
  }

  /// A free scale comes out where the data have it, and the model describes them; held at the wrong value no cross section
  /// does, neither with events nor without fluctuations.
  @Test func aWrongScaleIsFoundOrRefused() throws {
    let free = try Self.results(Self.analysis([HadronicNuisance("scale", width: nil)]))
    let estimate = try #require(free.training?.response?["scale"])
    #expect(free.training?.converged ?? false, "\(free.training?.verdict ?? "")")
    #expect(estimate.error > 1e-5 && estimate.error < 3e-3, "\(estimate)")
    #expect(abs(estimate.value - 1.03) < 3 * estimate.error, "\(estimate)")
    #expect(estimate.truth == 1.03 && estimate.nominal == 1 && estimate.pull == nil && !estimate.isConditional)
    #expect(abs(try #require(estimate.deviation)) < 3)
    #expect(free.near.goodnessOfFit?.verdict == .good, "\(String(describing: free.near.goodnessOfFit))")
    let held = try Self.results(Self.analysis([]))
    #expect(held.near.goodnessOfFit?.verdict == .poor && held.near.goodnessOfFit?.pValue ?? 1 < 1e-3)
    #expect(free.far?.tv ?? 1 < held.far?.tv ?? 0)
    let exact = try Self.results(Self.analysis([], near: .init(nil, .asimov)))
    #expect(exact.near.goodnessOfFit?.verdict == .poor)
  }

  /// Operators and their derivatives against forward models that are made with the numbers: exact where they are expanded,
  /// of third order in the distance elsewhere.
  @Test func operatorsFollowTheNumbers() throws {
    let analysis = try Self.analysis([
      HadronicNuisance("scale", width: 0.03), HadronicNuisance("stochastic", width: nil),
    ])
    let data = try analysis.nearData(of: analysis.truth)
    let problem = try analysis.tuningProblem(for: "process", on: data, in: analysis.folded)
    let parameters = problem.responseParameters
    #expect(parameters.map(\.name) == ["scale", "stochastic"] && parameters.map(\.nominal) == [1, 0.3])
    #expect(parameters[0].unit == 0.02 && abs(parameters[0].precision - 4 / 9.0) < 1e-12)
    #expect(parameters[1].precision == 0 && parameters[1].range == 0...3)
    let sample = problem.samples[0]
    let toy = try SmallNearProblem.toy()
    let values = try LeptonTensor(.numu).nodeValues(
      of: toy.structureFunctions(of: sample.sample.reaction, at: problem.nodes), at: problem.nodes
    ).flatMap { $0 }
    func rates(_ operation: any NodeOperator) -> [Double] {
      var rates = [Double](repeating: 0, count: operation.binCount)
      rates.withUnsafeMutableBufferPointer { rates in
        values.withUnsafeBufferPointer { operation.apply($0, rates: rates, threads: 1) }
      }
      return rates
    }
    func made(_ place: [Double]) throws -> [Double] {
      let numbers = zip(parameters, place).map { ($0.name, $0.value(at: $1)) }
      let folded = try analysis.folded.settingHadronicParameters(Dictionary(uniqueKeysWithValues: numbers))
      return try rates(
        analysis.tuningProblem(for: "process", on: data, in: folded).samples[0].nodeOperator)
    }
    let center = [1.0, -0.5]
    let expansion = try #require(sample.responseVariation).expansion(around: center)
    let at = expansion.operators(at: center)
    let expected = try made(center)
    let largest = expected.max() ?? 0
    #expect(zip(rates(at.operation), expected).allSatisfy { abs($0 - $1) < 1e-12 * largest })
    for index in 0..<2 {
      var (up, down) = (center, center)
      up[index] += 0.05
      down[index] -= 0.05
      let slope = zip(try made(up), try made(down)).map { ($0 - $1) / 0.1 }
      let size = slope.reduce(0) { max($0, abs($1)) }
      #expect(zip(rates(at.slopes[index]), slope).allSatisfy { abs($0 - $1) < 1e-4 * size }, "\(index)")
    }
    let away = [1.12, -0.4]
    let change = zip(try made(away), expected).map { $0 - $1 }
    let size = change.reduce(0) { max($0, abs($1)) }
    let found = zip(rates(expansion.operators(at: away).operation), expected).map { $0 - $1 }
    #expect(zip(found, change).allSatisfy { abs($0 - $1) < 1e-3 * size })
  }

  /// Error of a number and covariance of the weights against the inverse of the joint information of all weights and
  /// numbers, whose derivatives are taken here from basis functions and differences of forward models.
  @Test func covarianceIsThatOfTheJointPosterior() throws {
    let events = 1e6
    let analysis = try Self.analysis(
      [HadronicNuisance("scale", width: 0.01), HadronicNuisance("visible", width: 0.02)], near: .init(events, .asimov),
      truth: [:])
    let data = try analysis.nearData(of: analysis.truth)
    let problem = try analysis.tuningProblem(for: "process", on: data, in: analysis.folded)
    let process = try AnalysisFixture.smoothProcess()
    let result = try process.tuned(on: problem)
    let model = try #require(result.model as? any GaussianModel)
    let response = try #require(result.record.response)
    let numbers = response.mapValues(\.value)
    func operation(_ changes: [String: Double]) throws -> any NodeOperator {
      let folded = try analysis.folded.settingHadronicParameters(numbers.merging(changes) { $0 + $1 })
      return try analysis.tuningProblem(for: "process", on: data, in: folded).samples[0].nodeOperator
    }
    let reaction = problem.samples[0].sample.reaction
    func rates(_ functions: StructureFunctions, _ operation: any NodeOperator) -> [Double] {
      let values = LeptonTensor(.numu).nodeValues(of: functions, at: problem.nodes).flatMap { $0 }
      var rates = [Double](repeating: 0, count: operation.binCount)
      rates.withUnsafeMutableBufferPointer { rates in
        values.withUnsafeBufferPointer { operation.apply($0, rates: rates, threads: 1) }
      }
      return rates
    }
    let group = model.weightGroups[0]
    let fitted = try operation([:])
    let functions = try model.structureFunctions(of: reaction, at: problem.nodes)
    let basis = try #require(
      try model.basis(ofGroup: 0, weights: 0..<group.count, reaction: reaction, at: problem.nodes))
    var columns = basis.map { rates($0, fitted) }
    let names = ["scale", "visible"]
    let step = 1e-3
    for name in names {
      let (up, down) = try (operation([name: step]), operation([name: -step]))
      columns.append(zip(rates(functions, up), rates(functions, down)).map { ($0 - $1) / (2 * step) })
    }
    let expected = rates(functions, fitted)
    let total = expected.reduce(0, +)
    let kept = expected.indices.filter { expected[$0] > 1e-9 * total }
    let whitened = columns.map { column in
      let sum = kept.reduce(0) { $0 + column[$1] }
      return kept.map { (events / (expected[$0] * total)).squareRoot() * (column[$0] - expected[$0] / total * sum) }
    }
    var information = try Matrix(whitened).transposed.gram()
    let priors = [Double](repeating: 1, count: group.count) + [1e4, 2500]
    for (index, prior) in priors.enumerated() { information[index, index] += prior }
    let covariance = try Cholesky(information).inverse()
    for (index, name) in names.enumerated() {
      let error = covariance[group.count + index, group.count + index].squareRoot()
      #expect(abs(try #require(response[name]).error / error - 1) < 2e-3, "\(name)")
    }
    let (one, other) = (group.count, group.count + 1)
    let correlation = covariance[one, other] / (covariance[one, one] * covariance[other, other]).squareRoot()
    #expect(abs(try #require(result.record.correlations?["scale"]?["visible"]) - correlation) < 1e-3)
    for weight in 0..<group.count {
      let variance = group.factor.row(weight).reduce(0) { $0 + $1 * $1 }
      #expect(abs(variance / covariance[weight, weight] - 1) < 2e-3, "weight \(weight)")
    }
    try Self.compare(model, covariance, names: names)
    try Self.compare(
      try #require(process.restored(from: result.state) as? any GaussianModel), covariance, names: names)
  }

  /// What the posterior says of numbers and weights together against the inverse of the joint information.
  private static func compare(_ model: any GaussianModel, _ covariance: Matrix, names: [String]) throws {
    let posterior = try #require(model.responsePosterior)
    let factor = model.weightGroups[0].factor
    #expect(posterior.names == names && posterior.count == names.count)
    let weights = try posterior.weightChanges(of: 0, factor).multiplied(by: posterior.numbers.transposed)
    let numbers = try posterior.numbers.multiplied(by: posterior.numbers.transposed)
    func error(_ index: Int) -> Double { covariance[index, index].squareRoot() }
    for one in names.indices {
      for weight in 0..<factor.rows {
        let expected = covariance[weight, factor.rows + one]
        #expect(
          abs(weights[weight, one] - expected) < 2e-3 * error(weight) * error(factor.rows + one), "weight \(weight)")
      }
      for other in names.indices {
        let (row, column) = (factor.rows + one, factor.rows + other)
        #expect(abs(numbers[one, other] - covariance[row, column]) < 4e-3 * error(row) * error(column))
      }
    }
  }

  private static func net(_ changes: [String: ParameterValue] = [:]) throws -> NeuralStructureFunctions {
    let small: [String: ParameterValue] = ["network.hidden": .numbers([12, 12])]
    return try NeuralStructureFunctions(
      PluginConfiguration(
        parameters: NeuralStructureFunctions.descriptor.parameters.defaults().setting(
          small.merging(changes) { $1 })))
  }

  /// The gradient of the loss of nets with respect to response parameters against central differences, within a cell of the
  /// lattice around which operators are expanded and beyond the end of a range.
  @Test func gradientOfTrainedNumbers() throws {
    let analysis = try Self.analysis([
      HadronicNuisance("scale", width: 0.03), HadronicNuisance("spread", width: nil),
    ])
    let data = try analysis.nearData(of: analysis.truth)
    let problem = try analysis.tuningProblem(for: "net", on: data, in: analysis.folded)
    let net = try Self.net()
    var parameters = try net.deviance(on: problem).parameters
    let (first, second) = (parameters.count - 2, parameters.count - 1)
    #expect(parameters[first] == 0 && parameters[second] == 1)
    for (scale, spread) in [(0.3, 1.05), (-0.31, 2.2)] {
      (parameters[first], parameters[second]) = (scale, spread)
      let gradient = try net.deviance(on: problem, parameters: parameters).gradient
      for index in [first, second, 7] {
        func loss(_ step: Double) throws -> Double {
          var moved = parameters
          moved[index] += step
          return try net.deviance(on: problem, parameters: moved).loss
        }
        let difference = (try loss(1e-4) - loss(-1e-4)) / 2e-4
        #expect(abs(gradient[index] - difference) < 1e-5 * abs(difference) + 1e-9, "\(index) at \(scale)")
      }
    }
  }

  /// A training moves the number towards the data, gives the same bits with any number of threads, and says what its error
  /// leaves out.
  @Test func trainedNumbersDoNotDependOnThreads() throws {
    let analysis = try Self.analysis([HadronicNuisance("scale", width: 0.03)])
    let data = try analysis.nearData(of: analysis.truth)
    let net = try Self.net(["training.steps": .integer(60)])
    let runs = try [1, 3].map { threads in
      var problem = try analysis.tuningProblem(for: "net", on: data, in: analysis.folded)
      problem.threads = threads
      return try net.tuned(on: problem)
    }
    #expect(runs[0].state == runs[1].state && runs[0].record == runs[1].record)
    let estimate = try #require(runs[0].record.response?["scale"])
    #expect(estimate.isConditional && estimate.value != 1 && estimate.error > 0 && estimate.error < 0.01)
    #expect(estimate.pull == (estimate.value - 1) / 0.03)
    #expect(try net.restored(from: runs[0].state) is NeuralStructureFunctions)
  }

  /// Names that no detector has, and responses in Q² with models that know no nodes.
  @Test func refusals() throws {
    let unknown = try Self.analysis([HadronicNuisance("flavour", width: 1)])
    let data = try unknown.nearData(of: unknown.truth)
    let error = try #require(throws: NuTuneError.self) {
      try unknown.tuningProblem(for: "process", on: data, in: unknown.folded)
    }
    #expect(
      error.key == "near.nuisance.hadronic.flavour" && error.found.hasPrefix("no number of the hadronic response"))
    // The truth knows nodes: its data change with a dependence on Q² that the models do not have.
    let plain = try Self.analysis([], near: .init(nil, .asimov), truth: [:])
    let other = try Self.analysis([], near: .init(nil, .asimov), truth: ["q2_dependence": 0.1])
    let contents = try [plain, other].map { try $0.nearData(of: $0.truth)[0].contents }
    #expect(zip(contents[0], contents[1]).contains { abs($0 - $1) > 1e-4 })
  }
}
