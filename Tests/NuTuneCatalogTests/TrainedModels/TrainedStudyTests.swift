import Foundation
import GaussianProcessStructureFunctions
import NeuralStructureFunctions
import NuTuneCatalog
import NuTuneCore
import Testing

/// Where a study may name a model it may name a trained one.
@Suite struct TrainedStudyTests {
  private func study(_ changes: [(file: String, old: String, new: String)]) throws -> (TemporaryStudy, TrainedFixture) {
    let study = try TemporaryStudy(changes)
    let fixture = try TrainedFixture(in: study.folder)
    return (study, fixture)
  }

  private func load(_ study: TemporaryStudy, _ overrides: [String] = []) throws -> StudyConfiguration {
    try StudyConfiguration.load(
      study.path, overrides: overrides, registry: try TrainedFixture.registry(),
      catalog: Catalog(folders: [study.folder + "/catalogs"]))
  }

  private static let net = TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet)

  /// As the truth, as a model in both forms, and as a prior: each is the model of the run, and none is trained again.
  @Test func theTruthAModelAndAPrior() throws {
    let (study, fixture) = try study([
      ("study.yaml", "truth: {model: flat}", "truth: runs/x#neural"),
      ("study.yaml", "first: {model: flat, height: 0.5}", "first: {trained: runs/x#neural}\n  short: runs/x#neural"),
      ("study.yaml", "model: flat\n    network: {hidden: [8, 8]}", "model: neural-sf\n    prior: runs/x#neural"),
    ])
    defer { fixture.remove() }
    let trained = try fixture.train("neural", Self.net, targets: ["C12"])
    let configuration = try load(study)
    let assembly = try configuration.assemble(try TrainedFixture.registry())
    let expected = try TrainedFixture.values(trained, "C12")
    for model in [try #require(assembly.truth), assembly.models[0], assembly.models[1]] {
      #expect(!(model is any TunableModel))
      #expect(try TrainedFixture.values(model, "C12") == expected)
    }
    #expect(assembly.models[2] is any TunableModel)
    let prior = try #require(configuration.models[2].components.first)
    let made: any CrossSectionModel = try prior.make(try TrainedFixture.registry())
    #expect(try TrainedFixture.values(made, "C12") == expected)

    let values = configuration.effective.values
    for path in ["truth", "models.first", "models.short", "models.second.prior"] {
      #expect(values["\(path).trained"] == .text("runs/x#neural") && values["\(path).model"] == .text("neural-sf"))
      #expect(values["\(path).network.hidden"] == .numbers([8]))
    }
    let remarks = configuration.trainedRemarks(folding: 0.1...20)
    #expect(remarks.count == 4)
    #expect(remarks[0].contains("near data are a sample that it has not seen"))
    #expect(remarks.allSatisfy { $0.contains("0.3 to 6 GeV, and this study folds 0.1 to 20 GeV") })
    #expect(try !load(study).trainedRemarks(folding: 0.5...5).contains { $0.contains("GeV") })
  }

  @Test func aNameOfTheCatalogAndTheCommandLine() throws {
    let (study, fixture) = try study([("study.yaml", "first: {model: flat, height: 0.5}", "first: small-v1")])
    defer { fixture.remove() }
    let trained = try fixture.train("neural", Self.net, targets: ["C12"])
    _ = try ModelInstallation(name: "small-v1", title: "small").write(
      try TrainedModelFiles(of: fixture.name("neural"), in: "", catalog: fixture.catalog), reference: "runs/x#neural",
      in: "\(study.folder)/catalogs")
    let registry = try TrainedFixture.registry()
    let assembly = try load(study, ["truth={trained: small-v1}"]).assemble(registry)
    let expected = try TrainedFixture.values(trained, "C12")
    #expect(try TrainedFixture.values(assembly.models[0], "C12") == expected)
    #expect(try TrainedFixture.values(try #require(assembly.truth), "C12") == expected)
  }

  /// A resumed run has to know other weights: their digest is a value of the study.
  @Test func otherWeightsAreAnotherStudy() throws {
    let (study, fixture) = try study([("study.yaml", "truth: {model: flat}", "truth: {trained: runs/x#neural}")])
    defer { fixture.remove() }
    func digest() throws -> ParameterValue? { try load(study).effective.values["truth.trained_sha256"] }
    try fixture.train("neural", Self.net)
    let first = try #require(try digest())
    try fixture.train("neural", Self.net)
    #expect(try digest() == first)
    try fixture.train(
      "neural",
      TrainedFixture.selection(
        NeuralStructureFunctions.self, ["network.hidden": .numbers([8]), "training.steps": .integer(21)]))
    #expect(try digest() != first)
  }

  @Test(arguments: [
    ("{trained: runs/x#neural, model: flat}", "models.first.model: found model beside trained"),
    ("{trained: runs/x#neural, network: {hidden: [4]}}", "models.first.network: found network beside trained"),
    ("{trained: runs/x#neural, network_seed: 3}", "models.first.network_seed: found “runs/x#neural (neural-sf)”"),
    ("{trained: runs/x#other}", "models.first.trained: found no trained model “other” in"),
    ("{trained: [1]}", "models.first.trained: found a list of 1 element"),
    ("{trained: nothing}", "models.first.trained: found the unknown cross-section “nothing”"),
    ("toy", "models.first: found “toy”; expected a mapping of keys to values"),
    ("{trained: runs/x#argon}", "models.first: found the target C12; expected Ar40"),
  ])
  func mistakes(_ first: String, _ expected: String) throws {
    let (study, fixture) = try study([("study.yaml", "first: {model: flat, height: 0.5}", "first: \(first)")])
    defer { fixture.remove() }
    try fixture.train("neural", Self.net, targets: ["C12"])
    try fixture.train("argon", Self.net)
    let error = #expect(throws: (any Error).self) { try load(study).check(try TrainedFixture.registry()) }
    var problems = NuTuneErrors()
    if let error { problems.add(error) }
    #expect(problems.errors.contains { "\($0)".contains(expected) }, "\(problems.errors)")
    #expect(problems.errors.allSatisfy { $0.category == .badData })
  }
}
