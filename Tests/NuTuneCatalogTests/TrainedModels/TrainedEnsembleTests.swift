import Foundation
import GaussianProcessStructureFunctions
import NeuralStructureFunctions
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import Testing

/// The members of an ensemble as one trained model: mean and covariance are those of the members.
@Suite struct TrainedEnsembleTests {
  private static let factors = [2.0, 0.5, 1.25]

  /// What a member is made of. Where architectures differ, the second one is another net with a trained prior and the third
  /// one a Gaussian process.
  private func selection(_ index: Int, in fixture: TrainedFixture, architecturesDiffer: Bool) throws -> PluginSelection
  {
    var changes = TrainedFixture.smallNet
    changes["training.steps"] = .integer(10 + 5 * index)
    guard architecturesDiffer, index > 0 else {
      return TrainedFixture.selection(NeuralStructureFunctions.self, changes)
    }
    guard index == 1 else {
      return TrainedFixture.selection(GaussianProcessStructureFunctions.self, TrainedFixture.smallProcess)
    }
    try fixture.train("start", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    var prior = try PluginSelection.trained(
      fixture.name("start"), registry: try TrainedFixture.registry(), catalog: fixture.catalog)
    prior.label = "prior"
    changes["network.hidden"] = .numbers([6, 4])
    var selection = TrainedFixture.selection(NeuralStructureFunctions.self, changes)
    selection.components = [prior]
    return selection
  }

  /// Three models of different trainings and scales, and the ensemble `all` that has their weights.
  private func members(in fixture: TrainedFixture, architecturesDiffer: Bool = false) throws
    -> [any CrossSectionModel]
  {
    var (cards, models): ([ModelCard], [(card: ModelCardMember, model: TrainedModel)]) = ([], [])
    let trained = try Self.factors.enumerated().map { index, factor in
      let label = "member-\(index)"
      let model = try fixture.train(
        label, try selection(index, in: fixture, architecturesDiffer: architecturesDiffer))
      try fixture.changeCard(label) { card in
        card.origin?.scale.factors = ["neutrino": .init(value: factor, statisticalError: 0.01)]
      }
      let (read, card) = try TrainedModel.read(
        TrainedModelFiles(of: fixture.name(label), in: "", catalog: fixture.catalog), reference: label)
      models.append((ModelCardMember(label, card, hasOwnArchitecture: architecturesDiffer && index > 0), read))
      cards.append(card)
      return model
    }
    var card = cards[0]
    card.members = models.map(\.card)
    card.origin?.probes = []
    let weights = try SafeTensors.encode(TrainedModel.tensors(ofMembers: models))
    card.weightsDigest = Digest.sha256(weights)
    try weights.write(to: URL(filePath: fixture.file("all.safetensors")))
    try JSONFile.bytes(of: card).write(to: URL(filePath: fixture.file("all.json")))
    return trained
  }

  @Test("the mean with the covariance of the members, of one architecture and of several", arguments: [false, true])
  func itIsTheMeanWithTheCovarianceOfItsMembers(_ architecturesDiffer: Bool) throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    let parts = try zip(members(in: fixture, architecturesDiffer: architecturesDiffer), Self.factors).map {
      model, factor in
      try TrainedFixture.values(model).map { factor * $0 }
    }
    // Its own files are all that it needs.
    for name in ["start"] + (0..<3).map({ "member-\($0)" }) {
      for ending in ["json", "safetensors"] {
        try? FileManager.default.removeItem(atPath: fixture.file("\(name).\(ending)"))
      }
    }
    let ensemble = try #require(try fixture.read(fixture.name("all")) as? any GaussianModel)
    let found = try TrainedFixture.values(ensemble)
    let mean = found.indices.map { point in parts.reduce(0) { $0 + $1[point] } / 3 }
    #expect(found.contains { $0 > 0 })
    for (one, two) in zip(found, mean) { #expect(abs(one - two) <= 1e-9 * abs(two)) }

    // The cross section is linear in the weights: moved along each column of F, it gives a square root of its covariance.
    let group = try #require(ensemble.weightGroups.first)
    let moves = try (0..<3).map { column in
      zip(try TrainedFixture.values(ensemble.displaced(by: [group.factor.column(column)])), found).map { $0 - $1 }
    }
    for (one, two) in [(1, 1), (1, 4), (4, 7)] {
      let covariance = moves.reduce(0) { $0 + $1[one] * $1[two] }
      let expected = parts.reduce(0) { $0 + ($1[one] - mean[one]) * ($1[two] - mean[two]) } / 2
      #expect(abs(covariance - expected) <= 1e-9 * mean[one] * mean[two], "\(covariance) \(expected)")
      #expect(abs(expected) > 1e-6 * mean[one] * mean[two])
    }
  }

  /// What a weight changes is its basis function, which the marginal fit integrates out.
  @Test func aWeightMovesAlongItsBasis() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    _ = try members(in: fixture)
    let ensemble = try #require(try fixture.read(fixture.name("all")) as? any GaussianModel)
    let reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let points = InvariantPoints(omega: [0.4, 1.1], q2: [0.3, 0.9])
    let basis = try #require(try ensemble.basis(ofGroup: 0, weights: 1..<3, reaction: reaction, at: points))
    let (before, after) = (
      try ensemble.structureFunctions(of: reaction, at: points),
      try ensemble.displaced(by: [[0, 0, 0.25]]).structureFunctions(of: reaction, at: points)
    )
    #expect(basis.count == 2)
    for order in 0..<5 {
      for point in 0..<2 {
        let moved = after.w[order][point] - before.w[order][point]
        #expect(abs(moved - 0.25 * basis[1].w[order][point]) <= 1e-9 * abs(basis[1].w[order][point]) + 1e-12)
      }
    }
  }

  /// It travels in the weights of a model whose prior it is.
  @Test(arguments: [false, true]) func itIsAPrior(_ architecturesDiffer: Bool) throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    _ = try members(in: fixture, architecturesDiffer: architecturesDiffer)
    let expected = try TrainedFixture.values(fixture.read(fixture.name("all")))
    var selection = TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet)
    var prior = try PluginSelection.trained(
      fixture.name("all"), registry: try TrainedFixture.registry(), catalog: fixture.catalog)
    prior.label = "prior"
    selection.components = [prior]
    let trained = try fixture.train("neural", selection)
    for ending in ["json", "safetensors"] { try FileManager.default.removeItem(atPath: fixture.file("all.\(ending)")) }
    let registry = try TrainedFixture.registry()
    let read = try PluginSelection.trained(fixture.name("neural"), registry: registry, catalog: fixture.catalog)
    let made: any CrossSectionModel = try read.make(registry)
    #expect(try TrainedFixture.values(made) == TrainedFixture.values(trained))
    let component: any CrossSectionModel = try #require(read.components.first).make(registry)
    #expect(try TrainedFixture.values(component) == expected)
  }

  @Test(arguments: [("one", "1 members"), ("probe", "weights that give a cross section of")])
  func whatIsWrongIsSaid(_ mistake: String, _ found: String) throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    _ = try members(in: fixture)
    try fixture.changeCard("all") { card in
      if mistake == "one" {
        card.members = card.members.map { Array($0.prefix(1)) }
      } else {
        let values = card.members?[2].probes[0].values ?? []
        card.members?[2].probes[0].values = values.map { 1.01 * $0 }
      }
    }
    let error = #expect(throws: NuTuneError.self) { try fixture.read(fixture.name("all")) }
    #expect(error?.found.contains(found) == true, "\(String(describing: error))")
  }
}
