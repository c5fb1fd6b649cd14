import ArgumentParser
import NuTuneCore
import NuTuneImport

/// Options of formats whose tables may hold fluxes or measurements.
struct ImportTableOptions: ParsableArguments {
  @Argument(help: "The tables.", completion: .file())
  var files: [String]

  @Option(name: .customLong("as"), help: "What the tables are: a flux or a measurement.")
  var kind: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What each column is, in turn: low, high, center, offaxis, numu, … or - in a flux; lepton_momentum.low, …, value, "
        + "error, row or - in a measurement. Once for all files or once for each.", valueName: "names"))
  var columns: [String] = []

  @Flag(help: "The files stand beside one another, as bins and values in two: one table with the columns of all.")
  var beside = false

  @OptionGroup var energy: ImportEnergyOption
  @OptionGroup(title: "Flux") var flux: ImportFluxOptions
  @OptionGroup(title: "Measurement") var measurement: ImportMeasurementOptions
  @OptionGroup(title: "Entry") var entry: ImportEntryOptions

  func validate() throws {
    guard columns.count <= 1 || (columns.count == files.count && !beside) else {
      throw ValidationError(
        "--columns: found \(columns.count) lists; expected one"
          + (beside ? " for all files together" : ", or \(files.count), one for each file"))
    }
  }

  /// Imports tables that were read.
  /// - Parameter record: options of the format, for the record of the entry.
  func run(_ tables: [ColumnTable], format: String, record: [(option: String, text: String)] = []) throws {
    var flux = flux.options(columns: columns, energy: energy.energy)
    var measurement = measurement.options(columns: columns, energy: energy.energy)
    let record = record + (beside ? [("beside", "true")] : [])
    (flux.record, measurement.record) = (record, record)
    try ImportSession(entry).run(
      beside ? [try ColumnTable(beside: tables)] : tables, kind: kind, flux: flux, measurement: measurement,
      format: format, files: files)
  }
}
