import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneImport
import NuTuneStudy

/// One import: asks, shows, confirms, writes.
struct ImportSession {
  private let options: ImportEntryOptions
  private let terminal = Terminal()

  init(_ options: ImportEntryOptions) { self.options = options }

  /// An interview with whoever is there.
  func interview() -> Interview { Interview(ask: terminal?.ask) }

  /// A Python that reads ROOT files; says so when one has to be prepared.
  func python() throws -> PythonWithUproot { try PythonWithUproot.find(say: StandardError.note) }

  /// The catalogs in reach, that to write into first.
  private var catalog: Catalog {
    let found = Catalog.find().folders
    return Catalog(folders: (options.catalog.map { [$0] } ?? []) + found)
  }

  /// Imports tables as what `kind` says.
  func run(
    _ tables: [ColumnTable], kind given: String?, flux: FluxImport.Options, measurement: MeasurementImport.Options,
    format: String, files: [String]
  ) throws {
    var interview = interview()
    let question = Question(
      "--as", "Is it a flux or a measurement?",
      choices: "flux, which needs --columns, --area, --per, --pot and --energy, or measurement, which needs --columns, "
        + "--energy, --channel, --target, --flux, --unit and --covariance")
    let kind = interview.answer(question, given: given) { text in
      guard ["flux", "measurement"].contains(text) else {
        throw NuTuneError(.usage, found: "“\(text)”", expected: "flux or measurement")
      }
      return text
    }
    switch kind {
    case "flux": try runFlux(tables, flux, format: format, files: files, &interview)
    case "measurement": try runMeasurement(tables, measurement, format: format, files: files, &interview)
    default:
      _ = EntryDescription(options.description, format: format, files: files, &interview)
      try interview.finish()
    }
  }

  /// Imports tables as a flux.
  func runFlux(_ tables: [ColumnTable], _ options: FluxImport.Options, format: String, files: [String]) throws {
    var interview = interview()
    try runFlux(tables, options, format: format, files: files, &interview)
  }

  /// Imports tables as a flux, after questions of the format.
  func runFlux(
    _ tables: [ColumnTable], _ flux: FluxImport.Options, format: String, files: [String], _ interview: inout Interview
  ) throws {
    let flux = FluxImport(tables, flux, &interview)
    let description = EntryDescription(options.description, format: format, files: files, &interview)
    try interview.finish()
    guard let flux, var description else { return }
    description.record(interview.answers)
    try finish(try flux.draft(description))
  }

  private func runMeasurement(
    _ tables: [ColumnTable], _ measurement: MeasurementImport.Options, format: String, files: [String],
    _ interview: inout Interview
  ) throws {
    let measurement = try interpreting {
      try MeasurementImport(tables, measurement, catalog: catalog, &interview)
    }
    let all = files + [measurement?.covarianceFile].compactMap { $0 }
    let description = EntryDescription(options.description, format: format, files: all, &interview)
    try interview.finish()
    guard let measurement, var description else { return }
    description.record(interview.answers)
    try finish(try measurement.draft(description, python: python))
  }

  /// Which objects of a ROOT file are which species: what was given, otherwise what is answered to a list of all; none
  /// where that stays open, of which the interview tells.
  func histograms(
    given: [String], _ interview: inout Interview, contents: () throws -> [String]
  ) throws -> [(species: NeutrinoSpecies, object: String)] {
    let list = given.isEmpty ? try contents().joined(separator: ", ") : ""
    let question = Question(
      "--histogram", "Which objects are fluxes? The file holds \(list)",
      choices: given.isEmpty ? "species=object, of \(list)" : "species=object, numu=numu_flux")
    let answer = interview.answer(question, given: given.isEmpty ? nil : given.joined(separator: " ")) { text in
      try text.split(separator: " ").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let species = NeutrinoSpecies(rawValue: parts[0]) else {
          throw NuTuneError(
            .usage, found: "“\(pair)”", expected: "species=object with numu, numubar, nue or nuebar for the species")
        }
        return (species, parts[1])
      }
    }
    return answer ?? []
  }

  /// Shows what was read, asks, writes.
  private func finish(_ draft: EntryDraft) throws {
    let folder = catalog.folders.first ?? "catalogs"
    if !options.force { try draft.refuseExisting(in: folder) }
    try StandardOutput.write(draft.summary)
    for hint in draft.hints { StandardError.warn(hint) }
    let path = draft.path(in: folder)
    if !options.yes {
      guard let terminal else {
        throw NuTuneError(
          .usage, found: "no terminal on which to confirm \(path), so nothing was written",
          expected: "--yes when what was read is right")
      }
      guard terminal.confirms("write \(path)? [y/N] ") else {
        StandardError.note("nothing was written")
        return
      }
    }
    try draft.write(in: folder, registry: try BuiltInPlugins.registry())
    try StandardOutput.write("wrote \(path)\n")
  }
}
