import Foundation
import GaussianProcessStructureFunctions
import NeuralStructureFunctions
import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics
import Testing

/// A model that was trained is read back by its name: the same to the last bit, or refused with the reason.
@Suite struct TrainedModelTests {
  @Test func aNetFromItsRunIsTheOneInMemory() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    let trained = try fixture.train(
      "neural", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    let read = try fixture.read(fixture.name("neural"))
    let values = try TrainedFixture.values(read)
    #expect(try values == TrainedFixture.values(trained) && values.contains { $0 > 0 })
    // It is not trained again, and its structure functions serve fold tables.
    #expect(!(read is any TunableModel) && read is any StructureFunctionModel)
    let other = #expect(throws: NuTuneError.self) {
      try read.check([Reaction(species: .numu, target: try Target(named: "CH"))])
    }
    #expect(other?.found == "the target CH" && other?.expected.contains("Ar40, on which") == true)
    #expect(throws: NuTuneError.self) {
      try read.check([Reaction(species: .numubar, target: try Target(named: "Ar40"))])
    }
  }

  /// The posterior travels with the weights: as the sum of two single-precision numbers, 14 digits.
  @Test(arguments: [TrainedFixture.smallProcess, TrainedFixture.smallSum]) func aProcessKeepsItsPosterior(
    _ kernel: [String: ParameterValue]
  ) throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    let trained = try #require(
      try fixture.train(
        "gp", TrainedFixture.selection(GaussianProcessStructureFunctions.self, kernel))
        as? any GaussianModel)
    let read = try #require(try fixture.read(fixture.name("gp")) as? any GaussianModel)
    let factors = [trained, read].map { $0.weightGroups[0].factor }
    #expect(factors[0].rows == factors[1].rows && factors[0].rows > 10)
    for column in 0..<factors[0].columns {
      for (one, two) in zip(factors[0].column(column), factors[1].column(column)) { #expect(abs(one - two) < 1e-12) }
    }
    let moves = [(0..<factors[0].rows).map { 0.1 * Double($0 % 3) }]
    let displaced = try [trained, read].map { try TrainedFixture.values($0.displaced(by: moves)) }
    for (one, two) in zip(displaced[0], displaced[1]) { #expect(abs(one - two) <= 1e-9 * abs(one)) }
  }

  /// A model whose prior was trained itself carries the weights of both.
  @Test func aPriorTravelsAlong() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    try fixture.train(
      "gp", TrainedFixture.selection(GaussianProcessStructureFunctions.self, TrainedFixture.smallProcess))
    var selection = TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet)
    var prior = try PluginSelection.trained(
      fixture.name("gp"), registry: try TrainedFixture.registry(), catalog: fixture.catalog)
    prior.label = "prior"
    selection.components = [prior]
    let trained = try fixture.train("neural", selection)
    for ending in ["json", "safetensors"] { try FileManager.default.removeItem(atPath: fixture.file("gp.\(ending)")) }
    let read = try fixture.read(fixture.name("neural"))
    for (one, two) in zip(try TrainedFixture.values(trained), try TrainedFixture.values(read)) {
      #expect(one == two)
    }
    // Without the prior it would be another model.
    let alone = try fixture.train(
      "alone", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    #expect(try TrainedFixture.values(alone) != TrainedFixture.values(trained))
  }

  @Test func aCardOfAnOlderVersionIsRead() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    let trained = try fixture.train(
      "neural", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    try fixture.changeCard("neural") { card in
      card.schema = "nutune.model/1"
      (card.origin, card.weightsDigest) = (nil, nil)
    }
    #expect(try TrainedFixture.values(fixture.read(fixture.name("neural"))) == TrainedFixture.values(trained))
  }

  /// What is wrong with the files, and the sentence that says so.
  @Test(arguments: [
    ("schema", "“nutune.model/3”, the card of a newer version", NuTuneError.Category.badData),
    ("weights", "weights with SHA-256", .badData), ("missing", "no readable file", .missingInput),
    ("label", "no trained model “neurla”", .badData), ("run", "no folder", .missingInput),
    ("empty", "a folder without trained models", .badData), ("probe", "weights that give a cross section of", .badData),
    ("parameter", "an unknown key", .badData), ("shape", "parameters", .badData),
    ("library", "“neural-sf” of this program", .badData),
    ("plugin", "the unknown cross-section “neural-old”", .badData),
    ("name", "the unknown cross-section “nothing”", .badData),
  ])
  func whatIsWrongIsSaid(_ mistake: String, _ found: String, _ category: NuTuneError.Category) throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    try fixture.train("neural", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    var name = fixture.name("neural")
    switch mistake {
    case "weights":
      let weights = URL(filePath: fixture.file("neural.safetensors"))
      var bytes = try Data(contentsOf: weights)
      bytes[bytes.count - 2] ^= 1
      try bytes.write(to: weights)
    case "missing": try FileManager.default.removeItem(atPath: fixture.file("neural.json"))
    case "label": name = fixture.name("neurla")
    case "run": name = "\(fixture.folder)/runs/y#neural"
    case "empty": name = "\(fixture.folder)/runs#neural"
    case "name": name = "nothing"
    default: try fixture.changeCard("neural") { Self.change(&$0, mistake) }
    }
    let error = #expect(throws: (any Error).self) { try fixture.read(name) }
    var problems = NuTuneErrors()
    if let error { problems.add(error) }
    let first = try #require(problems.errors.first)
    #expect(first.category == category && first.found.contains(found), "\(first)")
    if mistake == "label" { #expect(first.suggestion == fixture.name("neural")) }
  }

  private static func change(_ card: inout ModelCard, _ mistake: String) {
    switch mistake {
    case "schema": card.schema = "nutune.model/3"
    case "probe":
      // The largest value differs by a thousandth.
      let values = card.origin?.probes[0].values ?? []
      card.origin?.probes[0].values = values.map { $0 == values.max() ? 1.001 * $0 : $0 }
    case "parameter": card.parameters["network.depth"] = .integer(3)
    case "shape": card.parameters["network.hidden"] = .numbers([9])
    case "library": card.origin?.library = PluginLibrary(path: "/lib.so", sha256: "ab")
    default: card.model = "neural-old"
    }
  }
}
