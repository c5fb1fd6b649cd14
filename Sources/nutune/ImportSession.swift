import BuiltInPlugins
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneImport

/// One import: asks, shows, confirms, writes.
struct ImportSession {
  private let options: ImportEntryOptions
  private let terminal = Terminal()

  init(_ options: ImportEntryOptions) { self.options = options }

  /// Returns an interview with the user, if there is a terminal.
  func interview() -> Interview { Interview(ask: terminal?.ask) }

  /// Returns a Python that reads ROOT files; tells the user when one has to be prepared.
  func python() throws -> PythonWithUproot { try PythonWithUproot.find(say: StandardError.note) }

  /// The catalogs folder to write to: the folder of the option, the nearest in or above the current folder, or a new
  /// one there. The program's own catalogs hold no entries of a user.
  private var folder: String {
    get throws {
      if let catalog = options.catalog {
        guard !catalog.isEmpty else {
          throw NuTuneError(.usage, key: "--catalog", found: "an empty name", expected: "a folder")
        }
        return catalog
      }
      let here = FileManager.default.currentDirectoryPath
      guard let nearest = Catalog.nearest(to: here) else { return "catalogs" }
      return nearest.hasPrefix("\(here)/") ? String(nearest.dropFirst(here.count + 1)) : nearest
    }
  }

  /// The catalogs in reach, first the one to write to.
  private var catalog: Catalog {
    get throws { Catalog(folders: [try folder] + Catalog.find().folders) }
  }

  /// Imports tables as a flux or a measurement, according to `kind`.
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
    let catalog = try catalog
    let measurement = try interpreting {
      try MeasurementImport(tables, measurement, catalog: catalog, &interview)
    }
    let all = files + (measurement?.covarianceFiles ?? [])
    let description = EntryDescription(options.description, format: format, files: all, &interview)
    try interview.finish()
    guard let measurement, var description else { return }
    description.record(interview.answers)
    try finish(try measurement.draft(description, python: python))
  }

  /// Imports files of events as a measurement.
  func runEvents(_ files: [String], _ options: EventImport.Options, format: EventFile.Format) throws {
    var interview = interview()
    let (catalog, registry) = (try catalog, try BuiltInPlugins.registry())
    let events = try interpreting {
      try EventImport(options, format: format, catalog: catalog, registry: registry, &interview)
    }
    let description = EntryDescription(
      self.options.description, format: "events, \(format.rawValue)", files: files, &interview)
    try interview.finish()
    guard let events, var description else { return }
    description.record(interview.answers)
    if let crossSection = options.crossSection { description.record("cross-section", crossSection) }
    description.record("fewest", "\(options.fewest)")
    try finish(try events.draft(files, description, python: python))
  }

  /// Assigns objects of a ROOT file to species: from the options, otherwise from the answer to a list of all; empty if
  /// that stays open, which the interview reports.
  func histograms(
    given: [String], _ interview: inout Interview, contents: () throws -> [String]
  ) throws -> [(species: NeutrinoSpecies, object: String)] {
    let list = given.isEmpty ? try contents().joined(separator: ", ") : ""
    let question = Question(
      "--histogram", "Which objects are fluxes? The file holds \(list)",
      choices: given.isEmpty ? "species=object, of \(list)" : "species=object, numu=numu_flux")
    return interview.answers(question, given: given) { try HistogramChoice.read($0) }?.flatMap { $0 } ?? []
  }

  /// Shows the summary, asks for confirmation, writes.
  private func finish(_ draft: EntryDraft) throws {
    let folder = try folder
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
