import Foundation
import NuTuneCore
import NuTuneTables

/// Tables of d²σ/(dE_l dcosθ) as the model `tabulated` reads them, and of σ(E_ν).
package enum CrossSectionExport {
  /// Returns the tables of a model, one for each channel; with members also one with the standard deviations of d²σ.
  ///
  /// - Parameter format: `csv` or `hdf5`.
  package static func files(_ model: ExportedModel, _ settings: ExportSettings, format: ExportFormat) throws
    -> [ExportedFile]
  {
    try model.channels.flatMap { species -> [ExportedFile] in
      let energies = try model.served(settings.energies, species)
      let (values, errors) = try tables(model, species, energies, settings)
      let stem = "\(ExportedFile.name(of: model.label))-\(species.rawValue)"
      var files = [file("\(stem)-d2sigma", values, "d²σ of \(species.rawValue), for tabulated", format)]
      if let errors { files.append(file("\(stem)-d2sigma-error", errors, "its posterior standard deviation", format)) }
      guard format == .csv else { return files }
      return files + [
        ExportedFile(
          name: "\(stem)-sigma.csv", note: "σ(E) of \(species.rawValue)",
          content: .text(try totals(model, species, energies, threads: settings.threads)))
      ]
    }
  }

  /// Returns d²σ of a channel, times the scale, and the standard deviations over members; nil without members.
  static func tables(
    _ model: ExportedModel, _ species: NeutrinoSpecies, _ energies: [Double], _ settings: ExportSettings
  ) throws -> (values: CrossSectionTable, errors: CrossSectionTable?) {
    func table(_ source: any CrossSectionModel) throws -> CrossSectionTable {
      guard energies.count * settings.leptons * settings.cosines <= CrossSectionTable.mostPoints else {
        throw NuTuneError(
          .usage, key: "--grid", found: "\(energies.count * settings.leptons * settings.cosines) points",
          expected: "at most \(CrossSectionTable.mostPoints), energies × N × M")
      }
      var table = try CrossSectionTable(
        of: source, reaction: model.reaction(species), energies: energies, leptons: settings.leptons,
        cosines: settings.cosines)
      table.labels.merge(model.statements(species).map { ($0.key, $0.value) }) { $1 }
      let factor = model.scale(species).factor
      if factor != 1 { table.values = table.values.map { $0 * factor } }
      return table
    }
    let values = try table(model.model)
    guard !model.members.isEmpty else { return (values, nil) }
    var errors = values
    errors.labels["quantity"] = "posterior standard deviation of d2sigma"
    errors.values = ExportedModel.deviations(try model.members.map { try table($0).values })
    return (values, errors)
  }

  private static func file(
    _ name: String, _ table: CrossSectionTable, _ note: String, _ format: ExportFormat
  ) -> ExportedFile {
    guard format == .hdf5 else { return ExportedFile(name: "\(name).csv", note: note, content: .text(table.csv)) }
    return ExportedFile(name: "\(name).h5", note: note, content: .written { try table.writeHDF5(to: $0) })
  }

  /// Returns σ(E_ν) as CSV: `energy,sigma` and, with members, `error`.
  private static func totals(
    _ model: ExportedModel, _ species: NeutrinoSpecies, _ energies: [Double], threads: Int
  ) throws -> String {
    let (values, errors) = try model.totals(species, at: energies, threads: threads)
    let header = model.statements(species) + [("unit", "1e-38 cm2/nucleon")]
    return header.map { "# \($0.key): \($0.value)\n" }.joined() + "energy,sigma\(errors == nil ? "" : ",error")\n"
      + energies.indices.map { i in
        "\(energies[i]),\(values[i])\(errors.map { ",\($0[i])" } ?? "")\n"
      }.joined()
  }
}
