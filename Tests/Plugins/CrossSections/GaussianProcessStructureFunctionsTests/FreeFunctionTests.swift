import GaussianProcessStructureFunctions
import NuTuneCore
import TestSupport
import Testing

/// How many structure functions of a Gaussian process are free, and what W₄ and W₅ are when they are not.
@Suite struct FreeFunctionTests {
  private let points = InvariantPoints(omega: [0.3, 0.6, 1, 2], q2: [0.5, 0.3, 0.6, 1.5])
  private let noEvents = 1e-6

  private func untuned(_ changes: [String: ParameterValue]) throws -> GaussianProcessStructureFunctions {
    let longer: [String: ParameterValue] = ["kernel.length_w2": .number(1), "kernel.length_q2": .number(1.5)]
    var configuration = PluginConfiguration(
      parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults().setting(longer).setting(changes))
    configuration.components["prior"] = try SmallNearProblem.detunedToy()
    return try GaussianProcessStructureFunctions(configuration)
  }

  private func tuned(_ changes: [String: ParameterValue], on small: SmallNearProblem) throws
    -> GaussianProcessStructureFunctions
  {
    try #require(try untuned(changes).tuned(on: small.problem).model as? GaussianProcessStructureFunctions)
  }

  /// Slopes of ln W with respect to all weights, shape [functions][points][weights].
  private func slopes(_ model: GaussianProcessStructureFunctions, _ reaction: Reaction) throws -> [[[Double]]] {
    let basis = try #require(
      try model.basis(ofGroup: 0, weights: 0..<model.weightGroups[0].count, reaction: reaction, at: points))
    let center = try model.structureFunctions(of: reaction, at: points)
    return (0..<5).map { k in
      (0..<points.count).map { i in basis.map { $0.w[k][i] / center.w[k][i] } }
    }
  }

  /// Electrons hardly see W₄ and W₅ (m²/Q² is below 10⁻⁶), so that leaving them free changes neither the other three nor
  /// their errors. Searches end within 10⁻³ standard deviations of the most probable weights.
  @Test func masslessLeptonsDoNotSeeWhetherFiveFunctionsAreFree() throws {
    let small = try SmallNearProblem(species: [.nue], events: 1e6)
    let three = try tuned(["functions": .text("three")], on: small)
    let five = try tuned(["functions": .text("five")], on: small)
    #expect(five.weightGroups[0].count * 3 == three.weightGroups[0].count * 5)
    let found = try [three, five].map { model in
      let factor = model.weightGroups[0].factor
      let widths = try slopes(model, small.reaction).map { function in
        try function.map { slope in
          try factor.transposed.multiplied(by: slope).reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
      }
      return (values: try model.structureFunctions(of: small.reaction, at: points).w, widths: widths)
    }
    for k in 0..<3 {
      for i in 0..<points.count {
        #expect(abs(found[1].values[k][i] / found[0].values[k][i] - 1) < 2e-3, "W\(k + 1)")
        #expect(abs(found[1].widths[k][i] / found[0].widths[k][i] - 1) < 1e-2, "W\(k + 1)")
      }
    }
    // W₅ has a freedom of its own.
    #expect(zip(found[1].widths[4], found[0].widths[4]).allSatisfy { $0 > $1 })
  }

  /// One lepton leaves three functions free and two leave five, unless the model says otherwise.
  @Test func theDefaultFollowsTheLeptonsSeen() throws {
    let muons = try SmallNearProblem(events: noEvents)
    let both = try SmallNearProblem(species: [.numu, .nue], events: noEvents)
    func weights(_ functions: String, _ small: SmallNearProblem) throws -> Int {
      try tuned(["functions": .text(functions)], on: small).weightGroups[0].count
    }
    let (three, five) = (try weights("three", muons), try weights("five", muons))
    #expect(five * 3 == three * 5)
    #expect(try weights("auto", muons) == three && weights("three", both) * 5 == weights("auto", both) * 3)
  }

  /// W₄ and W₅ of each assumption, and their slopes against differences of the displaced model.
  @Test(arguments: ["prior-ratio", "zero", "albright-jarlskog"]) func massFunctionsAreThoseAssumed(
    _ assumption: String
  ) throws {
    let small = try SmallNearProblem(events: 1e5)
    let model = try tuned(["mass_functions": .text(assumption)], on: small)
    let found = try model.structureFunctions(of: small.reaction, at: points).w
    let prior = try SmallNearProblem.detunedToy().structureFunctions(of: small.reaction, at: points).w
    for i in 0..<points.count {
      // 2xF₅ = F₂ with x = Q²/2Mω.
      let albrightJarlskog = PhysicalConstants.nucleonMass * points.omega[i] / points.q2[i]
      let (fourth, fifth) =
        switch assumption {
        case "zero": (0.0, 0.0)
        case "albright-jarlskog": (0, albrightJarlskog)
        default: (prior[3][i] / prior[1][i], prior[4][i] / prior[1][i])
        }
      #expect(abs(found[3][i] / found[1][i] - fourth) <= 1e-6 * abs(fourth))
      #expect(abs(found[4][i] / found[1][i] - fifth) <= 1e-6 * abs(fifth))
    }
    let weight = model.weightGroups[0].count / 2
    let slope = try #require(
      try model.basis(ofGroup: 0, weights: weight..<weight + 1, reaction: small.reaction, at: points))[0]
    let sides = try [1e-5, -1e-5].map { step in
      var change = [Double](repeating: 0, count: model.weightGroups[0].count)
      change[weight] = step
      return try model.displaced(by: [change]).structureFunctions(of: small.reaction, at: points)
    }
    for k in 0..<5 {
      for i in 0..<points.count {
        let difference = (sides[0].w[k][i] - sides[1].w[k][i]) / 2e-5
        #expect(abs(difference - slope.w[k][i]) < 1e-6 * (found[0][i] + abs(found[k][i])))
      }
    }
  }

  /// Before any data the variance of ln(W₅/W₂) is the square of its own amplitude, that of ln W₋ the square of the
  /// other; a state keeps both. The basis is good to 10⁻³ of a variance.
  @Test func massFunctionsHaveTheirOwnAmplitude() throws {
    let small = try SmallNearProblem(events: noEvents)
    for (amplitude, expected) in [(nil, 0.16), (1.5, 2.25)] as [(Double?, Double)] {
      var changes: [String: ParameterValue] = ["functions": .text("five")]
      changes["kernel.mass_amplitude"] = amplitude.map { .number($0) }
      let untuned = try untuned(changes)
      let result = try untuned.tuned(on: small.problem)
      let model = try #require(result.model as? GaussianProcessStructureFunctions)
      let slopes = try slopes(model, small.reaction)
      for i in 0..<points.count {
        let variance = zip(slopes[4][i], slopes[1][i]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(abs(variance / expected - 1) < 3e-3)
      }
      let again = try #require(try untuned.restored(from: result.state) as? GaussianProcessStructureFunctions)
      let (before, after) = (
        try self.slopes(model, small.reaction)[4], try self.slopes(again, small.reaction)[4]
      )
      for (a, b) in zip(before.joined(), after.joined()) { #expect(abs(a - b) < 1e-9) }
    }
  }

  /// Without data the posterior of the weights is their prior, of unit variance.
  @Test func thePriorOfTheWeightsIsStandardNormal() throws {
    let group = try tuned([:], on: SmallNearProblem(events: noEvents)).weightGroups[0]
    #expect(group.hasUnitPrior)
    for i in 0..<group.count {
      for j in 0..<group.count { #expect(abs(group.factor[i, j] - (i == j ? 1 : 0)) < 1e-5) }
    }
  }

  @Test func assumptionsOnFreeFunctionsAreRefused() throws {
    let assumed = try #require(throws: NuTuneError.self) {
      try untuned(["functions": .text("five"), "mass_functions": .text("zero")])
    }
    #expect(assumed.key == "mass_functions" && assumed.expected.contains("functions: three"))
    let amplitude = try #require(throws: NuTuneError.self) {
      try untuned(["functions": .text("three"), "kernel.mass_amplitude": .number(1)])
    }
    #expect(amplitude.key == "kernel.mass_amplitude")
  }
}
