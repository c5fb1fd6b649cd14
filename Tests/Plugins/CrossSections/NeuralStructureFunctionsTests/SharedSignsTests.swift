import NeuralStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// One net for neutrinos and antineutrinos (`network.signs: shared`), in which antineutrinos are neutrinos and a
/// difference.
@Suite struct SharedSignsTests {
  private func model(
    _ signs: String = "shared", _ changes: [String: ParameterValue] = [:], prior: (any CrossSectionModel)? = nil
  ) throws -> NeuralStructureFunctions {
    var changes = changes
    changes["network.signs"] = .text(signs)
    return try NeuralStructureFunctionsTests().model(changes, prior: prior)
  }

  private func tuned(_ model: NeuralStructureFunctions, on problem: TuningProblem) throws -> NeuralStructureFunctions {
    try #require(try model.tuned(on: problem).model as? NeuralStructureFunctions)
  }

  /// The smallest steps leave a model as it starts.
  private let still: [String: ParameterValue] = [
    "network.hidden": .numbers([8]), "training.steps": .integer(1), "training.learning_rate": .number(1e-8),
    "training.final_learning_rate": .number(1e-8),
  ]

  /// Parameters at which antineutrinos differ from neutrinos in all outputs.
  private func parameters(
    of model: NeuralStructureFunctions, on problem: TuningProblem, _ stream: RandomStream
  ) throws -> [Double] {
    try model.deviance(on: problem).parameters.map { $0 + 0.1 * stream.gaussian() }
  }

  /// A shared net is two separate ones whose hidden layers agree, and whose last layers are n and n + d: their loss,
  /// and by the chain rule the sum of their gradients with respect to the hidden layers and n, and that of
  /// antineutrinos with respect to d.
  @Test(arguments: ["fixed", "bounded"]) func isTwoNetsWithOneTrunk(functions: String) throws {
    let problem = try SmallNearProblem(species: [.numu, .nue, .numubar]).problem
    let settings: [String: ParameterValue] = [
      "network.hidden": .numbers([8, 16]), "network.mass_functions": .text(functions),
    ]
    let (shared, separate) = (try model("shared", settings), try model("separate", settings))
    let stream = try RandomStream(seed: 11, purpose: "parameters", member: 0)
    let outputs = functions == "fixed" ? 3 : 5
    let (trunk, weights) = (3 * 8 + 8 + 8 * 16 + 16, 16 * outputs)
    let p = try parameters(of: shared, on: problem, stream)
    #expect(p.count == trunk + 2 * (weights + outputs))
    // Parts of the flat parameters: trunk, weights of n and d, biases of n and d.
    func parts(_ all: [Double], _ sizes: [Int]) -> [[Double]] {
      var start = 0
      return sizes.map { size in
        defer { start += size }
        return Array(all[start..<start + size])
      }
    }
    func sum(_ p: [Double], _ q: [Double]) -> [Double] { zip(p, q).map { $0 + $1 } }
    let of = parts(p, [trunk, weights, weights, outputs, outputs])
    let neutrino = of[0] + of[1] + of[3]
    let antineutrino = of[0] + sum(of[1], of[2]) + sum(of[3], of[4])

    let found = try shared.deviance(on: problem, parameters: p)
    let expected = try separate.deviance(on: problem, parameters: neutrino + antineutrino)
    #expect(abs(found.loss - expected.loss) <= 1e-12 * abs(expected.loss))
    let sizes = [trunk, weights, outputs]
    let nets = parts(expected.gradient, sizes + sizes)
    let gradient =
      sum(nets[0], nets[3]) + sum(nets[1], nets[4]) + nets[4] + sum(nets[2], nets[5]) + nets[5]
    let largest = gradient.map(abs).max() ?? 0
    for i in gradient.indices {
      #expect(abs(found.gradient[i] - gradient[i]) <= 1e-10 * largest, "parameter \(i)")
    }
    #expect(nets[4].contains { abs($0) > 1e-6 * largest })
  }

  /// The gradient of net → fold → deviance with both signs against central differences in double precision; in single
  /// precision against double.
  @Test(arguments: [false, true]) func gradientOfBothSigns(withPrior: Bool) throws {
    let problem = try SmallNearProblem(species: [.numu, .numubar]).problem
    let shared = try model(
      "shared", ["network.hidden": .numbers([16, 16])], prior: withPrior ? try SmallNearProblem.detunedToy() : nil)
    let stream = try RandomStream(seed: 12, purpose: "directions", member: 0)
    let check = try GradientCheck(
      shared, problem: problem, at: try parameters(of: shared, on: problem, stream))
    for _ in 0..<5 { try check.along(stream.gaussians(check.parameters.count)) }
    // The last layer ends with the biases of n and d.
    for index in check.parameters.indices.suffix(6) { try check.along(parameter: index) }
    for _ in 0..<10 { try check.along(parameter: Int(stream.uniform() * Double(check.parameters.count))) }

    let single = try shared.singlePrecisionGradient(on: problem, parameters: check.parameters)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(norm(zip(single, check.gradient).map { Double($0) - $1 }) < 1e-3 * norm(check.gradient))
  }

  /// Separate nets know nothing of one another: parameters, loss and gradient of both signs are those of each alone.
  @Test func separateNetsAreIndependent() throws {
    let problem = try SmallNearProblem(species: [.numu, .numubar]).problem
    let separate = try model("separate", ["network.hidden": .numbers([8])])
    let both = try separate.deviance(on: problem)
    let alone = try problem.samples.map { sample in
      var one = problem
      one.samples = [sample]
      return try separate.deviance(on: one)
    }
    #expect(both.parameters == alone[0].parameters + alone[1].parameters)
    #expect(abs(both.loss - (alone[0].loss + alone[1].loss) / 2) <= 1e-12 * both.loss)
    let gradient = (alone[0].gradient + alone[1].gradient).map { $0 / 2 }
    let largest = gradient.map(abs).max() ?? 0
    for i in gradient.indices { #expect(abs(both.gradient[i] - gradient[i]) <= 1e-12 * largest, "parameter \(i)") }
  }

  /// Training starts at charge symmetry, the same functions for both signs, with the random numbers of the neutrinos'
  /// net.
  @Test func startsAtChargeSymmetry() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let start = try model("shared", still).deviance(on: small.problem)
    let separate = try model("separate", still).deviance(on: small.problem)
    // Hidden layer and weights of n; weights of d are zero, and so are the biases.
    let count = 3 * 8 + 8 + 8 * 3
    #expect(start.parameters[..<count] == separate.parameters[..<count])
    #expect(start.parameters[count...].allSatisfy { $0 == 0 })
    // d has a gradient there, or training would never leave zero.
    #expect(start.gradient[count..<count + 8 * 3].contains { abs($0) > 1e-6 })

    let shared = try tuned(try model("shared", still), on: small.problem)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    func functions(_ species: NeutrinoSpecies) throws -> [[Double]] {
      try shared.structureFunctions(of: Reaction(species: species, target: small.reaction.target), at: points).w
    }
    let (neutrino, antineutrino) = (try functions(.numu), try functions(.numubar))
    for index in [0, 1, 2, 4] {
      for i in 0..<points.count {
        let scale = abs(neutrino[index][i])
        #expect(scale > 0 && abs(antineutrino[index][i] - neutrino[index][i]) <= 1e-5 * scale, "W\(index + 1) at \(i)")
      }
    }
  }

  /// On data of one sign a shared net is the separate one, bit for bit.
  @Test func oneSignAloneIsTheSame() throws {
    for species in [NeutrinoSpecies.numu, .numubar] {
      let problem = try SmallNearProblem(species: [species]).problem
      let settings: [String: ParameterValue] = ["network.hidden": .numbers([8]), "training.steps": .integer(10)]
      let shared = try model("shared", settings).tuned(on: problem)
      let separate = try model("separate", settings).tuned(on: problem)
      #expect(shared.state.tensors == separate.state.tensors)
      #expect(shared.record == separate.record)
    }
  }

  /// A saved state comes back as it was and does not depend on threads; one of separate nets, whose card says nothing
  /// of signs as before there were shared ones, is refused by a shared model, and the other way round.
  @Test func stateRoundTrip() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let settings: [String: ParameterValue] = ["network.hidden": .numbers([8]), "training.steps": .integer(20)]
    let shared = try model("shared", settings)
    let result = try shared.tuned(on: small.problem)
    #expect(
      try shared.tuned(on: try SmallNearProblem(threads: 3, species: [.numu, .numubar]).problem).state == result.state)
    #expect(result.state.tensors.first?.name == "neutrino+antineutrino.layer0.weight")
    let (again, tuned) = (
      try #require(try shared.restored(from: result.state) as? NeuralStructureFunctions),
      try #require(result.model as? NeuralStructureFunctions)
    )
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    var functions: [[[Double]]] = []
    for species in [NeutrinoSpecies.numu, .numubar] {
      let reaction = Reaction(species: species, target: small.reaction.target)
      functions.append(try again.structureFunctions(of: reaction, at: points).w)
      #expect(try tuned.structureFunctions(of: reaction, at: points).w == functions.last)
    }
    #expect(functions[0][0] != functions[1][0])

    let separate = try model("separate", settings)
    let old = try separate.tuned(on: small.problem).state
    #expect(old.card["signs"] == nil)
    #expect(old.tensors.map(\.name).contains("antineutrino.layer1.bias"))
    _ = try separate.restored(from: old)
    for (model, state, found) in [(shared, old, "separate"), (separate, result.state, "shared")] {
      let error = #expect(throws: NuTuneError.self) { try model.restored(from: state) }
      #expect(error?.key == "network.signs")
      #expect(error?.found == "the state of nets whose signs are “\(found)”")
    }
  }

  /// Two targets share nothing, also with shared signs: a net for each, of as many signs as are seen on it. Loss and
  /// gradient are those of each target alone, and states know the nets.
  @Test func eachTargetHasItsSharedNet() throws {
    var small = try SmallNearProblem(species: [.numu, .numubar], beams: [2, 3])
    // Samples are neutrinos and then antineutrinos, of each beam: both signs on water, neutrinos alone on scintillator.
    let targets = try ["H2O", "CH"].map { try Target(named: $0) }
    small.problem.samples.removeLast()
    for (index, target) in [0, 1, 0].enumerated() {
      small.problem.samples[index].sample.reaction.target = targets[target]
    }
    let shared = try model("shared", ["network.hidden": .numbers([8]), "training.steps": .integer(10)])
    let stream = try RandomStream(seed: 13, purpose: "parameters", member: 0)
    func alone(_ target: Target) -> TuningProblem {
      var one = small.problem
      one.samples = one.samples.filter { $0.sample.reaction.target == target }
      return one
    }
    let (scintillator, water) = (alone(targets[1]), alone(targets[0]))
    let parameters = try [scintillator, water].map { try self.parameters(of: shared, on: $0, stream) }
    let trunk = 3 * 8 + 8
    #expect(parameters.map(\.count) == [trunk + 9 * 3, trunk + 2 * 9 * 3])
    let both = try shared.deviance(on: small.problem, parameters: parameters[0] + parameters[1])
    let (first, second) = (
      try shared.deviance(on: scintillator, parameters: parameters[0]),
      try shared.deviance(on: water, parameters: parameters[1])
    )
    // The loss is a mean over samples, of which one is on scintillator and two on water.
    #expect(abs(both.loss - (first.loss + 2 * second.loss) / 3) <= 1e-12 * both.loss)
    let gradient = first.gradient.map { $0 / 3 } + second.gradient.map { 2 * $0 / 3 }
    let largest = gradient.map(abs).max() ?? 0
    for i in gradient.indices { #expect(abs(both.gradient[i] - gradient[i]) <= 1e-12 * largest, "parameter \(i)") }

    let result = try shared.tuned(on: small.problem)
    #expect(result.state.card["helicities"] == .texts(["neutrino-CH", "neutrino-H2O", "antineutrino-H2O"]))
    #expect(
      result.state.tensors.map(\.name).filter { $0.hasSuffix("layer0.weight") }
        == ["neutrino-CH.layer0.weight", "neutrino-H2O+antineutrino-H2O.layer0.weight"])
    let (again, tuned) = (
      try #require(try shared.restored(from: result.state) as? NeuralStructureFunctions),
      try #require(result.model as? NeuralStructureFunctions)
    )
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    for reaction in small.problem.samples.map(\.sample.reaction) {
      let functions = try tuned.structureFunctions(of: reaction, at: points).w
      #expect(try again.structureFunctions(of: reaction, at: points).w == functions)
    }
    let error = #expect(throws: NuTuneError.self) {
      try again.check([Reaction(species: .numubar, target: targets[1])])
    }
    #expect(error?.found == "the channel numubar on CH")
  }

  /// Zero outputs are the prior of each sign, which has more neutrons than protons to offer.
  @Test func startsAtAPriorOfEachSign() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let prior = try SmallNearProblem.detunedToy()
    let shared = try tuned(try model("shared", still, prior: prior), on: small.problem)
    let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
    var transverse: [Double] = []
    for species in [NeutrinoSpecies.numu, .numubar] {
      let reaction = Reaction(species: species, target: small.reaction.target)
      let expected = prior.structureFunctions(of: reaction, at: points)
      let found = try shared.structureFunctions(of: reaction, at: points)
      transverse.append(expected.w[0][0])
      for index in [0, 2] {
        for i in 0..<points.count {
          #expect(
            abs(found.w[index][i] / expected.w[index][i] - 1) < 1e-5, "\(species.rawValue): W\(index + 1) at \(i)")
        }
      }
    }
    // On argon the quasi-elastic line of neutrinos is 22/18 of that of antineutrinos.
    #expect(transverse[0] > 1.1 * transverse[1])
  }

  /// A shared net is fitted to the prior of both signs.
  @Test func startsFromANetFittedToThePriorOfEachSign() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let prior = try SmallNearProblem.detunedToy()
    var fit = still
    fit["network.hidden"] = .numbers([16, 16])
    let random = try tuned(try model("shared", fit), on: small.problem)
    fit["prior_use"] = .text("pretrain")
    fit["training.pretraining_steps"] = .integer(600)
    fit["training.learning_rate"] = .number(1e-2)
    fit["training.final_learning_rate"] = .number(1e-9)
    let fitted = try tuned(try model("shared", fit, prior: prior), on: small.problem)
    func distance(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) / 2 } }
    let (theory, start, end) = (
      try small.probabilities(of: prior), try small.probabilities(of: random), try small.probabilities(of: fitted)
    )
    for sample in theory.indices {
      #expect(distance(end[sample], theory[sample]) < 0.15 * distance(start[sample], theory[sample]))
    }
  }

  /// Many neutrinos of two beams and few antineutrinos of one predict antineutrinos of another energy better with a net
  /// for both than with a net for each.
  @Test func fewAntineutrinosProfitFromManyNeutrinos() throws {
    var small = try SmallNearProblem(threads: 2, species: [.numu, .numubar], beams: [1.5, 3.5])
    // Samples are neutrinos and then antineutrinos, of each beam; the last is what is to be predicted.
    let far = small.problem.samples.removeLast()
    let stream = try RandomStream(seed: 21, purpose: "drawn", member: 0)
    let counts = try small.problem.samples[2].probabilities.map { Double(try stream.poisson(mean: 30 * $0)) }
    let events = counts.reduce(0, +)
    small.problem.samples[2].probabilities = counts.map { $0 / events }
    for (sample, number) in [1e6, 1e6, events].enumerated() { small.problem.samples[sample].events = number }
    func farDistance(_ signs: String) throws -> Double {
      let tuned = try tuned(
        try model(
          signs,
          [
            "network.hidden": .numbers([16, 16]), "training.steps": .integer(500),
            "training.learning_rate": .number(0.03),
          ]), on: small.problem)
      let rates = try small.rates(of: tuned, far)
      let sum = rates.reduce(0, +)
      return zip(rates, far.probabilities).reduce(0) { $0 + abs($1.0 / sum - $1.1) / 2 }
    }
    let (shared, separate) = (try farDistance("shared"), try farDistance("separate"))
    #expect(shared < 0.8 * separate, "\(shared) against \(separate)")
  }
}
