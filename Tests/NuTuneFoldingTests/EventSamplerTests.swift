import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// As many neutrinos at every energy of a range.
private struct FlatFlux: FluxProvider {
  static let descriptor = PluginDescriptor(kind: .flux, name: "flat", summary: "", parameters: [], citations: [])
  let species = NeutrinoSpecies.allCases
  let breakpoints: [Double]
  init(_ configuration: PluginConfiguration) throws { breakpoints = [0, 1] }
  init(_ range: ClosedRange<Double>) { breakpoints = [range.lowerBound, range.upperBound] }
  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
    energies.map { breakpoints[0] <= $0 && $0 <= breakpoints[1] ? 1e-9 : 0 }
  }
}

/// d²σ = p_l (1 + cosθ), or 1 with a line in E_l on it that is narrower than any cell.
private struct SimpleModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "simple", summary: "", parameters: [], citations: [])
  var line: (energy: Double, width: Double, area: Double)?
  var energyRange: ClosedRange<Double>?
  init(_ configuration: PluginConfiguration) throws {}
  init() {}
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    (0..<points.count).map { i in
      let energy = points.leptonEnergy[i]
      guard let line else {
        return Kinematics.leptonMomentum(energy: energy, mass: reaction.species.leptonMass) * (1 + points.cosTheta[i])
      }
      let pull = (energy - line.energy) / line.width
      return 1 + line.area * exp(-pull * pull / 2) / (line.width * (2 * Double.pi).squareRoot())
    }
  }
}

@Suite("Events drawn from flux times cross section")
struct EventSamplerTests {
  private static let coarse = EventSampler.Resolution(cells: 8, energyWidth: 0.3)
  private let reaction: Reaction

  init() throws { reaction = Reaction(species: .numu, target: try Target(named: "Ar40")) }

  private func events(_ sampler: EventSampler, _ count: Int, seed: UInt64 = 3, threads: Int = 1) throws -> [LeptonEvent]
  {
    var events: [LeptonEvent] = []
    _ = try sampler.sample(count, seed: seed, threads: threads) { events += $0 }
    return events
  }

  /// p value of counts against expected shares.
  private func probability(_ counts: [Double], _ shares: [Double]) throws -> Double {
    let (count, sum) = (counts.reduce(0, +), shares.reduce(0, +))
    let square = zip(counts, shares).reduce(0) { total, bin in
      let expected = count * bin.1 / sum
      return total + (bin.0 - expected) * (bin.0 - expected) / expected
    }
    return try SpecialFunctions.chiSquareProbability(
      above: square, degreesOfFreedom: Double(counts.count - 1))
  }

  @Test("a closed form: p_l (1 + cosθ) under a flat flux, and its mean cross section")
  func closedForm() throws {
    let (low, high) = (0.5, 2.0)
    let sampler = try EventSampler(
      model: SimpleModel(), reaction: reaction, flux: FlatFlux(low...high), resolution: Self.coarse)
    let mass = reaction.species.leptonMass
    let rule = try GaussLegendre(points: 12)
    func integral(_ range: ClosedRange<Double>, _ function: (Double) -> Double) -> Double {
      let (nodes, weights) = rule.rule(on: range)
      return zip(nodes, weights).reduce(0) { $0 + function($1.0) * $1.1 }
    }
    // A lepton of energy E comes of all neutrinos above it.
    let edges = [mass, 0.2, 0.35, 0.5, 0.8, 1.2, 1.6, 2]
    let cosines = [-1.0, 0, 0.5, 0.8, 1]
    let inEnergy = zip(edges, edges.dropFirst()).map { a, b in
      integral(a...b) { Kinematics.leptonMomentum(energy: $0, mass: mass) * (high - max($0, low)) }
    }
    let inCosine = zip(cosines, cosines.dropFirst()).map { ($1 - $0) + ($1 * $1 - $0 * $0) / 2 }
    var counts = [Double](repeating: 0, count: inEnergy.count * inCosine.count)
    let count = 40_000
    for event in try events(sampler, count) {
      #expect(event.leptonEnergy <= event.neutrinoEnergy && (low...high).contains(event.neutrinoEnergy))
      let i = edges.lastIndex { $0 <= event.leptonEnergy } ?? 0
      let j = min(cosines.lastIndex { $0 <= event.cosTheta } ?? 0, inCosine.count - 1)
      counts[min(i, inEnergy.count - 1) * inCosine.count + j] += 1
    }
    #expect(try probability(counts, inEnergy.flatMap { e in inCosine.map { e * $0 } }) > 1e-3)
    let exact =
      integral(low...high) { energy in
        let momentum = Kinematics.leptonMomentum(energy: energy, mass: mass)
        return energy * momentum - mass * mass * log((energy + momentum) / mass)
      } / (high - low)
    let mean = try sampler.meanCrossSection()
    #expect(abs(mean.value - exact) <= 2e-4 * exact && mean.error < 1e-3 * exact)
    // The share of trials that become events says the mean once more; 45 % of 100,000 trials.
    let record = try sampler.sample(count, seed: 5) { _ in }
    #expect(abs(sampler.estimatedMean(record) / exact - 1) < 5 / Double(count).squareRoot())
  }

  @Test("toy-sf with 20 seeds against slices of the direct fold, which knows no cells")
  func directFold() throws {
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let (low, high) = (1.0, 1.4)
    let sampler = try EventSampler(
      model: toy, reaction: reaction, flux: FlatFlux(low...high), resolution: .init(cells: 12, energyWidth: 0.2))
    let first = try Axis(.leptonEnergy, edges: [0.2, 0.5, 0.7, 0.9, 1.4])
    let second = try Axis(.cosTheta, edges: [-1, 0.3, 0.7, 0.85, 0.95, 1])
    let (nodes, weights) = try GaussLegendre(points: 3).rule(on: low...high)
    var shares = [Double](repeating: 0, count: first.count * second.count)
    for (energy, weight) in zip(nodes, weights) {
      let slice = try DirectFold.slice(model: toy, reaction: reaction, first, second, energy)
      for bin in slice.indices { shares[bin] += weight * slice[bin] }
    }
    // p values of 20 seeds are those of chance: uniform, by Kolmogorov's largest distance, 0.42 in one of 1000 cases.
    let probabilities = try (1...20).map { (seed: UInt64) -> Double in
      var counts = [Double](repeating: 0, count: shares.count)
      for event in try events(sampler, 20_000, seed: seed) {
        guard event.leptonEnergy >= first.edges[0], let i = first.edges.lastIndex(where: { $0 <= event.leptonEnergy }),
          let j = second.edges.lastIndex(where: { $0 <= event.cosTheta })
        else { continue }
        counts[min(i, first.count - 1) * second.count + min(j, second.count - 1)] += 1
      }
      return try probability(counts, shares)
    }.sorted()
    let distance =
      probabilities.enumerated().map { rank, value in
        max(abs(value - Double(rank) / 20), abs(value - Double(rank + 1) / 20))
      }.max() ?? 1
    #expect(distance < 0.42 && probabilities[0] > 1e-4, "\(probabilities)")
    let mean = try sampler.meanCrossSection().value
    let total = try TotalCrossSection(model: toy, reaction: reaction)
    let exact = try zip(nodes, weights).reduce(0) { $0 + $1.1 * (try total.value(at: $1.0)) } / (high - low)
    #expect(abs(mean / exact - 1) < 5e-4)
  }

  @Test("the same events for any number of threads, fewer are the first of more, another seed gives others")
  func determinism() throws {
    func sampler(_ threads: Int) throws -> EventSampler {
      try EventSampler(
        model: SimpleModel(), reaction: reaction, flux: FlatFlux(0.5...2), resolution: Self.coarse, threads: threads)
    }
    let one = try events(try sampler(1), 6000)
    #expect(one.count == 6000)
    #expect(try events(try sampler(3), 6000, threads: 3) == one)
    #expect(try events(try sampler(1), 2500) == Array(one.prefix(2500)))
    #expect(try events(try sampler(1), 10, seed: 4) != Array(one.prefix(10)))
  }

  @Test("a line narrower than the cells has its share, although the envelope misses it")
  func narrowLine() throws {
    var model = SimpleModel()
    let area = 0.2
    model.line = (energy: 0.703, width: 5e-4, area: area)
    let sampler = try EventSampler(
      model: model, reaction: reaction, flux: FlatFlux(1...1.1), resolution: .init(cells: 4, energyWidth: 1))
    let count = 20_000
    var inside = 0.0
    var squares = 0.0
    var (last, run) = (LeptonEvent?.none, 0.0)
    for event in try events(sampler, count) where abs(event.leptonEnergy - 0.703) < 2.5e-3 {
      inside += 1
      run = event == last ? run + 1 : 1
      // Copies stand one after the other: Σn² grows by 2n − 1.
      squares += 2 * run - 1
      last = event
    }
    // Both parts are flat in cosθ; the phase space in E_l is 1.05 GeV − m on average.
    let share = (area + 5e-3) / (area + 1.05 - reaction.species.leptonMass)
    #expect(squares > 1.5 * inside)
    #expect(abs(inside - Double(count) * share) < 5 * squares.squareRoot())
  }

  @Test("energies that the model does not have are refused, with the range that would do")
  func energies() throws {
    var model = SimpleModel()
    model.energyRange = 0.5...1.5
    let error = try #require(throws: NuTuneError.self) {
      try EventSampler(model: model, reaction: reaction, flux: FlatFlux(0...2), resolution: Self.coarse)
    }
    #expect(error.expected.contains("--range 0.5:1.5"))
    let cut = try EventSampler(
      model: model, reaction: reaction, flux: FlatFlux(0...2), range: 0.5...1.5, resolution: Self.coarse)
    #expect(cut.energies == 0.5...1.5 && abs(cut.fluxIntegral - 1e-9) < 1e-15)
    #expect(throws: NuTuneError.self) {
      try EventSampler(
        model: SimpleModel(), reaction: reaction, flux: FlatFlux(0...0.1), resolution: Self.coarse)
    }
  }
}

extension DirectFold {
  /// Rates at one energy in a grid of bins.
  fileprivate static func slice(
    model: any CrossSectionModel, reaction: Reaction, _ first: Axis, _ second: Axis, _ energy: Double
  ) throws -> [Double] {
    try slice(of: model, reaction: reaction, binning: try Binning(first, second), energy: energy)
  }
}
