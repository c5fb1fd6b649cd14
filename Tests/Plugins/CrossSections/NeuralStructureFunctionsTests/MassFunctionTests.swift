import NeuralStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// Nets with five outputs, of which the last two are W₄ and W₅ within bounds (`network.mass_functions: bounded`).
@Suite struct MassFunctionTests {
  private func model(_ changes: [String: ParameterValue] = [:], prior: (any CrossSectionModel)? = nil) throws
    -> NeuralStructureFunctions
  {
    var changes = changes
    changes["network.mass_functions"] = .text("bounded")
    return try NeuralStructureFunctionsTests().model(changes, prior: prior)
  }

  /// The smallest steps leave a model as it starts.
  private let still: [String: ParameterValue] = [
    "network.hidden": .numbers([16]), "training.steps": .integer(1), "training.learning_rate": .number(1e-8),
    "training.final_learning_rate": .number(1e-8),
  ]

  /// The gradient of net → fold → deviance with electrons and muons of one sign, where W₄ and W₅ are not at their fixed
  /// values, against differences in double precision; in single precision against double.
  @Test(arguments: ["ratio", "independent", "total"]) func gradientOfFiveFunctions(longitudinal: String) throws {
    let problem = try SmallNearProblem(species: [.numu, .nue]).problem
    let model = try model([
      "network.longitudinal": .text(longitudinal), "network.hidden": .numbers([16, 16]),
    ])
    var parameters = try model.deviance(on: problem).parameters
    let stream = try RandomStream(seed: 6, purpose: "directions", member: 0)
    // The last layer ends with weights [5][16] and five biases; outputs 4 and 5 start at zero.
    let weights = parameters.count - 5 - 2 * 16..<parameters.count - 5
    let biases = parameters.count - 2..<parameters.count
    for index in weights { parameters[index] = 0.25 * stream.gaussian() }
    parameters[biases.lowerBound] = -0.4
    parameters[biases.lowerBound + 1] = 0.3
    let check = try GradientCheck(model, problem: problem, at: parameters)
    #expect((Array(weights) + Array(biases)).contains { abs(check.gradient[$0]) > 1e-6 })
    for _ in 0..<5 { try check.along(stream.gaussians(parameters.count)) }
    for index in biases { try check.along(parameter: index) }
    for index in stride(from: weights.lowerBound, to: weights.upperBound, by: 4) { try check.along(parameter: index) }
    for _ in 0..<10 { try check.along(parameter: Int(stream.uniform() * Double(parameters.count))) }

    let single = try model.singlePrecisionGradient(on: problem, parameters: parameters)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let difference = zip(single, check.gradient).map { Double($0) - $1 }
    #expect(norm(difference) < 1e-3 * norm(check.gradient))
    for part in [weights, biases] {
      #expect(norm(Array(difference[part])) < 1e-2 * norm(Array(check.gradient[part])))
    }
  }

  /// Outputs of zero for W₄ and W₅ are the model of three functions, with the same random numbers.
  @Test func startsAtTheThreeFunctions() throws {
    let small = try SmallNearProblem()
    let hidden: [String: ParameterValue] = ["network.hidden": .numbers([16, 16])]
    let three = try NeuralStructureFunctionsTests().model(hidden).deviance(on: small.problem)
    let five = try model(hidden).deviance(on: small.problem)
    let shared = three.parameters.count - 3
    #expect(five.parameters.count == shared + 2 * 16 + 5)
    #expect(five.parameters[..<shared] == three.parameters[..<shared])
    #expect(five.parameters[shared...].allSatisfy { $0 == 0 })
    #expect(abs(five.loss - three.loss) <= 1e-12 * three.loss)
    let largest = three.gradient.map(abs).max() ?? 0
    let pairs = (0..<shared).map { ($0, $0) } + (0..<3).map { (shared + $0, shared + 2 * 16 + $0) }
    for (ofThree, ofFive) in pairs {
      #expect(abs(five.gradient[ofFive] - three.gradient[ofThree]) <= 1e-10 * largest, "parameter \(ofThree)")
    }
    // Outputs 4 and 5 have a gradient there, or training would never leave zero.
    #expect(five.gradient.suffix(2).allSatisfy { $0 != 0 })

    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    func functions(_ model: NeuralStructureFunctions) throws -> [[Double]] {
      let tuned = try #require(try model.tuned(on: small.problem).model as? NeuralStructureFunctions)
      return try tuned.structureFunctions(of: small.reaction, at: points).w
    }
    let (found, expected) = (try functions(model(still)), try functions(NeuralStructureFunctionsTests().model(still)))
    for i in 0..<points.count {
      for index in [0, 1, 2, 4] {
        #expect(abs(found[index][i] - expected[index][i]) <= 1e-5 * expected[1][i], "W\(index + 1) at \(i)")
      }
      #expect(abs(found[3][i]) <= 1e-5 * expected[1][i])
    }
  }

  /// Whatever the nets say: W_T, W_L ≥ 0, |W₃| and W₅ in their bounds, and no negative cross section of an electron, a
  /// muon or their antiparticles, along the beam least of all.
  @Test(arguments: [NeutrinoSpecies.numu, .nue, .numubar, .nuebar])
  func crossSectionsArePositive(species: NeutrinoSpecies) throws {
    let small = try SmallNearProblem(species: [species])
    let untuned = try model(["network.hidden": .numbers([8]), "training.steps": .integer(1)])
    var state = try untuned.tuned(on: small.problem).state
    let stream = try RandomStream(seed: 9, purpose: "points", member: 0)
    for index in state.tensors.indices.suffix(2) {
      for element in state.tensors[index].elements.indices {
        state.tensors[index].elements[element] = Float(1.5 * stream.gaussian())
      }
    }
    let wild = try #require(try untuned.restored(from: state) as? NeuralStructureFunctions)
    let tensor = LeptonTensor(species)
    var points = KinematicPoints()
    for i in 0..<4000 {
      let energy = 0.3 + 8 * stream.uniform()
      let lepton = tensor.leptonMass + (energy - 0.01 - tensor.leptonMass) * stream.uniform()
      points.append(
        neutrinoEnergy: energy, leptonEnergy: lepton, cosTheta: i % 2 == 0 ? 1 : 2 * stream.uniform() - 1)
    }
    let invariants = points.invariants(leptonMass: tensor.leptonMass)
    let functions = try wild.structureFunctions(of: small.reaction, at: invariants)
    let values = tensor.nodeValues(of: functions, at: invariants)
    let crossSections = tensor.crossSection(of: functions, at: points, invariants: invariants)
    for i in 0..<points.count {
      let momentum = Kinematics.leptonMomentum(energy: points.leptonEnergy[i], mass: tensor.leptonMass)
      let (omega, q2) = (invariants.omega[i], invariants.q2[i])
      let weights = tensor.pointWeights(
        neutrinoEnergy: points.neutrinoEnergy[i], leptonMomentum: momentum, q2: q2)
      let size = abs(weights.a * values[0][i]) + abs(weights.b * values[1][i]) + abs(weights.c * values[2][i])
      // Single precision lets tanh exceed one by rounding.
      #expect(crossSections[i] >= -1e-6 * size, "\(crossSections[i]) of \(size) at ω = \(omega), Q² = \(q2)")
      let fixed = functions.w[1][i] * PhysicalConstants.nucleonMass * omega / q2
      #expect(functions.w[4][i] >= -1e-6 * fixed && functions.w[4][i] <= (2 + 1e-6) * fixed)
      let fourth = abs(omega * functions.w[3][i]) / (PhysicalConstants.nucleonMass * functions.w[1][i])
      #expect(fourth <= 1 + 1e-6)
      let positivity = TensorPositivity(
        w1: functions.w[0][i], w2: functions.w[1][i], w3: functions.w[2][i], omega: omega, q2: q2)
      #expect(positivity.violation <= 1e-6)
    }
  }

  /// Electrons and muons of one sign are learned together, with three functions and with five.
  @Test(arguments: ["fixed", "bounded"]) func learnsElectronsAndMuonsTogether(functions: String) throws {
    let small = try SmallNearProblem(species: [.numu, .nue])
    let reactions = small.problem.samples.map(\.sample.reaction)
    let settings: [String: ParameterValue] = [
      "network.hidden": .numbers([16, 16]), "training.steps": .integer(400),
      "network.mass_functions": .text(functions),
    ]
    let model = try model(settings)
    try model.check(reactions)
    let record = try model.tuned(on: small.problem).record
    let first = try #require(record.history.first)
    #expect(record.loss < first.loss / 30)
  }

  /// A saved state comes back as it was; one of three functions is refused by a model of five, and the other way round.
  @Test func stateRoundTrip() throws {
    let small = try SmallNearProblem(species: [.numu, .nue])
    let settings: [String: ParameterValue] = ["network.hidden": .numbers([8]), "training.steps": .integer(10)]
    let bounded = try model(settings)
    let result = try bounded.tuned(on: small.problem)
    let again = try #require(try bounded.restored(from: result.state) as? NeuralStructureFunctions)
    let tuned = try #require(result.model as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let functions = try again.structureFunctions(of: small.reaction, at: points).w
    #expect(try functions == tuned.structureFunctions(of: small.reaction, at: points).w)
    #expect(functions[3].allSatisfy { $0 != 0 })

    let fixed = try NeuralStructureFunctionsTests().model(settings)
    let three = try fixed.tuned(on: try SmallNearProblem().problem).state
    for (model, state, found) in [(bounded, three, 3), (fixed, result.state, 5)] {
      let error = #expect(throws: NuTuneError.self) { try model.restored(from: state) }
      #expect(error?.key == "network.mass_functions")
      #expect(error?.found == "the state of nets for \(found) structure functions")
    }
  }

  /// Zero outputs are the prior with its own W₄ and W₅; the points lie where both are within the bounds.
  @Test func startsAtAPrior() throws {
    let small = try SmallNearProblem()
    let prior = try SmallNearProblem.detunedToy()
    let model = try model(still, prior: prior)
    let tuned = try #require(try model.tuned(on: small.problem).model as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.3, 0.6, 1], q2: [0.5, 1, 1.5])
    let expected = prior.structureFunctions(of: small.reaction, at: points)
    let found = try tuned.structureFunctions(of: small.reaction, at: points)
    for index in [0, 2, 3, 4] {
      for i in 0..<points.count {
        #expect(abs(found.w[index][i] / expected.w[index][i] - 1) < 1e-4, "W\(index + 1) at \(i)")
      }
    }
  }
}
