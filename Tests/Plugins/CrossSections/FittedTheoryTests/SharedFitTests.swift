import FittedTheory
import NuTuneCore
import Synchronization
import TestSupport
import Testing
import ToyStructureFunctions

/// A fit that several models of a study ask for is made once, with the numbers of a fit made alone.
@Suite struct SharedFitTests {
  private func model(_ prior: String = "dis.scale = 0.8 ± 0.3", starts: Int = 1) throws -> FittedTheory {
    var configuration = PluginConfiguration(
      parameters: FittedTheory.descriptor.parameters.defaults().setting([
        "free": .texts(["quasi_elastic.energy_shift = 0.015 ± 0.02", prior]), "starts": .integer(starts),
      ]))
    try configuration.addComponent(
      "theory", ToyStructureFunctions.self,
      from: PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    return try FittedTheory(configuration)
  }

  /// Steps that a tuning makes, and its result.
  private func steps(_ model: FittedTheory, _ problem: TuningProblem) throws -> (Int, TuningResult) {
    let count = Counter()
    var problem = problem
    problem.progress = { _ in count.value.withLock { $0 += 1 } }
    let result = try model.tuned(on: problem)
    return (count.value.withLock { $0 }, result)
  }

  private final class Counter: Sendable {
    let value = Mutex(0)
  }

  @Test func isMadeOnceAndEqualsTheFitAlone() throws {
    // A number of events that no other test has.
    let events = 123_457.0
    let alone = try model().tunedAfresh(on: try SmallNearProblem(events: events).problem)
    let first = try steps(try model(), try SmallNearProblem(threads: 2, events: events).problem)
    let second = try steps(try model(), try SmallNearProblem(seed: 7, events: events).problem)
    #expect(first.0 > 2 && second.0 == 0)
    for result in [first.1, second.1] { #expect(result.state == alone.state && result.record == alone.record) }
  }

  /// Whatever a fit depends on makes it another one: data, their number, flux, priors, starts.
  @Test func anotherQuestionIsAnotherFit() throws {
    let events = 123_459.0
    let small = try SmallNearProblem(events: events)
    #expect(try steps(try model(), small.problem).0 > 2)
    var (data, flux) = (small.problem, try SmallNearProblem(beams: [2.3], events: events).problem)
    data.samples[0].probabilities = try small.probabilities(of: try SmallNearProblem.detunedToy())[0]
    flux.samples[0].probabilities = small.problem.samples[0].probabilities
    for problem in [data, flux, try SmallNearProblem(events: 2 * events).problem] {
      let (count, found) = try steps(try model(), problem)
      #expect(count > 2)
      #expect(found.state == (try model().tunedAfresh(on: problem)).state)
    }
    #expect(try steps(try model("dis.scale = 0.8 ± 0.2"), small.problem).0 > 2)
    let drawn = try steps(try model(starts: 2), small.problem)
    var seeded = small.problem
    seeded.seed = 12
    #expect(drawn.0 > 2)
    #expect(try steps(try model(starts: 2), seeded).0 > 2)
    #expect(try steps(try model(starts: 2), seeded).0 == 0)
  }
}
