import Foundation
import GaussianProcessStructureFunctions
import NeuralStructureFunctions
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import TestSupport
import ToyStructureFunctions

/// Models trained in a moment, written into the folder of a run as a run writes them.
struct TrainedFixture {
  let folder: String

  init(in folder: String? = nil) throws {
    self.folder = folder ?? NSTemporaryDirectory() + "nutune-trained-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: "\(self.folder)/runs/x/models", withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The small plugins of the tests, and those that learn.
  static func registry() throws -> Registry {
    var registry = try ConfigurationPlugins.registry()
    try registry.register(NeuralStructureFunctions.self)
    try registry.register(GaussianProcessStructureFunctions.self)
    try registry.register(ToyStructureFunctions.self)
    return registry
  }

  var catalog: Catalog { Catalog(folders: ["\(folder)/catalogs"]) }
  func name(_ label: String) -> String { "\(folder)/runs/x#\(label)" }
  func file(_ name: String) -> String { "\(folder)/runs/x/models/\(name)" }

  static let smallNet: [String: ParameterValue] = [
    "network.hidden": .numbers([8]), "training.steps": .integer(20),
  ]
  static let smallProcess: [String: ParameterValue] = [
    "kernel.length_w2": .number(2), "kernel.length_q2": .number(3),
  ]

  static let smallSum: [String: ParameterValue] = [
    "kernel.amplitude": .numbers([1, 2]), "kernel.length_w2": .numbers([2, 4]), "kernel.length_q2": .numbers([3, 6]),
  ]

  static func selection(_ plugin: any Plugin.Type, _ changes: [String: ParameterValue]) -> PluginSelection {
    PluginSelection(
      label: "trained", kind: .crossSection, name: plugin.descriptor.name,
      parameters: plugin.descriptor.parameters.defaults().setting(changes))
  }

  /// Trains a model and writes it; returns what the training had in memory.
  @discardableResult func train(_ label: String, _ selection: PluginSelection, targets: [String] = ["Ar40"]) throws
    -> any CrossSectionModel
  {
    let small = try SmallNearProblem(events: 1e5)
    let untuned: any TunableModel = try selection.make(Self.registry())
    let result = try untuned.tuned(on: small.problem)
    let energies = 0.3...6.0
    let origin = ModelOrigin(
      experiments: ["A test"], targets: targets, channels: ["numu"], neutrinoEnergies: energies,
      support: [.init(sample: "near", w2: [0.5, 4], q2: [0.02, 3])],
      scale: .init(isAbsolute: false, factors: ["neutrino": .init(value: 2, statisticalError: 0.01)]),
      seeds: ["network": 1], version: "0", build: "0", library: nil, dataDigest: "0", formulas: ["W"],
      probes: [try ModelProbe(of: result.model, small.reaction, within: energies)])
    try write(ModelCard(label, of: selection, result, origin: origin), result, label, selection)
    return result.model
  }

  private func write(_ card: ModelCard, _ result: TuningResult, _ label: String, _ selection: PluginSelection) throws {
    let weights = try SafeTensors.encode(TrainedModel.tensors(result.state.tensors, of: selection))
    try weights.write(to: URL(filePath: file("\(label).safetensors")))
    var card = card
    card.weightsDigest = Digest.sha256(weights)
    try JSONFile.bytes(of: card).write(to: URL(filePath: file("\(label).json")))
  }

  /// Changes the card of a model.
  func changeCard(_ label: String, _ change: (inout ModelCard) -> Void) throws {
    var card = try ModelCard.read(file("\(label).json"))
    change(&card)
    try JSONFile.bytes(of: card).write(to: URL(filePath: file("\(label).json")))
  }

  func read(_ name: String) throws -> any CrossSectionModel {
    let registry = try Self.registry()
    return try PluginSelection.trained(name, registry: registry, catalog: catalog).make(registry)
  }

  static func points() -> KinematicPoints {
    var points = KinematicPoints()
    for energy in [0.6, 1.7, 4.0] {
      for share in [0.3, 0.6, 0.9] {
        points.append(neutrinoEnergy: energy, leptonEnergy: 0.11 + share * (energy - 0.11), cosTheta: 0.5 + 0.5 * share)
      }
    }
    return points
  }

  static func values(_ model: any CrossSectionModel, _ target: String = "Ar40") throws -> [Double] {
    try model.crossSection(of: Reaction(species: .numu, target: try Target(named: target)), at: points())
  }
}
