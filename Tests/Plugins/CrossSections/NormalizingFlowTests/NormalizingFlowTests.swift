import Foundation
import NormalizingFlow
import NuTuneCore
import NuTuneNumerics
import Synchronization
import Testing

@Suite struct NormalizingFlowTests {
  static let quick: [String: ParameterValue] = [
    "network.hidden": .numbers([16, 16]), "training.steps": .integer(300), "quadrature.merged_cells": .integer(2),
  ]

  /// The gradient of flow → quadrature → deviance against central differences in double precision, along random directions
  /// and for single parameters. Central differences with step h err as h²/6 |L‴| + ε|L|/h ≈ 10⁻¹⁰ at h = 10⁻⁶; a larger h
  /// would make knots cross energies, where the gradient jumps.
  @Test(arguments: [
    [(NeutrinoSpecies.numu, mode: "fhc")], [(.numu, mode: "fhc"), (.numu, mode: "rhc"), (.numubar, mode: "rhc")],
  ])
  func gradientOfTheWholeChain(samples: [(NeutrinoSpecies, mode: String)]) throws {
    let problem = try SmallProblem(samples: samples).problem
    let model = try flow(["network.hidden": .numbers([8, 8]), "quadrature.merged_cells": .integer(3)])
    var start = try model.deviance(on: problem)
    let stream = try RandomStream(seed: 3, purpose: "directions")
    // Away from the start, where splines are nearly the identity.
    start = try model.deviance(on: problem, parameters: start.parameters.map { $0 + 0.2 * stream.gaussian() })
    func check(_ direction: [Double]) throws {
      let h = 1e-6
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
    // All raw numbers of the first spline, once, then some of all parameters.
    let single =
      (samples.count == 1 ? Array(0..<37) : [])
      + (0..<10).map { _ in Int(stream.uniform() * Double(start.parameters.count)) }
    for parameter in single {
      var direction = [Double](repeating: 0, count: start.parameters.count)
      direction[parameter] = 1
      try check(direction)
    }
  }

  @Test func learnsAndDoesNotDependOnThreads() throws {
    let one = try flow(Self.quick).tuned(on: try SmallProblem(threads: 1).problem)
    let three = try flow(Self.quick).tuned(on: try SmallProblem(threads: 3).problem)
    #expect(one.state == three.state)
    #expect(one.record == three.record)
    let first = try #require(one.record.history.first)
    #expect(one.record.loss < first.loss / 100)
    let other = try flow(Self.quick).tuned(on: try SmallProblem(threads: 2, seed: 2).problem)
    #expect(other.state != one.state)
  }

  @Test func resumesFromACheckpoint() throws {
    let changes = Self.quick.merging([
      "training.steps": .integer(60), "training.checkpoint_interval": .number(0),
    ]) { $1 }
    let kept = KeptCheckpoint(save: 25)
    let whole = try flow(changes).tuned(on: try SmallProblem(checkpoint: kept).problem)
    let steps = Mutex(0)
    var problem = try SmallProblem(checkpoint: kept).problem
    problem.progress = { progress in steps.withLock { $0 = $0 == 0 ? progress.step : min($0, progress.step) } }
    let resumed = try flow(changes).tuned(on: problem)
    #expect(steps.withLock { $0 } == 40)  // the first report after step 25
    #expect(resumed.state == whole.state)
    #expect(resumed.record == whole.record)
  }

  @Test func stateRoundTrip() throws {
    let small = try SmallProblem()
    let model = try flow(["network.hidden": .numbers([8]), "training.steps": .integer(10)])
    let result = try model.tuned(on: small.problem)
    let reaction = Reaction(species: .numu, target: small.target)
    let points = KinematicPoints(
      neutrinoEnergy: [1, 2, 5.5], leptonEnergy: [0.5, 1.9, 2], cosTheta: [0.9, 0.99, -0.5])
    let again = try model.restored(from: result.state)
    let values = try result.model.crossSection(of: reaction, at: points)
    #expect(values.allSatisfy { $0 > 0 })
    #expect(try again.crossSection(of: reaction, at: points) == values)

    #expect(throws: NuTuneError.self) { try model.crossSection(of: reaction, at: points) }
    #expect(throws: NuTuneError.self) { try again.check([Reaction(species: .nue, target: small.target)]) }
    let targets = try ["CH", "H2O"].map { Reaction(species: .numu, target: try Target(named: $0)) }
    let error = #expect(throws: NuTuneError.self) { try again.check(targets) }
    #expect(error?.found == "“normalizing-flow” for the targets CH, H2O")
    #expect(throws: NuTuneError.self) { try flow().restored(from: result.state) }
    var broken = result.state
    broken.card["highest_energies"] = .numbers([0.01])
    #expect(throws: NuTuneError.self) { try model.restored(from: broken) }
  }

  /// Each species has a density and random numbers of its own: another one in the data changes nothing but the share of
  /// its loss in the sum, which Adam's steps do not see.
  @Test func speciesAreIndependent() throws {
    let changes = Self.quick.merging(["training.steps": .integer(1)]) { $1 }
    let alone = try flow(changes).tuned(on: try SmallProblem().problem).state
    let both = try flow(changes).tuned(
      on: try SmallProblem(samples: [(.numubar, mode: "fhc"), (.numu, mode: "fhc")]).problem
    ).state
    let own = both.tensors.filter { $0.name.hasPrefix("numu.") }
    #expect(own.map(\.name) == alone.tensors.map(\.name))
    for (a, b) in zip(own, alone.tensors) {
      for (x, y) in zip(a.elements, b.elements) { #expect(abs(x - y) < 1e-4) }
    }
    #expect(both.tensors.count == 2 * alone.tensors.count)
  }

  @Test func refusesWhatMakesNoSense() throws {
    #expect(throws: NuTuneError.self) {
      try flow(["training.learning_rate": .number(1e-3), "training.final_learning_rate": .number(1e-2)])
    }
    // A sample without quadrature points.
    var changed = try SmallProblem().problem
    changed.samples[0].quadrature = { try TuningSample.withoutQuadrature($0) }
    let problem = changed
    #expect(throws: NuTuneError.self) { try flow().tuned(on: problem) }
  }
}

/// Remembers one save of many, and gives it back.
private final class KeptCheckpoint: CheckpointStore {
  private let wanted: Int
  private let state = Mutex<(saves: Int, bytes: [UInt8]?)>((0, nil))

  init(save: Int) { wanted = save }

  func load() -> [UInt8]? { state.withLock { $0.bytes } }

  func save(_ bytes: [UInt8]) {
    state.withLock {
      $0.saves += 1
      if $0.saves == wanted { $0.bytes = bytes }
    }
  }
}
