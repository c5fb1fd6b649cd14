import Foundation
import NeuralStructureFunctions
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// A small near-detector problem with real physics: 8 × 5 bins, a bell-shaped flux, toy-sf as the truth.
private struct SmallProblem {
  let problem: TuningProblem
  let reaction: Reaction

  init(threads: Int = 1, seed: UInt64 = 1, species: [NeutrinoSpecies] = [.numu]) throws {
    let target = try Target(named: "Ar40")
    reaction = Reaction(species: .numu, target: target)
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3, 4]),
      Axis(.cosTheta, edges: [-1, 0, 0.6, 0.8, 0.92, 1]))
    let cells = EnergyCells.standard(over: 0.3...6, scale: 4)
    let grid = NodeGrid(maximumEnergy: 6, tCount: 50, uCount: 30)
    let averaging = try cells.averaging(breakpoints: [])
    let weights = averaging.means(of: averaging.energies.map { exp(-($0 - 2) * ($0 - 2) / 2) })
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    var runs: [NodeRuns] = []
    var data: [[Double]] = []
    for species in species {
      let table = try FoldTable(binning: binning, species: species, cells: cells, grid: grid, threads: 2)
      let collapsed = table.collapsed(weights: weights, threads: 2)
      let invariants = grid.invariants()
      let values = LeptonTensor(species).nodeValues(
        of: toy.structureFunctions(of: Reaction(species: species, target: target), at: invariants), at: invariants)
      let rates = table.cellResponse(nodeValues: values, threads: 2).rates(weights: weights).map { max($0, 0) }
      runs.append(collapsed)
      data.append(rates.map { $0 / rates.reduce(0, +) })
    }
    let active = ActiveNodes(grid: grid, touchedBy: runs)
    let samples = try zip(species, zip(runs, data)).map { species, pair in
      TuningSample(
        sample: Sample(
          reaction: Reaction(species: species, target: target), mode: "fhc", site: .near, binning: binning),
        probabilities: pair.1, events: nil, nodeOperator: try CollapsedFold(pair.0, nodes: active))
    }
    problem = TuningProblem(
      nodes: active.invariants(), nodeImportance: [Double](repeating: 1 / Double(active.count), count: active.count),
      samples: samples, seed: seed, threads: threads)
  }
}

@Suite struct NeuralStructureFunctionsTests {
  func model(_ changes: [String: ParameterValue] = [:]) throws -> NeuralStructureFunctions {
    try NeuralStructureFunctions(
      PluginConfiguration(parameters: NeuralStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// The gradient of net → fold → deviance against central differences in double precision, along random directions and
  /// for single parameters. Central differences with step h err as h²/6 |L‴| + ε|L|/h ≈ 10⁻⁹ at h = 10⁻⁴.
  @Test(arguments: ["ratio", "independent", "total"], [[NeutrinoSpecies.numu], [.numu, .numubar]])
  func gradientOfTheWholeChain(longitudinal: String, species: [NeutrinoSpecies]) throws {
    let problem = try SmallProblem(species: species).problem
    let model = try model([
      "network.longitudinal": .text(longitudinal), "network.hidden": .numbers([16, 16]),
    ])
    let start = try model.deviance(on: problem)
    let stream = try RandomStream(seed: 3, purpose: "directions", member: 0)
    func check(_ direction: [Double]) throws {
      let h = 1e-4
      let along = zip(start.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let up = try model.deviance(on: problem, parameters: zip(start.parameters, direction).map { $0 + h * $1 }).loss
      let down = try model.deviance(on: problem, parameters: zip(start.parameters, direction).map { $0 - h * $1 }).loss
      let difference = (up - down) / (2 * h)
      #expect(abs(along - difference) <= 1e-6 * max(abs(difference), 1e-2), "\(along) against \(difference)")
    }
    for _ in 0..<5 {
      let direction = stream.gaussians(start.parameters.count)
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try check(direction.map { $0 / norm })
    }
    for _ in 0..<20 {
      var direction = [Double](repeating: 0, count: start.parameters.count)
      direction[Int(stream.uniform() * Double(direction.count))] = 1
      try check(direction)
    }
  }

  @Test func learnsAndDoesNotDependOnThreads() throws {
    let changes: [String: ParameterValue] = [
      "network.hidden": .numbers([16, 16]), "training.steps": .integer(400),
    ]
    let one = try model(changes).tuned(on: try SmallProblem(threads: 1).problem)
    let three = try model(changes).tuned(on: try SmallProblem(threads: 3).problem)
    #expect(one.state == three.state)
    #expect(one.record == three.record)
    let first = try #require(one.record.history.first)
    #expect(one.record.loss < first.loss / 100)
    let other = try model(changes).tuned(on: try SmallProblem(threads: 2, seed: 2).problem)
    #expect(other.state != one.state)
  }

  @Test func stateRoundTrip() throws {
    let small = try SmallProblem()
    let model = try model(["network.hidden": .numbers([8]), "training.steps": .integer(10)])
    let result = try model.tuned(on: small.problem)
    let again = try #require(try model.restored(from: result.state) as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let tuned = try #require(result.model as? NeuralStructureFunctions)
    #expect(
      try again.structureFunctions(of: small.reaction, at: points).w
        == tuned.structureFunctions(of: small.reaction, at: points).w)
    #expect(throws: NuTuneError.self) { try model.structureFunctions(of: small.reaction, at: points) }
    #expect(throws: NuTuneError.self) {
      try again.check([Reaction(species: .numubar, target: small.reaction.target)])
    }
  }

  @Test func refusesElectronAndMuonTogether() throws {
    let target = try Target(named: "Ar40")
    let reactions = [NeutrinoSpecies.numu, .nue].map { Reaction(species: $0, target: target) }
    #expect(throws: NuTuneError.self) { try model().check(reactions) }
    try model().check([NeutrinoSpecies.numu, .numubar].map { Reaction(species: $0, target: target) })
  }

  /// The hadron tensor of any net is positive: W_T, W_L ≥ 0 and |W₃||q|/2M ≤ W₁.
  @Test func structureFunctionsArePositive() throws {
    let small = try SmallProblem()
    let model = try model(["network.hidden": .numbers([8]), "training.steps": .integer(5)])
    let tuned = try #require(try model.tuned(on: small.problem).model as? NeuralStructureFunctions)
    let stream = try RandomStream(seed: 5, purpose: "points", member: 0)
    let points = InvariantPoints(
      omega: (0..<1000).map { _ in 0.01 + 5 * stream.uniform() },
      q2: (0..<1000).map { _ in 0.001 + 8 * stream.uniform() })
    let w = try tuned.structureFunctions(of: small.reaction, at: points).w
    for i in 0..<1000 {
      let (omega, q2) = (points.omega[i], points.q2[i])
      #expect(w[0][i] > 0)
      #expect((1 + omega * omega / q2) * w[1][i] - w[0][i] >= -1e-6 * w[0][i])
      #expect(
        abs(w[2][i]) * (q2 + omega * omega).squareRoot() / (2 * PhysicalConstants.nucleonMass) <= w[0][i] * (1 + 1e-6))
    }
  }
}
