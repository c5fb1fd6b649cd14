import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneFolding
import NuTuneNumerics
import NuTuneRuns

/// A model of a run with target, channels, scale and draws from its posterior.
package struct ExportedModel: Sendable {
  /// Label in the study.
  let label: String
  /// Name of the study.
  let run: String
  /// The model.
  package let model: any CrossSectionModel
  /// Draws from its posterior; empty for a model that does not know it, and when none were asked for.
  package let members: [any StructureFunctionModel]
  /// Channels.
  let channels: [NeutrinoSpecies]
  /// The nucleus.
  let target: Target
  /// Scale in each channel.
  package var scales: [NeutrinoSpecies: ExportScale]

  /// Creates a model of a run, with as many members as the settings ask for.
  init(
    _ saved: SavedModel, run: String, channels: [NeutrinoSpecies], target: Target,
    scales: [NeutrinoSpecies: ExportScale], settings: ExportSettings
  ) throws {
    self.init(
      label: saved.label, run: run, model: saved.model,
      members: try Self.draws(of: saved.model, settings.members, seed: settings.seed), channels: channels,
      target: target, scales: scales)
  }

  /// Returns draws from the posterior of a model: weights η̂ + F z with z ~ N(0, 1) from a random stream for each draw;
  /// empty for a model that does not know its posterior.
  package static func draws(
    of model: any CrossSectionModel, _ count: Int, seed: UInt64
  ) throws -> [any StructureFunctionModel] {
    guard let gaussian = model as? any GaussianModel, !gaussian.weightGroups.isEmpty else { return [] }
    return try (0..<count).map { member in
      let stream = try RandomStream(seed: seed, purpose: "export-member", member: member)
      return try gaussian.displaced(
        by: gaussian.weightGroups.map { try $0.factor.multiplied(by: stream.gaussians($0.factor.columns)) })
    }
  }

  /// Creates a model from its parts, for programs.
  package init(
    label: String, run: String, model: any CrossSectionModel, members: [any StructureFunctionModel] = [],
    channels: [NeutrinoSpecies], target: Target, scales: [NeutrinoSpecies: ExportScale] = [:]
  ) {
    (self.label, self.run, self.model, self.members) = (label, run, model, members)
    (self.channels, self.target, self.scales) = (channels, target, scales)
  }

  /// The reaction of a channel.
  func reaction(_ species: NeutrinoSpecies) -> Reaction { Reaction(species: species, target: target) }

  /// The scale in a channel.
  func scale(_ species: NeutrinoSpecies) -> ExportScale { scales[species] ?? .absolute }

  /// The model as one of structure functions; throws for one that is none, such as a table or a flow.
  func structureFunctionModel(for format: ExportFormat) throws -> any StructureFunctionModel {
    guard let functions = model as? any StructureFunctionModel else {
      throw NuTuneError(
        .badData, key: "--format \(format.rawValue)", found: "“\(label)”, a model without structure functions",
        expected: "a model that has some; csv, hdf5 and globes take any")
    }
    return functions
  }

  /// Statements about the model for the header of a file, by key.
  func statements(_ species: NeutrinoSpecies) -> [(key: String, value: String)] {
    [
      ("made by", "NuTune \(NuTuneVersion.current)"), ("run", run), ("model", label), ("channel", species.rawValue),
      ("target", target.name), ("scale", scale(species).sentence),
    ] + (members.isEmpty ? [] : [("members", "\(members.count) draws from the posterior")])
  }

  /// Energies that the model serves and that make the lepton of a channel, out of some in GeV.
  func served(_ energies: [Double], _ species: NeutrinoSpecies) throws -> [Double] {
    let served = energies.filter { $0 > species.leptonMass && model.energyRange?.contains($0) != false }
    guard served.count >= 2 else {
      let range = model.energyRange.map { " and lie within \($0.lowerBound) to \($0.upperBound)" } ?? ""
      throw NuTuneError(
        .usage, key: "--energies", found: "\(served.count) energies that “\(label)” serves for \(species.rawValue)",
        expected: "at least two that are above \(species.leptonMass) GeV\(range)")
    }
    return served
  }

  /// σ in 10⁻³⁸ cm² per nucleon with its posterior error at energies in GeV, shape [energies].
  func totals(
    _ species: NeutrinoSpecies, at energies: [Double], threads: Int
  ) throws -> (values: [Double], errors: [Double]?) {
    let factor = scale(species).factor
    func totals(_ model: any CrossSectionModel) throws -> [Double] {
      let total = try TotalCrossSection(model: model, reaction: reaction(species))
      return try Parallel.map(energies.count, threads: threads) { factor * (try total.value(at: energies[$0])) }
    }
    return (try totals(model), members.isEmpty ? nil : try Self.deviations(members.map(totals)))
  }

  /// Standard deviations over members of values of shape [members][points], shape [points].
  package static func deviations(_ values: [[Double]]) -> [Double] {
    let count = Double(values.count)
    return (values.first ?? []).indices.map { point in
      let mean = values.reduce(0) { $0 + $1[point] } / count
      let squares = values.reduce(0) { $0 + ($1[point] - mean) * ($1[point] - mean) }
      return count > 1 ? (squares / (count - 1)).squareRoot() : 0
    }
  }
}
