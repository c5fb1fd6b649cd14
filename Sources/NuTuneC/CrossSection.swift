import NuTuneCatalog
import NuTuneCore
import NuTuneFolding

/// A cross section that arrays of points can be asked of.
final class CrossSection: Sendable {
  let name: String
  let plugin: String
  let model: any CrossSectionModel

  init(name: String, plugin: String, model: any CrossSectionModel) {
    self.name = name
    self.plugin = plugin
    self.model = model
  }

  /// Makes the plugin or the trained model of a name.
  convenience init(_ name: String, settings: [String], in context: CatalogContext) throws {
    let selection = try PluginSelection.plugin(
      .crossSection, named: name, explicit: try settings.map { try StudyOverride($0) }, registry: context.registry,
      catalog: context.catalog)
    let model: any CrossSectionModel = try selection.make(context.registry)
    guard !(model is any TunableModel) else {
      throw NuTuneError(
        .usage, key: name, found: "a model that has to be trained first",
        expected: "one with a cross section of its own, RUN#LABEL, or one that a study trains")
    }
    self.init(name: name, plugin: selection.name, model: model)
  }

  var description: JSONValue {
    var values: [String: JSONValue] = [
      "name": .text(name), "plugin": .text(plugin),
      "has_structure_functions": .boolean(model is any StructureFunctionModel),
    ]
    values["energy_range"] = model.energyRange.map { .list([.number($0.lowerBound), .number($0.upperBound)]) }
    return .object(values)
  }

  /// d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon, shape [points].
  func values(_ channel: String, _ target: String, at points: KinematicPoints) throws -> [Double] {
    for (index, energy) in points.neutrinoEnergy.enumerated() {
      guard energy.isFinite, energy > 0, points.leptonEnergy[index].isFinite, abs(points.cosTheta[index]) <= 1 else {
        throw NuTuneError(
          .badData, key: "point \(index)",
          found: "E_ν = \(energy) GeV, E_l = \(points.leptonEnergy[index]) GeV, cosθ = \(points.cosTheta[index])",
          expected: "finite energies, E_ν > 0, −1 ≤ cosθ ≤ 1")
      }
    }
    return try model.crossSection(of: try reaction(channel, target), at: points)
  }

  /// σ(E_ν) in 10⁻³⁸ cm² per nucleon, shape [energies].
  func totals(_ channel: String, _ target: String, at energies: UnsafeBufferPointer<Double>) throws -> [Double] {
    let total = try TotalCrossSection(model: model, reaction: try reaction(channel, target))
    return try energies.map { energy in
      guard energy.isFinite, energy > 0 else {
        throw NuTuneError(.badData, key: "energy", found: "\(energy) GeV", expected: "finite energies above 0")
      }
      return try total.value(at: energy)
    }
  }

  /// W₁…W₅ in GeV⁻¹ per nucleon.
  func structureFunctions(_ channel: String, _ target: String, at points: InvariantPoints) throws
    -> StructureFunctions
  {
    guard let model = model as? any StructureFunctionModel else {
      throw NuTuneError(
        .usage, key: name, found: "a model without structure functions", expected: "one whose cross section has them")
    }
    let reaction = try reaction(channel, target)
    for (index, omega) in points.omega.enumerated() {
      guard omega.isFinite, omega > 0, points.q2[index].isFinite, points.q2[index] > 0 else {
        throw NuTuneError(
          .badData, key: "point \(index)", found: "ω = \(omega) GeV, Q² = \(points.q2[index]) GeV²",
          expected: "finite values above 0")
      }
    }
    return try model.structureFunctions(of: reaction, at: points)
  }

  private func reaction(_ channel: String, _ target: String) throws -> Reaction {
    let reaction = Reaction(
      species: try NeutrinoSpecies(named: channel, key: "channel"), target: try Target(named: target, key: "target"))
    try model.check([reaction])
    return reaction
  }
}
