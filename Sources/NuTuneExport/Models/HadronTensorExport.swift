import Foundation
import NuTuneCore
import NuTuneNumerics

/// Hadron tensors of a model in the three ranges of q₀ that GENIE's CRPA reads, for each neutrino sign.
package enum HadronTensorExport {
  /// The ranges of q₀ in GeV: GENIE takes another table below 60 and below 150 MeV.
  private static let bounds = [1e-4, 0.060, 0.150]
  private static let ranges = ["Low", "Medium", "High"]
  /// Energy in GeV at which the error of a table is stated, and the number of points it is taken from.
  private static let statedEnergy = 3.0
  private static let statedPoints = 4000

  /// Returns the tables of a model; the note of each states how well it gives d²σ back.
  package static func files(_ model: ExportedModel, _ settings: ExportSettings) throws -> [ExportedFile] {
    let functions = try model.structureFunctionModel(for: .hadronTensor)
    guard settings.reach > bounds[2] else {
      throw NuTuneError(
        .usage, key: "--reach", found: "\(settings.reach) GeV", expected: "more than \(bounds[2]) GeV of q0")
    }
    let signs = [Helicity.neutrino, .antineutrino].compactMap { sign in
      model.channels.first { $0.helicity == sign }
    }
    let momenta = HadronTensorTable.axis(1e-4, 1.2 * settings.reach, step: settings.spacing)
    return try signs.flatMap { species in
      let tables = try ranges.indices.map { range in
        let isLast = range == ranges.count - 1
        let energies = HadronTensorTable.axis(
          bounds[range], isLast ? settings.reach : bounds[range + 1], step: settings.spacing)
        let statements = model.statements(species).map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        return try HadronTensorTable(
          of: functions, reaction: model.reaction(species), factor: model.scale(species).factor, energies: energies,
          momenta: momenta, type: "QE_CRPA_\(species.helicity == .neutrino ? "" : "anu_")\(ranges[range])",
          comment:
            "inclusive hadron tensor per nucleus in GeV^-1, over |Vud|^2 and with the W propagator; \(statements)",
          threads: settings.threads)
      }
      let error = try error(of: tables, functions, model, species)
      return zip(tables, ranges).map { table, range in
        let sign = species.helicity == .neutrino ? "nu" : "nubar"
        return ExportedFile(
          name: "\(ExportedFile.name(of: model.label))-\(model.target.name)-\(sign)-\(range.lowercased()).dat",
          note: "q0 \(table.energies[0]) to \(table.energies[table.energies.count - 1]) GeV, "
            + String(format: "d²σ at %g GeV to %.2g %% (mean |Δ|, by rate)", statedEnergy, 100 * error),
          content: .text(table.text))
      }
    }
  }

  /// Mean of |Δd²σ| over the mean of d²σ at random points, between the interpolated tables and the model.
  static func error(
    of tables: [HadronTensorTable], _ functions: any StructureFunctionModel, _ model: ExportedModel,
    _ species: NeutrinoSpecies
  ) throws -> Double {
    let stream = try RandomStream(seed: 1, purpose: "export-hadron-tensor")
    var points = KinematicPoints()
    for _ in 0..<statedPoints {
      let backward = stream.uniform()
      points.append(
        neutrinoEnergy: statedEnergy,
        leptonEnergy: stream.uniform(in: species.leptonMass + 1e-3...statedEnergy - 2e-4),
        cosTheta: 1 - 2 * backward * backward * backward)
    }
    let exact = try functions.crossSection(of: model.reaction(species), at: points)
    let factor = model.scale(species).factor
    var (difference, sum) = (0.0, 0.0)
    for point in 0..<points.count {
      let q0 = points.neutrinoEnergy[point] - points.leptonEnergy[point]
      guard
        let value = tables.first(where: { q0 <= $0.energies[$0.energies.count - 1] })?.crossSection(
          of: species, neutrinoEnergy: statedEnergy, leptonEnergy: points.leptonEnergy[point],
          cosTheta: points.cosTheta[point])
      else { continue }
      // Points are dense where cosθ is near one: dcosθ/du ∝ (1 − cosθ)^⅔.
      let weight = pow((1 - points.cosTheta[point]) / 2, 2.0 / 3)
      difference += weight * abs(value - factor * exact[point])
      sum += weight * factor * exact[point]
    }
    return sum > 0 ? difference / sum : 0
  }
}
