import FittedTheory
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing
import ToyStructureFunctions

/// What a user may write of free parameters, and the tuned model as one with a posterior.
@Suite struct FreeParameterTests {
  private func model(_ free: [String], theory: Bool = true) throws -> FittedTheory {
    var configuration = PluginConfiguration(
      parameters: FittedTheory.descriptor.parameters.defaults().setting(["free": .texts(free)]))
    if theory {
      try configuration.addComponent(
        "theory", ToyStructureFunctions.self,
        from: PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    }
    return try FittedTheory(configuration)
  }

  private func tuned(_ free: [String], on small: SmallNearProblem) throws -> TuningResult {
    try model(free).tuned(on: small.problem)
  }

  /// Values with and without units, of the theory or one's own; errors relative to the value.
  @Test(arguments: [
    ("quasi_elastic.axial_mass ± 0.1", "quasi_elastic.axial_mass", 1.03, 0.1),
    ("quasi_elastic.axial_mass=1100 MeV +- 50 MeV", "quasi_elastic.axial_mass", 1.1, 0.05),
    ("quasi_elastic.energy_shift = -10 MeV +/- 0.02", "quasi_elastic.energy_shift", -0.01, 0.02),
    ("dis.valence_falloff ± 10 %", "dis.valence_falloff", 3.5, 0.35),
  ])
  func readsPriors(text: String, name: String, mean: Double, error: Double) throws {
    let result = try tuned([text], on: try SmallNearProblem(events: 1e4))
    let prior = try #require(result.record.parameters?[name]?.prior)
    #expect(abs(prior[0] - mean) < 1e-12 && abs(prior[1] - error) < 1e-12, "\(prior)")
  }

  @Test(arguments: [
    ("dis.scale", "found “dis.scale”; expected a parameter with an error"),
    ("dis.scale = 1 = 2 ± 1", "expected a parameter with an error"),
    ("= 1 ± 0.2", "expected a parameter with an error"),
    ("dis.scal ± 0.1", "the unknown parameter “dis.scal” of toy-sf"),
    ("dis.isoscalar ± 0.1", "“dis.isoscalar”, which is true or false"),
    ("dis.scale = -1 ± 0.1", "expected a number from 0 to 100 as value"),
    ("quasi_elastic.axial_mass = 1 ± 0", "expected a positive error in GeV"),
    ("quasi_elastic.axial_mass = 1 GeV ± 3 km", "expected a positive error in GeV"),
    ("quasi_elastic.axial_mass = 2 km ± 1", "from 0.1 to 10 in GeV as value"),
    ("quasi_elastic.energy_shift = 0 ± 10 %", "expected a positive error in GeV"),
  ])
  func refusesWhatIsNoPrior(text: String, sentence: String) throws {
    let error = #expect(throws: NuTuneError.self) { _ = try model([text]) }
    #expect(error?.key == "free" && error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func refusesIncompleteStudies() throws {
    #expect(throws: NuTuneError.self) { _ = try model([]) }
    #expect(throws: NuTuneError.self) { _ = try model(["dis.scale ± 0.1", "dis.scale ± 0.2"]) }
    let error = #expect(throws: NuTuneError.self) { _ = try model(["dis.scale ± 0.1"], theory: false) }
    #expect(error?.key == "theory")
    let untuned = try model(["dis.scale ± 0.1"])
    let small = try SmallNearProblem(events: 1e4)
    #expect(untuned.weightGroups.isEmpty)
    #expect(throws: NuTuneError.self) {
      _ = try untuned.structureFunctions(of: small.reaction, at: small.problem.nodes)
    }
  }

  /// Basis functions are the derivatives of the displaced model; displacements beyond a range end there.
  @Test func basisFunctionsAreDerivatives() throws {
    let small = try SmallNearProblem(events: 1e5)
    let result = try tuned(
      ["quasi_elastic.axial_mass = 1.1 ± 0.2", "dis.threshold ± 0.05", "dis.scale ± 0.3"], on: small)
    let model = try #require(result.model as? any GaussianModel)
    let points = small.problem.nodes
    let basis = try #require(try model.basis(ofGroup: 0, weights: 0..<3, reaction: small.reaction, at: points))
    let step = 1e-3
    for weight in 0..<3 {
      let sides = try [step, -step].map { step in
        var change = [0.0, 0, 0]
        change[weight] = step
        return try model.displaced(by: [change]).structureFunctions(of: small.reaction, at: points)
      }
      for k in 0..<3 {
        let scale = basis[weight].w[k].reduce(0) { max($0, abs($1)) }
        #expect(scale > 0)
        for i in 0..<points.count {
          let difference = (sides[0].w[k][i] - sides[1].w[k][i]) / (2 * step)
          #expect(abs(difference - basis[weight].w[k][i]) < 1e-4 * scale)
        }
      }
    }
    let none = try model.displaced(by: [[0, 0, -1e6]]).structureFunctions(of: small.reaction, at: points)
    let without = try SmallNearProblem.toy([
      "dis.scale": .number(0),
      "quasi_elastic.axial_mass": .number(try #require(result.record.parameters?["quasi_elastic.axial_mass"]).value),
      "dis.threshold": .number(try #require(result.record.parameters?["dis.threshold"]).value),
    ]).structureFunctions(of: small.reaction, at: points)
    // The range in use ends a hundred prior errors below the mean, or where the declared one does: at zero.
    #expect(none.w == without.w)
  }

  /// A restored model is the tuned one, to the last bit; that of another fit is refused.
  @Test func comesBackFromItsState() throws {
    let small = try SmallNearProblem(events: 1e5)
    let free = ["quasi_elastic.axial_mass = 1.1 ± 0.2", "dis.scale ± 0.3"]
    let result = try tuned(free, on: small)
    let tuned = try #require(result.model as? any GaussianModel)
    let restored = try #require(try model(free).restored(from: result.state) as? any GaussianModel)
    let (reaction, points) = (small.reaction, small.problem.nodes)
    #expect(
      try restored.structureFunctions(of: reaction, at: points).w
        == tuned.structureFunctions(of: reaction, at: points).w)
    let (a, b) = (restored.weightGroups[0].factor, tuned.weightGroups[0].factor)
    #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) <= 1e-13 * max(abs($1), 1e-3) })
    #expect(throws: NuTuneError.self) { _ = try model(Array(free.reversed())).restored(from: result.state) }
    #expect(throws: NuTuneError.self) { _ = try model([free[0]]).restored(from: result.state) }
  }
}
